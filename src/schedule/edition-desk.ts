import type { Instant } from '../clock.ts';
import type { DeliveryLedger } from '../delivery/index.ts';
import { type Edition, type EditionStore, everybody, type Newsletter } from '../digest/index.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { nextDue } from './cadence.ts';
import { createDueRun } from './due-run.ts';
import {
  createEditionDecisions,
  type DecisionOptions,
  type EditionDecisions,
  type NewIssue,
} from './edition-decisions.ts';
import { createEditionPlanner, type PlannedEdition, type PlannerOptions, type PlanProgress } from './edition-plan.ts';
import { createEditionPreflight, type EditionPreflight, type PreflightOptions } from './edition-preflight.ts';
import { createEditionRelease, type EditionRelease, type ReleaseOptions } from './edition-release.ts';
import { createSeriesBook } from './series-book.ts';

export interface EditionDeskOptions
  extends Omit<PlannerOptions, 'series' | 'ledger'>,
    Omit<ReleaseOptions, 'series' | 'ledger' | 'plan'>,
    Omit<DecisionOptions, 'series' | 'ledger'>,
    Omit<PreflightOptions, 'series' | 'plan'> {
  readonly newsletters: readonly Newsletter[];
  readonly ledger: DeliveryLedger;
  readonly editions: EditionStore;
}

/** Where editions are made: drafts, choices, the freeze. What leaves from here is the ledger's business. */
export interface EditionDesk extends EditionDecisions {
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
  /** What an edition would hold now, and for whom, without keeping anything; null where nothing is new. */
  compose(issue: NewIssue, progress?: PlanProgress): Promise<PlannedEdition | null>;
  /** Looks for what should be mended before it goes out. */
  readonly preflight: EditionPreflight;
}

export function createEditionDesk(options: EditionDeskOptions): EditionDesk {
  const { clock } = options;
  const series = createSeriesBook(options.newsletters);
  const plan = createEditionPlanner({ ...options, series });
  const release = createEditionRelease({ ...options, series, plan });
  return {
    ...createEditionDecisions({ ...options, series }),
    release,
    preflight: createEditionPreflight({ ...options, series, plan }),
    runDue: createDueRun({ ...options, series, release }),
    nextDue: ({ name }, rhythm) => nextDue(series.getSeries(name, rhythm).cadence, clock.now()),
    async compose({ newsletter, rhythm = 'each', dueAt, selection, audience = everybody }, progress = {}) {
      return plan({ newsletter: newsletter.name, rhythm, key: 'preview', dueAt, selection, audience }, progress);
    },
  };
}
