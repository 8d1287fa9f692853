import type { Instant } from '../clock.ts';
import type { Article } from './article.ts';
import type { ReadArticle } from './article-files.ts';
import type { ArticleRecord } from './article-store.ts';
import type { ContentFile } from './content-files.ts';
import type { ContentProblem } from './problem.ts';
import { addressOf, dropSameAddresses } from './same-addresses.ts';

/** A file that was taken, from disk or from its record. */
export interface LoadedFile {
  readonly file: ContentFile;
  readonly read: ReadArticle;
  /** The record that it came from unread, or null. */
  readonly cached: ArticleRecord | null;
}

export interface NextRecordsInput {
  /** The ledger as it is, by id. */
  readonly records: ReadonlyMap<string, ArticleRecord>;
  readonly loaded: readonly LoadedFile[];
  /** Ids by path, as identity found them. */
  readonly ids: ReadonlyMap<string, string>;
  /** Paths of all files that are there. */
  readonly present: ReadonlySet<string>;
  /** What was found so far; what is found here is added. */
  readonly problems: ContentProblem[];
  readonly renderKey: string;
  readonly now: Instant;
}

/**
 * What the ledger holds of the articles that are there after a refresh, by id. A file that can't be taken now but was out
 * keeps its last good version, unless the file, or its address, is another's.
 */
export function nextRecords(input: NextRecordsInput): Map<string, ArticleRecord> {
  const { records, loaded, ids, present, problems, renderKey, now } = input;
  const faulty = new Set(problems.map(({ file }) => file));
  const next = new Map<string, ArticleRecord>();
  for (const { file, read, cached } of loaded) {
    const id = ids.get(file.path);
    if (id === undefined) continue;
    if (cached && cached.article.id === id) {
      next.set(id, cached);
      continue;
    }
    // Files that have something wrong with them are read each time, so that it is said each time.
    const key = faulty.has(`content/${file.path}`) ? '' : renderKey;
    next.set(id, recordOf(id, file, read, records.get(id)?.article ?? null, key, now));
  }
  const stays = ({ article, path, goneAt }: ArticleRecord): boolean =>
    goneAt === null &&
    article.publishedAt !== null &&
    present.has(path) &&
    (ids.get(path) ?? article.id) === article.id;
  for (const record of records.values()) {
    if (!ids.has(record.path) && stays(record)) next.set(record.article.id, next.get(record.article.id) ?? record);
  }
  problems.push(...dropSameAddresses(next));
  if (problems.length === 0) return next;
  const addresses = new Set([...next.values()].map(addressOf));
  for (const record of records.values()) {
    if (!next.has(record.article.id) && stays(record) && !addresses.has(addressOf(record))) {
      next.set(record.article.id, record);
    }
  }
  return next;
}

/** The record of a file that was read. */
export function recordOf(
  id: string,
  { path, size, mtimeMs }: ContentFile,
  read: ReadArticle,
  earlier: Article | null,
  renderKey: string,
  now: Instant,
): ArticleRecord {
  const article = articleOf(id, read, earlier, now);
  return { path, size, mtimeMs, renderKey, bodyHash: read.bodyHash, article, goneAt: null };
}

/** What the file says with what the ledger knows. */
function articleOf(id: string, { article }: ReadArticle, earlier: Article | null, now: Instant): Article {
  const publishedAt = earlier?.publishedAt ?? null;
  const isBack = publishedAt === null || article.status === 'published';
  return {
    ...article,
    id,
    publishedAt,
    archiveDate: earlier === null || publishedAt === null ? article.date : earlier.archiveDate,
    withdrawnAt: isBack ? null : (earlier?.withdrawnAt ?? now),
    formerAddresses: earlier === null || publishedAt === null ? [] : formerAddresses(article, earlier),
  };
}

function formerAddresses({ lang, slug }: Pick<Article, 'lang' | 'slug'>, earlier: Article): readonly string[] {
  const [address, before] = [`${lang}/${slug}`, `${earlier.lang}/${earlier.slug}`];
  if (address === before) return earlier.formerAddresses;
  return [...new Set([...earlier.formerAddresses, before])].filter((former) => former !== address);
}
