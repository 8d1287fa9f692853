import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, type Instant, plusMs } from '../clock.ts';
import type { Story } from '../content/index.ts';
import { frozenStory, type ReaderGroup, tellStories } from '../delivery/index.ts';
import { type Edition, interfaceLanguage, type ToldStory } from '../digest/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import type { EditionPlanner } from './edition-plan.ts';

/** A mail that an edition would be to readers with equal choices. */
export interface CountedVariant {
  /** The same for the same stories in the same languages. */
  readonly key: string;
  /** Of the mail’s own words. */
  readonly lang: string;
  readonly stories: readonly ToldStory[];
  readonly readers: number;
}

/** Who would get an edition, as of some moment. */
export interface CountedReaders {
  readonly at: Instant;
  /** Of most readers first. */
  readonly variants: readonly CountedVariant[];
  readonly readers: number;
  /** For whom there is nothing in it. */
  readonly withNothing: number;
  /** Who get nothing whatever is in it: suppressed, suspended. */
  readonly excluded: number;
  /** The orders of languages that they have. */
  readonly languageOrders: readonly (readonly string[])[];
}

export interface ReaderCount {
  /** Null until it was counted for the first time. */
  readonly counted: CountedReaders | null;
  /** Whether it is being counted anew: the stories are others, or it was some minutes ago. */
  readonly isCounting: boolean;
}

export interface EditionReadersOptions {
  readonly site: Site;
  readonly planner: Pick<EditionPlanner, 'listReaders'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * How many readers the variants of editions have that aren't frozen yet. A million take a minute to count: whoever
 * asks gets what was counted last, and where that is old it is counted anew behind their back, once at a time.
 */
export interface EditionReaders {
  find(edition: Edition, stories: readonly Story[]): ReaderCount;
  /** Counts now. */
  count(edition: Edition, stories: readonly Story[]): Promise<CountedReaders>;
  /** From now on nobody is told that a count came to nothing. */
  close(): void;
}

const freshMs = 5 * 60_000;
const kept = 20;
/** Choices put together between two turns of others: some milliseconds. */
const choicesAtOnce = 200;

export function createEditionReaders({ site, planner, clock, log }: EditionReadersOptions): EditionReaders {
  const known = new Map<string, { readonly signature: string; readonly counted: CountedReaders }>();
  const running = new Map<string, Promise<CountedReaders>>();
  let isClosed = false;

  async function countNow(edition: Edition, stories: readonly Story[]): Promise<CountedReaders> {
    const counted = await countVariants(site, stories, await planner.listReaders(edition, stories), clock.now());
    known.delete(edition.id);
    known.set(edition.id, { signature: signatureOf(edition, stories), counted });
    const [oldest] = known.keys();
    if (known.size > kept && oldest !== undefined) known.delete(oldest);
    return counted;
  }

  function count(edition: Edition, stories: readonly Story[]): Promise<CountedReaders> {
    const under = running.get(edition.id);
    if (under) return under;
    const counting = countNow(edition, stories).finally(() => running.delete(edition.id));
    running.set(edition.id, counting);
    return counting;
  }

  /** What nobody waits for. */
  function countBehind(edition: Edition, stories: readonly Story[]): void {
    if (running.has(edition.id)) return;
    count(edition, stories).catch((error: unknown) => {
      if (isClosed) return;
      log.error('problem', { message: `The readers of ${edition.id} can’t be counted: ${sentenceOf(error)}` });
    });
  }

  return {
    count,
    close() {
      isClosed = true;
    },
    find(edition, stories) {
      const last = known.get(edition.id);
      const isCurrent = last?.signature === signatureOf(edition, stories);
      const isFresh = isCurrent && plusMs(last.counted.at, freshMs) > clock.now();
      if (!isFresh) countBehind(edition, stories);
      return { counted: last?.counted ?? null, isCounting: !isCurrent };
    },
  };
}

/** What decides who gets what: the stories in their order, and their last changes. */
function signatureOf({ selection, audience }: Edition, stories: readonly Story[]): string {
  return JSON.stringify([selection.again ?? false, audience, stories.map(frozenStory)]);
}

async function countVariants(
  site: Site,
  stories: readonly Story[],
  groups: readonly ReaderGroup[],
  at: Instant,
): Promise<CountedReaders> {
  const variants = new Map<string, CountedVariant>();
  const orders = new Map<string, readonly string[]>();
  let readers = 0;
  let withNothing = 0;
  let excluded = 0;
  for (const [index, group] of groups.entries()) {
    if (index % choicesAtOnce === 0) await nextTurn();
    const { choice, had } = group;
    if (group.excluded !== null) {
      excluded += group.readers;
      continue;
    }
    orders.set(choice.languages.join(), choice.languages);
    const told = tellStories({ site, stories }, choice, had);
    if (told.length === 0) {
      withNothing += group.readers;
      continue;
    }
    readers += group.readers;
    const lang = interfaceLanguage(choice.languages, site);
    const identity = JSON.stringify([lang, told]);
    const same = variants.get(identity);
    const key = same?.key ?? createHash('sha256').update(identity).digest('hex').slice(0, 12);
    variants.set(identity, { key, lang, stories: told, readers: (same?.readers ?? 0) + group.readers });
  }
  return {
    at,
    variants: [...variants.values()].toSorted((a, b) => b.readers - a.readers),
    readers,
    withNothing,
    excluded,
    languageOrders: [...orders.values()],
  };
}
