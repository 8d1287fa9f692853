import type { Instant } from '../../clock.ts';
import { articleStateAt } from '../article.ts';
import type { ArticleRecord } from './article-store.ts';

/**
 * Addresses (absolute URLs) at which an article is out, and isn't any more afterwards: it was taken back, or has moved.
 *
 * @param before Records as they are.
 * @param after Records as they are going to be, by id; what isn't in it is gone.
 */
export function listLeftAddresses(
  before: Iterable<ArticleRecord>,
  after: ReadonlyMap<string, ArticleRecord>,
  now: Instant,
): ReadonlySet<string> {
  const left = new Set<string>();
  for (const record of before) {
    const next = after.get(record.article.id);
    if (next === record || !isOut(record, now)) continue;
    if (!isOut(next, now) || next.article.url !== record.article.url) left.add(record.article.url);
  }
  return left;
}

/** Whether anybody may see the article of a record. */
export function isOut(record: ArticleRecord | undefined, now: Instant): record is ArticleRecord {
  return record !== undefined && record.goneAt === null && articleStateAt(record.article, now) === 'published';
}
