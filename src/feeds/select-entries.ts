import { type Instant, plusMs } from '../clock.ts';
import type { Article } from '../content/index.ts';

export interface FeedWindow {
  /** At least this many entries where there are that many. */
  readonly items: number;
  /** And all of the last so many days: a program that looks only at the weekend misses nothing. */
  readonly days: number;
}

const dayMs = 86_400_000;

/** @param articles newest first; so is the result. */
export function selectEntries(articles: readonly Article[], window: FeedWindow, now: Instant): readonly Article[] {
  const since = plusMs(now, -window.days * dayMs);
  const older = articles.findIndex((article) => article.date < since);
  return articles.slice(0, Math.max(window.items, older === -1 ? articles.length : older));
}
