import type { Clock, Instant } from '../clock.ts';
import { byNews, type Edition, type EditionStore, timeOfKey } from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { DeskTransport } from './desk-transport.ts';
import { dueJobs, type Job } from './due-jobs.ts';
import type { EditionRelease } from './edition-release.ts';
import type { RestoreGuard } from './restore-guard.ts';
import { type Series, seriesName } from './rhythm.ts';
import type { SeriesBook } from './series-book.ts';

export interface DueRunOptions {
  readonly series: SeriesBook;
  readonly transport: DeskTransport;
  readonly release: EditionRelease;
  readonly editions: EditionStore;
  readonly guard: RestoreGuard;
  readonly clock: Clock;
  readonly log: Log;
}

/** Does what is due for every newsletter; returns the editions that it touched. Safe to run twice at once. */
export function createDueRun(options: DueRunOptions): () => Promise<Edition[]> {
  const { series: book, transport, release, editions, guard, clock, log } = options;

  /** Every newsletter's own editions, and those of rhythms that some reader has; the others begin anew when one has. */
  async function liveSeries(now: Instant): Promise<readonly Series[]> {
    const live: Series[] = [];
    for (const newsletter of book.newsletters) {
      const [own, ...coarser] = book.all.filter((series) => series.newsletter === newsletter);
      const rhythms = coarser.map(({ rhythm }) => rhythm);
      const wanted = await editions.listRhythms(newsletter.name, rhythms, now);
      await editions.forgetSeen(coarser.filter(({ rhythm }) => !wanted.includes(rhythm)).map(seriesName));
      if (own) live.push(own, ...coarser.filter(({ rhythm }) => wanted.includes(rhythm)));
    }
    return live;
  }

  async function jobsOf(series: Series, since: Instant | undefined): Promise<Job[]> {
    const { newsletter, rhythm, cadence } = series;
    const now = clock.now();
    const latest = await editions.listEditions({ newsletter: newsletter.name, rhythm, limit: 50 });
    return dueJobs(
      {
        newsletter,
        cadence,
        since: since ?? now,
        pending: await editions.findPending(newsletter.name, rhythm),
        draft: await editions.findDraft(newsletter.name, rhythm),
        mark: await guard.findMark(seriesName(series)),
        // By its key: a draft may have been sent before its time.
        knownTimes: new Set(latest.filter(({ trigger }) => trigger === 'schedule').map(({ key }) => timeOfKey(key))),
      },
      now,
    );
  }

  async function perform(series: Series, job: Job): Promise<Edition | null> {
    const now = clock.now();
    if (job.kind === 'supersede') {
      return editions.moveEdition(job.edition.id, 'cancelled', { reason: 'superseded', now, seen: job.edition });
    }
    const existing = 'edition' in job ? job.edition : null;
    const state = job.kind === 'draft' ? 'draft' : job.kind === 'hold' ? 'held' : 'approved';
    const reason = job.kind === 'hold' ? job.reason : null;
    const edition =
      existing === null
        ? await editions.createEdition({
            newsletter: job.newsletter.name,
            rhythm: series.rhythm,
            dueAt: job.dueAt,
            trigger: 'schedule',
            selection: byNews,
            state,
            reason,
            now,
            key: 'once',
          })
        : existing.state === state
          ? existing
          : await editions.moveEdition(existing.id, state, { reason, now, seen: existing });
    // Null: another process made it first, and does the rest.
    if (edition === null || job.kind !== 'send') return edition;
    return release(edition);
  }

  return async () => {
    await guard.look('pass');
    const touched: Edition[] = [];
    const now = clock.now();
    const due = await liveSeries(now);
    const seen = await editions.seeNewsletters(due.map(seriesName), transport.name, now);
    for (const series of due) {
      for (const job of await jobsOf(series, seen.get(seriesName(series)))) {
        const edition = await perform(series, job).catch((error: unknown) => {
          if (error instanceof AppError && error.code === 'conflict') return null; // another process was faster
          log.error('problem', { newsletter: seriesName(series), message: sentenceOf(error) });
          return null;
        });
        if (edition === null) continue;
        touched.push(edition);
        log.info('edition', { id: edition.id, state: edition.state, reason: edition.reason });
      }
    }
    return touched;
  };
}
