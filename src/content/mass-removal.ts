import { type Instant, plusMs } from '../clock.ts';
import type { ArticleRecord } from './article-store.ts';
import { isOut } from './left-addresses.ts';
import type { ContentProblem } from './problem.ts';

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

/** Tells an empty mount and half a `git pull` from a decision. */
export interface RemovalGuard {
  /** The problem where a rebuild, with those just before it, would remove too much; else null. */
  findAccident(removals: Removals, now: Instant): ContentProblem | null;
  /** Remembers what was let go. */
  note(removals: Removals, now: Instant): void;
  /** What was let go until now was meant. */
  forget(): void;
}

export function createRemovalGuard(): RemovalGuard {
  let recent: { readonly at: Instant; readonly removed: number }[] = [];
  const countRecent = (now: Instant): number => {
    recent = recent.filter(({ at }) => at > plusMs(now, -atOnceMs));
    return recent.reduce((sum, { removed }) => sum + removed, 0);
  };
  return {
    findAccident({ before, removed }, now) {
      if (removed === 0) return null;
      const earlier = countRecent(now);
      const [all, gone] = [before + earlier, removed + earlier];
      if (gone <= manyRemovals || gone <= all * largeShare) return null;
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
      if (removed > 0) recent.push({ at: now, removed });
    },
    forget() {
      recent = [];
    },
  };
}
