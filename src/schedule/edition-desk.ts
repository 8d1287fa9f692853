import { type Clock, type Instant, plusMs } from '../clock.ts';
import type { LiveCatalog, PublishedCatalog } from '../content/index.ts';
import {
  type DeliveryLedger,
  type FreezeInput,
  freezeInput,
  frozenStory,
  type ReaderGroup,
} from '../delivery/index.ts';
import {
  type ComposedEdition,
  composeEdition,
  type Edition,
  type EditionCounts,
  type EditionSelection,
  type EditionStore,
  type EditionTrigger,
  type Newsletter,
  whatToDoAboutHold,
  whyHeld,
} from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { ResizedPictures } from '../feeds/index.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { nextDue, previousDue } from './cadence.ts';
import { dueJobs, type Job } from './due-jobs.ts';
import type { RestoreGuard } from './restore-guard.ts';
import { type Series, seriesName, seriesOf } from './rhythm.ts';
import type { SuspicionReason } from './suspicion.ts';

/** The part of the configuration that decides how an edition may leave. */
export interface DeskTransport {
  /** What editions are frozen to. */
  readonly name: string;
  /** Whether mail stays on this machine: the outbox, or a relay on loopback. */
  readonly local: boolean;
}

export interface EditionDeskOptions {
  readonly site: Site;
  readonly newsletters: readonly Newsletter[];
  readonly transport: DeskTransport;
  readonly templatesDir: string;
  readonly published: () => PublishedCatalog;
  readonly withBodies: LiveCatalog['withBodies'];
  /** Where mail finds smaller pictures; default: none. */
  readonly sizes?: Pick<ResizedPictures, 'find' | 'loaded'>;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
  readonly guard: RestoreGuard;
  readonly clock: Clock;
  readonly log: Log;
}

export interface NewIssue {
  readonly newsletter: Newsletter;
  /** For its readers of this rhythm; default: for those who get each edition. */
  readonly rhythm?: Rhythm;
  readonly dueAt: Instant;
  readonly trigger: EditionTrigger;
  readonly selection: EditionSelection;
}

export interface DeskProgress {
  readonly onLanguage?: (lang: string) => void;
  readonly onFrozen?: (readers: number) => void;
}

/** Where editions are made: drafts, choices, the freeze. What leaves from here is the ledger's business. */
export interface EditionDesk {
  /** Does what is due for every newsletter; returns the editions that it touched. Safe to run twice at once. */
  runDue(): Promise<Edition[]>;
  /** Opens an approved edition by hand; it is sent by `release` or, at its time, by `runDue`. */
  open(issue: NewIssue): Promise<Edition>;
  /** Composes and freezes an approved edition: from then on workers send it. Skipped where nothing is new. */
  release(edition: Edition, progress?: DeskProgress): Promise<Edition>;
  /**
   * Lets a held edition go: one that was frozen goes on, another is composed and sent by the next `runDue`.
   *
   * @throws AppError `conflict` where the ledger turns out to be doubtful, so that it is held for another reason now.
   */
  approve(edition: Edition): Promise<void>;
  /**
   * Lets a paused edition go on.
   *
   * @throws AppError `conflict` where it isn't paused, or the ledger turns out to be doubtful.
   */
  resume(edition: Edition): Promise<EditionCounts>;
  /** Looks whether the ledger can be trusted about a newsletter's readers; why not, or null. */
  findDoubt(edition: Edition): Promise<SuspicionReason | null>;
  /** Leaves out an edition that hasn't gone out; held as `restored`, it counts as gone out before. */
  skip(edition: Edition): Promise<Edition>;
  /**
   * When the next edition on schedule for readers of a rhythm is due.
   *
   * @throws AppError `invalid` where the newsletter doesn't come more often than that.
   */
  nextDue(newsletter: Newsletter, rhythm: Rhythm): Instant;
  /** What an edition would hold now, and for whom, without keeping anything; null where nothing is new. */
  compose(issue: NewIssue, progress?: DeskProgress): Promise<PlannedEdition | null>;
}

/** What an edition holds, and its readers. */
export interface PlannedEdition extends ComposedEdition {
  readonly rhythms: readonly Rhythm[];
  readonly groups: readonly ReaderGroup[];
}

const byNews: EditionSelection = { since: null, slugs: null };

export function createEditionDesk(options: EditionDeskOptions): EditionDesk {
  const { site, newsletters, transport, editions, ledger, guard, clock, log } = options;

  const allSeries = newsletters.flatMap(seriesOf);

  function getNewsletter(name: string): Newsletter {
    const found = newsletters.find((newsletter) => newsletter.name === name);
    if (found) return found;
    throw new AppError('not_found', `There is no newsletter ${name} in silkpost.yaml.`);
  }

  function getSeries(name: string, rhythm: Rhythm): Series {
    const all = allSeries.filter(({ newsletter }) => newsletter.name === getNewsletter(name).name);
    const found = all.find((series) => series.rhythm === rhythm);
    if (found) return found;
    const others = all.map((series) => series.rhythm).join(', ');
    throw new AppError('invalid', `${name} has no editions of the rhythm ${rhythm}, only: ${others}.`);
  }

  /** What a mark of the guard is on. */
  function markOf({ newsletter, rhythm }: Pick<Edition, 'newsletter' | 'rhythm'>): string {
    return seriesName({ newsletter: getNewsletter(newsletter), rhythm });
  }

  /** Every newsletter's own editions, and those of rhythms that some reader has; the others begin anew when one has. */
  async function liveSeries(now: Instant): Promise<readonly Series[]> {
    const live: Series[] = [];
    for (const newsletter of newsletters) {
      const [own, ...coarser] = allSeries.filter((series) => series.newsletter === newsletter);
      const rhythms = coarser.map(({ rhythm }) => rhythm);
      const wanted = await editions.listRhythms(newsletter.name, rhythms, now);
      await editions.forgetSeen(coarser.filter(({ rhythm }) => !wanted.includes(rhythm)).map(seriesName));
      if (own) live.push(own, ...coarser.filter(({ rhythm }) => wanted.includes(rhythm)));
    }
    return live;
  }

  async function composed(
    edition: Pick<Edition, 'newsletter' | 'rhythm' | 'key' | 'dueAt' | 'selection'>,
    progress: DeskProgress,
  ): Promise<PlannedEdition | null> {
    await options.sizes?.loaded();
    const series = getSeries(edition.newsletter, edition.rhythm);
    const { newsletter, cadence, rhythms } = series;
    const audience = { newsletter: newsletter.name, rhythms, now: clock.now() };
    const groups = await ledger.listAudience({ ...audience, past: [] });
    const content = await composeEdition({
      site,
      newsletter,
      edition,
      periodStart: cadence.period === null ? null : previousDue(cadence, plusMs(edition.dueAt, -1)),
      languageOrders: groups.map(({ choice }) => choice.languages),
      published: options.published(),
      withBodies: options.withBodies,
      editions,
      templatesDir: options.templatesDir,
      now: audience.now,
      ...(options.sizes ? { sizes: options.sizes } : {}),
      ...(progress.onLanguage ? { onLanguage: progress.onLanguage } : {}),
    });
    if (content === null) return null;
    const past = edition.selection.again ? [] : await ledger.listPast(content.stories.map(frozenStory), audience.now);
    // Almost always nobody has had any of it.
    return {
      ...content,
      rhythms,
      groups: past.length === 0 ? groups : await ledger.listAudience({ ...audience, past }),
    };
  }

  /** Another process, or this one's schedule, may be releasing the same edition: then what it made of it counts. */
  async function release(edition: Edition, progress: DeskProgress = {}): Promise<Edition> {
    try {
      return await composeAndFreeze(edition, progress);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      const meanwhile = await editions.findEdition(edition.id);
      if (meanwhile === null || meanwhile.state === 'approved') throw error;
      return meanwhile;
    }
  }

  async function composeAndFreeze(edition: Edition, progress: DeskProgress): Promise<Edition> {
    const newsletter = getNewsletter(edition.newsletter);
    const now = clock.now();
    if (!transport.local && !site.url.startsWith('https://')) {
      return editions.moveEdition(edition.id, 'held', { reason: 'insecure_url', now });
    }
    let input: FreezeInput | null;
    try {
      const content = await composed(edition, progress);
      input = content && freezeInput({ site, edition, newsletter, ...content, ...frozenTo(now, progress) });
    } catch (error) {
      // A template that doesn't compile, a slug that is gone, an edition too long for mail: trying again won't help.
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      log.error('problem', { message: `${edition.id} can't be composed: ${error.message}` });
      return editions.moveEdition(edition.id, 'held', { reason: 'template', now });
    }
    if (input === null) return editions.skipEdition(edition.id, { reason: 'nothing_new', cutoff: now, now });
    await ledger.freeze(input);
    const [finished] = await ledger.finishEditions(transport.name, clock.now());
    const frozen = finished?.id === edition.id ? finished : await editions.findEdition(edition.id);
    return frozen ?? edition;
  }

  function frozenTo(now: Instant, progress: DeskProgress) {
    return {
      transport: transport.name,
      excludeReserved: !transport.local,
      now,
      ...(progress.onFrozen ? { onProgress: progress.onFrozen } : {}),
    };
  }

  async function perform(series: Series, job: Job): Promise<Edition | null> {
    const now = clock.now();
    if (job.kind === 'supersede') {
      return editions.moveEdition(job.edition.id, 'cancelled', { reason: 'superseded', now });
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
          : await editions.moveEdition(existing.id, state, { reason, now });
    // Null: another process made it first, and does the rest.
    if (edition === null || job.kind !== 'send') return edition;
    return release(edition);
  }

  /** What the ledger holds back is held first: a person decides on what they have seen, not on what it turns out to be. */
  async function lookBefore({ id, state, reason }: Edition): Promise<void> {
    await guard.look('pass');
    const found = await editions.findEdition(id);
    if (found?.state === 'held' && (state !== 'held' || found.reason !== reason)) throw heldConflict(found);
  }

  return {
    release,
    nextDue: ({ name }, rhythm) => nextDue(getSeries(name, rhythm).cadence, clock.now()),
    async compose(issue, progress = {}) {
      return composed(
        {
          newsletter: issue.newsletter.name,
          rhythm: issue.rhythm ?? 'each',
          key: 'preview',
          dueAt: issue.dueAt,
          selection: issue.selection,
        },
        progress,
      );
    },
    async approve(edition) {
      const { id, frozenAt } = edition;
      await lookBefore(edition);
      if (frozenAt !== null) {
        await ledger.resumeEdition(id, clock.now());
        return;
      }
      await editions.moveEdition(id, 'approved', { reason: 'operator', now: clock.now() });
      await guard.clearMark(markOf(edition));
    },
    async resume(edition) {
      await lookBefore(edition);
      if (edition.state === 'held') throw heldConflict(edition);
      return ledger.resumeEdition(edition.id, clock.now());
    },
    async findDoubt(edition) {
      await guard.look('pass');
      return guard.findMark(markOf(edition));
    },
    async skip({ id, newsletter, rhythm, reason, dueAt, frozenAt }) {
      if (frozenAt !== null) {
        throw new AppError('conflict', `${id} has begun to go out. silkpost editions cancel ${id} gives the rest up.`);
      }
      // What went out before, though this ledger doesn't know it, has had its stories.
      const cutoff = reason === 'restored' ? dueAt : null;
      const skipped = await editions.skipEdition(id, { reason: 'operator', cutoff, now: clock.now() });
      await guard.clearMark(markOf({ newsletter, rhythm }));
      return skipped;
    },
    async open(issue) {
      await guard.look('pass');
      const { newsletter, rhythm = 'each' } = issue;
      // Names the rhythms that there are, where it is none.
      getSeries(newsletter.name, rhythm);
      const open = await editions.findOpenEdition(newsletter.name, rhythm);
      // Nothing of a draft is kept yet: the schedule makes it again once this one is out.
      if (open?.state === 'draft') await editions.discardDraft(open.id);
      const edition = await editions.createEdition({
        newsletter: newsletter.name,
        rhythm,
        dueAt: issue.dueAt,
        trigger: issue.trigger,
        selection: issue.selection,
        state: 'approved',
        reason: null,
        now: clock.now(),
        key: 'another',
      });
      if (edition === null) throw new AppError('internal', `No key was free for an edition of ${newsletter.name}.`);
      return edition;
    },
    async runDue() {
      await guard.look('pass');
      const touched: Edition[] = [];
      const now = clock.now();
      const due = await liveSeries(now);
      const seen = await editions.seeNewsletters(due.map(seriesName), transport.name, now);
      for (const series of due) {
        const { newsletter, rhythm, cadence } = series;
        const now = clock.now();
        const latest = await editions.listEditions({ newsletter: newsletter.name, rhythm, limit: 50 });
        const jobs = dueJobs(
          {
            newsletter,
            cadence,
            since: seen.get(seriesName(series)) ?? now,
            open: await editions.findOpenEdition(newsletter.name, rhythm),
            mark: await guard.findMark(seriesName(series)),
            knownTimes: new Set(latest.filter((edition) => edition.trigger === 'schedule').map(({ dueAt }) => dueAt)),
          },
          now,
        );
        for (const job of jobs) {
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
    },
  };
}

function heldConflict(edition: Edition): AppError {
  return new AppError('conflict', `${edition.id} is held: ${whyHeld(edition)}. ${whatToDoAboutHold(edition)}`);
}
