import type { Instant } from '../clock.ts';
import type { Approver } from './approver.ts';
import type { EditionManifest } from './edition-manifest.ts';

export interface NewApproval {
  readonly editionId: string;
  /** What was approved. */
  readonly manifest: EditionManifest;
  readonly by: Approver;
  readonly at: Instant;
}

export interface Approval extends NewApproval {
  readonly id: number;
  /** When it was seen that something had changed; null: it holds, as far as anybody has looked. */
  readonly voidedAt: Instant | null;
  /** What had changed, as `manifestChanges` says it. */
  readonly why: readonly string[];
}

export interface ApprovalStore {
  /** An earlier one of the edition counts no more. */
  addApproval(approval: NewApproval): Promise<Approval>;
  /** The newest, also where it was voided. */
  findApproval(editionId: string): Promise<Approval | null>;
  /** False where it was voided already, or isn't the newest. */
  voidApproval(id: number, why: readonly string[], at: Instant): Promise<boolean>;
  /**
   * Voids the one that holds, and stops whoever is composing or freezing the edition. False where it has begun to go out:
   * then nothing is done.
   */
  withdrawApproval(editionId: string, why: string, at: Instant): Promise<boolean>;
  /** Who did something to an edition last, besides looking at it and deciding whether it goes; null: nobody. */
  findLastEditor(editionId: string): Promise<Approver | null>;
}
