import type { Instant } from '../clock.ts';
import type { DeliveryLedger } from '../delivery/index.ts';
import { byNews, type Edition, type EditionStore, everybody, type Newsletter, unarranged } from '../digest/index.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { nextDue } from './cadence.ts';
import { createDraftArrangement, type DraftArrangement } from './draft-arrangement.ts';
import { createDueRun } from './due-run.ts';
import { type ApprovalOptions, createEditionApproval, type EditionApproval } from './edition-approval.ts';
import { createEditionArranging, type EditionArranging } from './edition-arranging.ts';
import {
  createEditionDecisions,
  type DecisionOptions,
  type EditionDecisions,
  type NewIssue,
} from './edition-decisions.ts';
import {
  createEditionPlanner,
  type EditionBrief,
  type EditionPlanner,
  type PlannedEdition,
  type PlannerOptions,
  type PlanProgress,
} from './edition-plan.ts';
import { createEditionPreflight, type EditionPreflight, type PreflightOptions } from './edition-preflight.ts';
import { createEditionProofs, type EditionProofs } from './edition-proofs.ts';
import { createEditionReaders, type EditionReaders } from './edition-readers.ts';
import { createEditionRelease, type EditionRelease, type ReleaseOptions } from './edition-release.ts';
import { createSeriesBook } from './series-book.ts';

export interface EditionDeskOptions
  extends Omit<PlannerOptions, 'series' | 'ledger'>,
    Omit<ReleaseOptions, 'series' | 'ledger' | 'planner' | 'approval' | 'preflight'>,
    Omit<DecisionOptions, 'series' | 'ledger' | 'approval' | 'arrangementFor'>,
    Omit<ApprovalOptions, 'series' | 'planner'>,
    Omit<PreflightOptions, 'series' | 'planner'> {
  readonly newsletters: readonly Newsletter[];
  readonly ledger: DeliveryLedger;
  readonly editions: EditionStore;
}

/** Where editions are made: drafts, choices, the freeze. What leaves from here is the ledger's business. */
export interface EditionDesk extends EditionDecisions, EditionPlanner {
  readonly arrange: EditionArranging;
  /** How an edition by hand is arranged. */
  readonly arrangementFor: DraftArrangement;
  readonly proof: EditionProofs;
  /** Who would get editions that aren’t frozen yet. */
  readonly readers: EditionReaders;
  /** Does what is due for every newsletter; returns the editions that it touched. Safe to run twice at once. */
  runDue(): Promise<Edition[]>;
  /** Composes and freezes an approved edition: from then on workers send it. Skipped where nothing is new. */
  readonly release: EditionRelease;
  /**
   * When the next edition on schedule for readers of a rhythm is due.
   *
   * @throws AppError `invalid` where the newsletter doesn't come more often than that.
   */
  nextDue(newsletter: Newsletter, rhythm: Rhythm): Instant;
  /** What the next edition on schedule is made by: its draft where there is one, with what operators arranged. */
  nextBrief(newsletter: Newsletter, rhythm: Rhythm): Promise<EditionBrief>;
  /** What an edition would hold now, and for whom, without keeping anything; null where nothing is new. */
  compose(issue: NewIssue, progress?: PlanProgress): Promise<PlannedEdition | null>;
  /** Looks for what should be mended before it goes out. */
  readonly preflight: EditionPreflight;
  /** Who approved what. */
  readonly approval: EditionApproval;
}

export function createEditionDesk(options: EditionDeskOptions): EditionDesk {
  const { clock } = options;
  const series = createSeriesBook(options.newsletters);
  const arrangementFor = createDraftArrangement(options.editions);
  const planner = createEditionPlanner({ ...options, series });
  const preflight = createEditionPreflight({ ...options, series, planner });
  const approval = createEditionApproval({ ...options, series, planner });
  const release = createEditionRelease({ ...options, series, planner, approval, preflight });
  return {
    ...createEditionDecisions({ ...options, series, approval, arrangementFor }),
    arrangementFor,
    ...planner,
    arrange: createEditionArranging({ ...options, planner }),
    proof: createEditionProofs({ ...options, series, planner }),
    readers: createEditionReaders({ ...options, planner }),
    release,
    preflight,
    approval,
    runDue: createDueRun({ ...options, series, release }),
    nextDue: ({ name }, rhythm) => nextDue(series.getSeries(name, rhythm).cadence, clock.now()),
    async nextBrief({ name: newsletter }, rhythm) {
      const draft = await options.editions.findDraft(newsletter, rhythm);
      if (draft !== null) return draft;
      const pending = await options.editions.findPending(newsletter, rhythm);
      if (pending?.frozenAt === null && pending.trigger === 'schedule') return pending;
      const dueAt = nextDue(series.getSeries(newsletter, rhythm).cadence, clock.now());
      return {
        newsletter,
        rhythm,
        key: 'preview',
        dueAt,
        selection: byNews,
        audience: everybody,
        arrangement: unarranged,
      };
    },
    async compose(issue, progress = {}) {
      const { newsletter, rhythm = 'each', dueAt, selection, audience = everybody } = issue;
      const about = { newsletter: newsletter.name, rhythm, key: 'preview', dueAt, selection, audience };
      const brief = { ...about, arrangement: await arrangementFor(about) };
      return planner.plan(brief, progress);
    },
  };
}
