import type { Instant } from '../clock.ts';
import type { ArticleRecord } from './article-store.ts';
import { isOut } from './left-addresses.ts';
import type { ContentProblem } from './problem.ts';

/** More than this many at once, and more than this share of what is published, look like an accident. */
const manyRemovals = 5;
const largeShare = 0.1;

/**
 * The problem where a rebuild would remove so much that an empty mount or half a `git pull` is likelier than a decision;
 * else null.
 *
 * @param next What would be there afterwards, by id.
 */
export function findMassRemoval(
  records: Iterable<ArticleRecord>,
  next: ReadonlyMap<string, ArticleRecord>,
  now: Instant,
): ContentProblem | null {
  let [before, removed] = [0, 0];
  for (const record of records) {
    if (!isOut(record, now)) continue;
    before += 1;
    if (!isOut(next.get(record.article.id), now)) removed += 1;
  }
  if (removed <= manyRemovals || removed <= before * largeShare) return null;
  return {
    file: 'content',
    line: null,
    column: null,
    field: null,
    code: 'mass-removal',
    message: `${removed} of ${before} published articles are gone. The last good state is kept; silkpost build --accept-removals lets them go.`,
    blocking: true,
  };
}
