import type { Clock } from '../clock.ts';
import type { Story } from '../content/index.ts';
import {
  type Approval,
  type ApprovalStore,
  type Approver,
  type Edition,
  type EditionManifest,
  editionManifest,
  manifestChanges,
  manifestHash,
  templatesHash,
} from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { Site } from '../site.ts';
import type { EditionPlanner } from './edition-plan.ts';
import type { SeriesBook } from './series-book.ts';

export interface ApprovalOptions {
  readonly site: Site;
  readonly series: SeriesBook;
  readonly planner: Pick<EditionPlanner, 'select'>;
  readonly templatesDir: string;
  readonly approvals: ApprovalStore;
  readonly clock: Clock;
}

/** Whether an edition may go out, as far as that takes somebody's approval. */
export type ApprovalStatus =
  /** Its newsletter asks for none. */
  | { readonly kind: 'not_needed' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'approved'; readonly approval: Approval }
  /** What was approved has changed since; `approval.why` says what. */
  | { readonly kind: 'void'; readonly approval: Approval };

/** Approval of editions, bound to everything that decides what readers get and who they are. Cheap: nothing is rendered. */
export interface EditionApproval {
  /** Looks at the edition as it is now; an approval of something else is void from then on. */
  statusOf(edition: Edition): Promise<ApprovalStatus>;
  /** The same for an edition of these very stories, with templates of this hash. */
  statusWith(edition: Edition, stories: readonly Story[], templates: string): Promise<ApprovalStatus>;
  /** Tells one state of an edition from another: what somebody saw, and what is looked at. */
  fingerprintOf(edition: Edition): Promise<string>;
  /** Why this person can't approve it; null: they can. */
  findObjection(edition: Edition, by: Approver): Promise<string | null>;
  /**
   * Approves the edition as it is now.
   *
   * @param seen `fingerprintOf` what they looked at; null: whatever it is.
   * @throws AppError `conflict` where it has changed since, or they can't approve it.
   */
  approve(edition: Edition, by: Approver, seen: string | null): Promise<Approval>;
  /**
   * Takes an approval back, also of an edition that is just being composed or frozen; nothing where there is none that holds.
   *
   * @throws AppError `conflict` where it has begun to go out.
   */
  withdraw(edition: Edition, by: Approver): Promise<void>;
  templatesHash(): Promise<string>;
}

export function createEditionApproval(options: ApprovalOptions): EditionApproval {
  const { site, series, planner, approvals, clock } = options;

  function manifestOf(edition: Edition, stories: readonly Story[], templates: string): EditionManifest {
    return editionManifest({ site, newsletter: series.getNewsletter(edition.newsletter), edition, stories, templates });
  }

  async function manifestNow(edition: Edition): Promise<EditionManifest> {
    const { chosen } = await planner.select(edition);
    return manifestOf(
      edition,
      chosen.map(({ story }) => story),
      await templatesHash(options.templatesDir),
    );
  }

  async function statusFor(
    edition: Edition,
    manifest: () => EditionManifest | Promise<EditionManifest>,
  ): Promise<ApprovalStatus> {
    if (edition.trigger === 'sample' || edition.frozenAt !== null) return { kind: 'not_needed' };
    if (series.getNewsletter(edition.newsletter).approval === 'none') return { kind: 'not_needed' };
    const approval = await approvals.findApproval(edition.id);
    if (approval === null) return { kind: 'missing' };
    if (approval.voidedAt !== null) return { kind: 'void', approval };
    const now = await manifest();
    if (manifestHash(now) === manifestHash(approval.manifest)) return { kind: 'approved', approval };
    await approvals.voidApproval(approval.id, manifestChanges(approval.manifest, now), clock.now());
    // Somebody may have approved it anew meanwhile.
    return statusFor(edition, manifest);
  }

  async function findObjection(edition: Edition, by: Approver): Promise<string | null> {
    if (edition.frozenAt !== null || series.getNewsletter(edition.newsletter).approval !== 'other') return null;
    const last = await approvals.findLastEditor(edition.id);
    return isSame(last ?? edition.openedBy, by)
      ? 'You did something to it last, and this newsletter takes somebody else’s approval.'
      : null;
  }

  return {
    statusOf: (edition) => statusFor(edition, () => manifestNow(edition)),
    statusWith: (edition, stories, templates) => statusFor(edition, () => manifestOf(edition, stories, templates)),
    fingerprintOf: async (edition) => manifestHash(await manifestNow(edition)),
    findObjection,
    async approve(edition, by, seen) {
      const objection = await findObjection(edition, by);
      if (objection !== null) throw new AppError('conflict', objection);
      const manifest = await manifestNow(edition);
      if (seen !== null && seen !== manifestHash(manifest)) {
        throw new AppError('conflict', 'It has changed since you opened this page. Look at it again first.');
      }
      return approvals.addApproval({ editionId: edition.id, manifest, by, at: clock.now() });
    },
    async withdraw(edition, by) {
      const approval = await approvals.findApproval(edition.id);
      if (approval === null || approval.voidedAt !== null) return;
      if (await approvals.withdrawApproval(edition.id, `${by.name} took it back`, clock.now())) return;
      throw new AppError('conflict', 'It has begun to go out: pause it, or call off the rest.');
    },
    templatesHash: () => templatesHash(options.templatesDir),
  };
}

/** Names change, numbers don't; who runs a command has only a name. */
function isSame(one: Approver | null, other: Approver): boolean {
  return one !== null && one.id === other.id && (one.id !== null || one.name === other.name);
}
