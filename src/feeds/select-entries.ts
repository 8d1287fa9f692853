import { type Instant, plusMs } from '../clock.ts';
import type { Article } from '../content/index.ts';

export interface FeedWindow {
  /** At least this many entries where there are that many. */
  readonly items: number;
  /** And all of the last so many days: a program that looks only at the weekend misses nothing. */
  readonly days: number;
}

const dayMs = 86_400_000;

/** Ids of those that stand in a feed whatever their date: what came out last, and what is in no part of its archive yet. */
export type AlwaysShown = ReadonlySet<string>;

const none: AlwaysShown = new Set();

/**
 * What a subscription document holds: the newest, all of the last days, what was corrected in these days however old
 * it is, and what `always` names by id.
 *
 * @param articles newest first by date, then by id; so is the result.
 */
export function selectEntries(
  articles: readonly Article[],
  window: FeedWindow,
  now: Instant,
  always: AlwaysShown = none,
): readonly Article[] {
  const isRecent = createRecency(window, now);
  return articles.filter((article, index) => index < window.items || isRecent(article) || always.has(article.id));
}

/**
 * Ids of what was first published in the last days, at most as many as a feed holds at least: a draft that comes out late
 * under an old date is shown to those who follow a busy country. An import, seen all at once, makes no difference to its
 * newest by date.
 *
 * @param articles of one language, newest first by date, then by id.
 */
export function listLastOut(articles: readonly Article[], { items, days }: FeedWindow, now: Instant): Set<string> {
  const since = plusMs(now, -days * dayMs);
  const cameOut = articles.filter(({ publishedAt }) => publishedAt !== null && publishedAt >= since);
  const last = cameOut.length <= items ? cameOut : cameOut.toSorted(lastOutFirst).slice(0, items);
  return new Set(last.map(({ id }) => id));
}

/** Those of one moment stay in their order. */
function lastOutFirst({ publishedAt: one }: Article, { publishedAt: other }: Article): number {
  if (one === other) return 0;
  return (one ?? '') > (other ?? '') ? -1 : 1;
}

/** Whether the date or the last correction of an article lies within the window's days; a change dated ahead waits for its time. */
export function createRecency({ days }: Pick<FeedWindow, 'days'>, now: Instant): (article: Article) => boolean {
  const since = plusMs(now, -days * dayMs);
  return ({ date, updated }) => date >= since || (updated >= since && updated <= now);
}
