import type { App } from '../../../app.ts';
import type { Approver, Edition } from '../../../digest/index.ts';
import type { ApprovalStatus, PreflightStatus } from '../../../schedule/index.ts';

/** What the page of an edition's preflight and approval needs of the rest. */
export interface ConsolePreflight {
  findEdition(id: string): Promise<Edition | null>;
  /** What is known of an edition, at once; a look is begun where that isn't of the edition as it is now. */
  statusOf(edition: Edition): Promise<PreflightStatus>;
  /** Begins a look at it, also at addresses of other sites where `foreign`. */
  begin(edition: Edition, foreign: boolean): void;
  approvalOf(edition: Edition): Promise<ApprovalStatus>;
  /** Tells one state of an edition from another. */
  fingerprintOf(edition: Edition): Promise<string>;
  /** Why this person can't approve it; null: they can. */
  findObjection(edition: Edition, by: Approver): Promise<string | null>;
  /**
   * Approves an edition as somebody saw it; a held one is let go.
   *
   * @throws AppError `conflict` where it has changed since, or they can't approve it.
   */
  approve(edition: Edition, by: Approver, seen: string): Promise<void>;
  /**
   * Takes an approval back; nothing where there is none that holds.
   *
   * @throws AppError `conflict` where it has begun to go out.
   */
  withdraw(edition: Edition, by: Approver): Promise<void>;
}

export function consolePreflightOf(app: App): ConsolePreflight {
  const { desk, editions } = app;
  return {
    findEdition: (id) => editions.findEdition(id),
    statusOf: (edition) => app.preflightRoom.statusOf(edition),
    begin: (edition, foreign) => app.preflightRoom.begin(edition, foreign),
    approvalOf: (edition) => desk.approval.statusOf(edition),
    fingerprintOf: (edition) => desk.approval.fingerprintOf(edition),
    findObjection: (edition, by) => desk.approval.findObjection(edition, by),
    approve: (edition, by, seen) => desk.approve(edition, by, seen),
    withdraw: (edition, by) => desk.approval.withdraw(edition, by),
  };
}
