import { type Instant, toMs } from '../clock.ts';
import type { Edition, Newsletter } from '../digest/index.ts';
import type { NoticeEvent } from '../operators/index.ts';
import { type Cadence, previousDue } from './cadence.ts';

export interface Workplace {
  /** When the ledger's heart beat last, or the process that asks began to look: the later of the two. */
  readonly lastBeatAt: Instant;
  readonly newsletters: readonly { readonly newsletter: Newsletter; readonly cadence: Cadence }[];
  /** Those that are `approved` or `sending`. */
  readonly open: readonly Edition[];
}

/** A restart or a pass of cron takes less. */
const absentMs = 15 * 60_000;

/** Says that nobody sends what is due; null: somebody was there lately, or nothing is due. */
export function findAbsence({ lastBeatAt, newsletters, open }: Workplace, now: Instant): NoticeEvent | null {
  if (toMs(now) - toMs(lastBeatAt) < absentMs) return null;
  const waiting = open.find(({ state, dueAt }) => state === 'sending' || dueAt <= now)?.id;
  const missed = newsletters.find(({ cadence }) => previousDue(cadence, now) > lastBeatAt)?.newsletter.name;
  const due = waiting ?? missed;
  if (due === undefined) return null;
  return {
    kind: 'no_worker',
    editionId: waiting ?? null,
    sentence: `No worker has run since ${lastBeatAt}, and ${due} is due.`,
    whatToDo: 'Start silkpost worker, or silkpost start; its log says why it ended.',
  };
}
