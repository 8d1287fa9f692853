import { type Instant, plusMs } from '../../clock.ts';
import { type Article, articleStateAt } from '../article.ts';
import type { ContentProblem } from '../problem.ts';
import type { ArticleRecord } from './article-store.ts';
import { isOut } from './left-addresses.ts';

/** More than this many at once, and more than this share of what is published, look like an accident. */
const manyRemovals = 5;
const largeShare = 0.1;
/** A pull or an `rm -r` over a slow disk takes files away one after the other: what goes within this time goes at once. */
const atOnceMs = 60_000;

/** How many published articles there are, and how many of them won't be there. */
export interface Removals {
  readonly before: number;
  readonly removed: number;
}

/** @param next What would be there afterwards, by id. */
export function countRemovals(
  records: Iterable<ArticleRecord>,
  next: ReadonlyMap<string, ArticleRecord>,
  now: Instant,
): Removals {
  let [before, removed] = [0, 0];
  for (const record of records) {
    if (!isOut(record, now)) continue;
    before += 1;
    if (!isOut(next.get(record.article.id), now)) removed += 1;
  }
  return { before, removed };
}

/** Published articles that went at the same moment. */
interface LetGo {
  readonly at: Instant;
  readonly removed: number;
}

/** Tells an empty mount and half a `git pull` from a decision. */
export interface RemovalGuard {
  /** The problem where a rebuild, with those just before it, would remove too much; else null. */
  findAccident(removals: Removals, now: Instant): ContentProblem | null;
  /** Remembers what was let go. */
  note(removals: Removals, now: Instant): void;
  /** What was let go until now was meant. */
  forget(): void;
}

/**
 * @param articles In whatever state, as the ledger knows them at `now`: what an earlier process let go in the last minute counts,
 * so that a program which begins anew for each rebuild lets no more go than one that runs on.
 */
export function createRemovalGuard(articles: readonly Article[], now: Instant): RemovalGuard {
  let recent: readonly LetGo[] = [];
  const countRecent = (now: Instant): number => {
    recent = recent.filter(({ at }) => at > plusMs(now, -atOnceMs));
    return recent.reduce((sum, { removed }) => sum + removed, 0);
  };
  const isAccident = ([all, gone]: readonly [number, number]): boolean =>
    gone > manyRemovals && gone > all * largeShare;
  const sumUp = ({ before, removed }: Removals, now: Instant): [number, number] => {
    const earlier = countRecent(now);
    return [before + earlier, removed + earlier];
  };
  let before = articles.filter((article) => articleStateAt(article, now) === 'published').length;
  const past = listLetGo(articles, now);
  before += past.reduce((sum, { removed }) => sum + removed, 0);
  for (const { at, removed } of past) {
    // What would have been an accident is gone all the same: somebody accepted it, and what went before it.
    recent = isAccident(sumUp({ before, removed }, at)) ? [] : [...recent, { at, removed }];
    before -= removed;
  }
  return {
    findAccident(removals, now) {
      if (removals.removed === 0) return null;
      const [all, gone] = sumUp(removals, now);
      if (!isAccident([all, gone])) return null;
      return {
        file: 'content',
        line: null,
        column: null,
        field: null,
        code: 'mass-removal',
        message: `${gone} of ${all} published articles are gone. The last good state is kept; silkpost build --accept-removals lets them go.`,
        blocking: true,
      };
    },
    note({ removed }, now) {
      if (removed > 0) recent = [...recent, { at: now, removed }];
    },
    forget() {
      recent = [];
    },
  };
}

/** Of the last minute, the first first. */
function listLetGo(articles: readonly Article[], now: Instant): LetGo[] {
  const since = plusMs(now, -atOnceMs);
  const counts = new Map<Instant, number>();
  for (const { withdrawnAt } of articles) {
    if (withdrawnAt === null || withdrawnAt <= since) continue;
    counts.set(withdrawnAt, (counts.get(withdrawnAt) ?? 0) + 1);
  }
  return [...counts].map(([at, removed]) => ({ at, removed })).sort((a, b) => (a.at < b.at ? -1 : 1));
}
