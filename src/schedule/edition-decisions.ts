import { type Clock, type Instant, plusMs } from '../clock.ts';
import type { DeliveryLedger } from '../delivery/index.ts';
import {
  type Approver,
  type Edition,
  type EditionAudience,
  type EditionCounts,
  type EditionSelection,
  type EditionStore,
  type EditionTrigger,
  type Newsletter,
  timeOfKey,
  whatToDoAboutHold,
  whyHeld,
} from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { nextDue } from './cadence.ts';
import type { DraftArrangement } from './draft-arrangement.ts';
import type { EditionApproval } from './edition-approval.ts';
import type { RestoreGuard } from './restore-guard.ts';
import type { SeriesBook } from './series-book.ts';
import type { SuspicionReason } from './suspicion.ts';

export interface DecisionOptions {
  readonly series: SeriesBook;
  readonly editions: EditionStore;
  readonly ledger: Pick<DeliveryLedger, 'resumeEdition' | 'cancelEdition'>;
  readonly guard: RestoreGuard;
  readonly approval: Pick<EditionApproval, 'statusOf' | 'approve'>;
  readonly arrangementFor: DraftArrangement;
  readonly clock: Clock;
}

export interface NewIssue {
  readonly newsletter: Newsletter;
  /** For its readers of this rhythm; default: for those who get each edition. */
  readonly rhythm?: Rhythm;
  readonly dueAt: Instant;
  readonly trigger: EditionTrigger;
  readonly selection: EditionSelection;
  /** Default: everybody. */
  readonly audience?: EditionAudience;
  /** Of the form that asks for it: asked again it is the same edition. Default: none. */
  readonly requestToken?: string;
  /** Who asks for it; default: nobody. */
  readonly openedBy?: Approver;
  /** Who asks for it and may approve it: where anybody's approval will do, that is theirs. Default: nobody. */
  readonly approvedBy?: Approver;
}

/** How long an edition that was asked for in the console waits, so that it can be taken back. */
export const undoMs = 60_000;

/** What a person decides about an edition. */
export interface EditionDecisions {
  /**
   * Opens an approved edition by hand; it is sent by `release` or, at its time, by `runDue`. A draft of the schedule stays
   * beside it.
   *
   * @throws AppError `conflict` where another one is pending, or the newsletter has its own edition before that time.
   */
  open(issue: NewIssue): Promise<Edition>;
  /**
   * Lets a held edition go: one that was frozen goes on, another is composed and sent by the next `runDue`. Where its
   * newsletter asks for approval, that is given by it, and a draft stays one until its time.
   *
   * @param seen what they looked at, as `EditionApproval.fingerprintOf` says it; default: whatever it is.
   * @throws AppError `conflict` where the ledger turns out to be doubtful, so that it is held for another reason now; where
   * it has changed since they looked, or they can't approve it.
   */
  approve(edition: Edition, by: Approver, seen?: string | null): Promise<void>;
  /**
   * Lets a paused edition go on.
   *
   * @throws AppError `conflict` where it isn't paused, or the ledger turns out to be doubtful.
   */
  resume(edition: Edition): Promise<EditionCounts>;
  /**
   * Sends a draft before its time, once it could have been taken back for a minute.
   *
   * @throws AppError `conflict` where it is no draft any more, goes out within that minute by itself, isn't approved as its
   * newsletter asks, another edition is pending, or the ledger turns out to be doubtful.
   */
  sendEarly(edition: Edition, by: Approver): Promise<Edition>;
  /**
   * Takes an edition back of which nothing has begun; one of the schedule is a draft again until its own time. Returns
   * what it is then.
   *
   * @throws AppError `conflict` where it is too late.
   */
  undo(edition: Edition): Promise<'draft' | 'cancelled'>;
  /** Looks whether the ledger can be trusted about a newsletter's readers; why not, or null. */
  findDoubt(edition: Edition): Promise<SuspicionReason | null>;
  /** What was found when it was looked last; changes nothing. */
  findKnownDoubt(edition: Edition): Promise<SuspicionReason | null>;
  /** Leaves out an edition that hasn't gone out; held as `restored`, it counts as gone out before. */
  skip(edition: Edition): Promise<Edition>;
}

export function createEditionDecisions(options: DecisionOptions): EditionDecisions {
  const { series, editions, ledger, guard, approval, arrangementFor, clock } = options;

  /** What the ledger holds back is held first: a person decides on what they have seen, not on what it turns out to be. */
  async function lookBefore({ id, state, reason }: Edition): Promise<void> {
    await guard.look('pass');
    const found = await editions.findEdition(id);
    if (found?.state === 'held' && (state !== 'held' || found.reason !== reason)) throw heldConflict(found);
  }

  return {
    async open(issue) {
      await guard.look('pass');
      const { newsletter, rhythm = 'each' } = issue;
      // Names the rhythms that there are, where it is none.
      const { cadence } = series.getSeries(newsletter.name, rhythm);
      const now = clock.now();
      const next = nextDue(cadence, now);
      if (issue.dueAt > plusMs(now, undoMs) && issue.dueAt >= next) {
        // One pending edition a newsletter: this one would keep the scheduled ones from coming about.
        throw new AppError('conflict', `${newsletter.name} has its own edition at ${next}. Choose a time before it.`);
      }
      const edition = await editions.createEdition({
        newsletter: newsletter.name,
        rhythm,
        dueAt: issue.dueAt,
        trigger: issue.trigger,
        selection: issue.selection,
        ...(issue.audience ? { audience: issue.audience } : {}),
        ...(issue.requestToken === undefined ? {} : { requestToken: issue.requestToken }),
        ...(issue.openedBy === undefined ? {} : { openedBy: issue.openedBy }),
        arrangement: await arrangementFor({ newsletter: newsletter.name, rhythm, selection: issue.selection }),
        state: 'approved',
        reason: null,
        now,
        key: 'another',
      });
      if (edition === null) throw new AppError('internal', `No key was free for an edition of ${newsletter.name}.`);
      // Asked again, it is the same edition, and may have changed since.
      if (issue.approvedBy && newsletter.approval === 'any' && (await approval.statusOf(edition)).kind === 'missing') {
        await approval.approve(edition, issue.approvedBy, null);
      }
      return edition;
    },
    async approve(edition, by, seen = null) {
      const { id, frozenAt } = edition;
      await lookBefore(edition);
      if (frozenAt !== null) {
        await ledger.resumeEdition(id, clock.now());
        return;
      }
      const { kind } = await approval.statusOf(edition);
      if (kind !== 'not_needed') {
        await approval.approve(edition, by, seen);
        if (edition.state !== 'held') return;
      }
      await editions.moveEdition(id, 'approved', { reason: 'operator', now: clock.now() });
      await guard.clearMark(series.nameOf(edition));
    },
    async resume(edition) {
      await lookBefore(edition);
      if (edition.state === 'held') throw heldConflict(edition);
      return ledger.resumeEdition(edition.id, clock.now());
    },
    async sendEarly(edition, by) {
      await lookBefore(edition);
      const dueAt = plusMs(clock.now(), undoMs);
      // Taken back after its own time it would go to nobody.
      if (edition.dueAt <= dueAt) throw new AppError('conflict', 'Its own time is within a minute: it goes out then.');
      const { kind } = await approval.statusOf(edition);
      if (kind !== 'approved' && kind !== 'not_needed') {
        throw new AppError('conflict', 'It has to be approved first, as it is now: see Preflight.');
      }
      return editions.advanceDraft(edition.id, { dueAt, openedBy: by });
    },
    async undo({ id, key, trigger }) {
      const own = timeOfKey(key);
      if (trigger === 'schedule' && own > clock.now()) {
        await editions.returnToDraft(id, own);
        return 'draft';
      }
      await ledger.cancelEdition(id, clock.now(), ['approved']);
      return 'cancelled';
    },
    findKnownDoubt: (edition) => guard.findMark(series.nameOf(edition)),
    async findDoubt(edition) {
      await guard.look('pass');
      return guard.findMark(series.nameOf(edition));
    },
    async skip({ id, newsletter, rhythm, reason, dueAt, frozenAt }) {
      if (frozenAt !== null) {
        throw new AppError('conflict', `${id} has begun to go out. silkpost editions cancel ${id} gives the rest up.`);
      }
      // What went out before, though this ledger doesn't know it, has had its stories.
      const cutoff = reason === 'restored' ? dueAt : null;
      const skipped = await editions.skipEdition(id, { reason: 'operator', cutoff, now: clock.now() });
      await guard.clearMark(series.nameOf({ newsletter, rhythm }));
      return skipped;
    },
  };
}

function heldConflict(edition: Edition): AppError {
  return new AppError('conflict', `${edition.id} is held: ${whyHeld(edition)}. ${whatToDoAboutHold(edition)}`);
}
