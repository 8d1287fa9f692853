import { type Instant, plusMs } from '../clock.ts';
import type { Article } from '../content/index.ts';

export interface FeedWindow {
  /** At least this many entries where there are that many. */
  readonly items: number;
  /** And all of the last so many days: a program that looks only at the weekend misses nothing. */
  readonly days: number;
}

const dayMs = 86_400_000;

/** Those that stand in a feed whatever their date: what is in no part of its archive yet. */
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

/** Whether an article came out, or was corrected, within the window's days; a change dated ahead waits for its time. */
export function createRecency({ days }: Pick<FeedWindow, 'days'>, now: Instant): (article: Article) => boolean {
  const since = plusMs(now, -days * dayMs);
  return ({ date, updated }) => date >= since || (updated >= since && updated <= now);
}
