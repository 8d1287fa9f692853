import type { Clock, Instant } from '../clock.ts';
import type { Edition, LinkVerdict } from '../digest/index.ts';
import { sentenceOf } from '../errors.ts';
import { keepRecent } from '../keep-recent.ts';
import type { Log } from '../log.ts';
import type { EditionPreflight, PreflightReport } from './edition-preflight.ts';
import type { PreflightStore } from './preflight-store.ts';

/** What is known of an edition before it goes out. */
export interface PreflightStatus {
  /** The last look; null: nobody has looked yet. */
  readonly report: PreflightReport | null;
  /** Whether that was at the edition as it is now. */
  readonly isCurrent: boolean;
  /** Since when this process is looking; null: it isn't. */
  readonly lookingSince: Instant | null;
  /** Why the last look came to nothing; null: it didn't. */
  readonly fault: string | null;
}

/** Looks at editions behind what pages say of them: a look renders the edition, and takes a second or two. */
export interface PreflightRoom {
  /** What is known, at once; where that isn't of the edition as it is now, a look is begun. */
  statusOf(edition: Edition): Promise<PreflightStatus>;
  /** Begins a look, also at addresses of other sites where `foreign`; unless one is going on. */
  begin(edition: Edition, foreign: boolean): void;
  /** A look that is waited for; its result is kept. Null where nothing is new. */
  look(edition: Edition): Promise<PreflightReport | null>;
  /** Waits for what was begun; nobody is told any more that it came to nothing. */
  close(): Promise<void>;
}

export interface PreflightRoomOptions {
  readonly preflight: EditionPreflight;
  /** Another text for another content, audience or template of an edition; cheap. */
  readonly fingerprintOf: (edition: Edition) => Promise<string>;
  readonly store: PreflightStore;
  readonly clock: Clock;
  readonly log: Log;
}

interface Look {
  readonly since: Instant;
  readonly done: Promise<void>;
}

/** What other articles, files and readers there are changes without the edition: later than that it is looked at anew. */
const staleMs = 10 * 60_000;
/** What failed isn't tried again at each view of the page. */
const patienceMs = 30_000;
const mostEditions = 50;

export function createPreflightRoom(options: PreflightRoomOptions): PreflightRoom {
  const { preflight, fingerprintOf, store, clock, log } = options;
  const looks = new Map<string, Look>();
  /** What other sites said of an edition's links, since somebody asked for it. */
  const answers = new Map<string, Map<string, LinkVerdict>>();
  const faults = new Map<string, { readonly at: number; readonly sentence: string }>();
  /** One after the other: each takes a core. */
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  async function lookAt(edition: Edition, foreign: Map<string, LinkVerdict> | null): Promise<PreflightReport | null> {
    const fingerprint = await fingerprintOf(edition);
    const report = await preflight.look(edition, foreign === null ? {} : { foreign });
    if (report !== null) await store.keepPreflight(edition.id, { fingerprint, report });
    return report;
  }

  function start(edition: Edition, foreign: Map<string, LinkVerdict> | null): void {
    if (looks.has(edition.id)) return;
    const run = last.then(() => lookAt(edition, foreign));
    last = run.catch(() => undefined);
    const done = run.then(
      () => void faults.delete(edition.id),
      (error: unknown) => {
        const fault = { at: Date.parse(clock.now()), sentence: sentenceOf(error) };
        keepRecent(faults, edition.id, fault, mostEditions);
        if (!isClosed) log.error('problem', { message: `${edition.id} can’t be looked at: ${sentenceOf(error)}` });
      },
    );
    looks.set(edition.id, { since: clock.now(), done: done.finally(() => looks.delete(edition.id)) });
  }

  return {
    begin(edition, foreign) {
      if (!foreign) return start(edition, answers.get(edition.id) ?? null);
      const anew = new Map<string, LinkVerdict>();
      keepRecent(answers, edition.id, anew, mostEditions);
      start(edition, anew);
    },
    look: (edition) => lookAt(edition, null),
    async statusOf(edition) {
      // Asked first: a look that ends meanwhile isn't in what was read before it ended.
      const going = looks.get(edition.id);
      const kept = await store.findPreflight(edition.id);
      const now = Date.parse(clock.now());
      const isOpen = edition.frozenAt === null && ['draft', 'approved', 'held'].includes(edition.state);
      const isSame = !isOpen || kept?.fingerprint === (await fingerprintOf(edition));
      const isFresh = kept !== null && now - Date.parse(kept.report.at) < staleMs;
      const fault = faults.get(edition.id);
      const mayTry = fault === undefined || now - fault.at > patienceMs;
      if (isOpen && mayTry && !(isSame && isFresh)) start(edition, answers.get(edition.id) ?? null);
      return {
        report: kept?.report ?? null,
        isCurrent: isSame,
        lookingSince: (going ?? looks.get(edition.id))?.since ?? null,
        fault: fault?.sentence ?? null,
      };
    },
    async close() {
      isClosed = true;
      await Promise.all([...looks.values()].map(({ done }) => done));
    },
  };
}
