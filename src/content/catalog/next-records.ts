import type { Instant } from '../../clock.ts';
import { lazily } from '../../lazily.ts';
import { type Article, articleStateAt } from '../article.ts';
import type { ReadArticle } from '../article-files.ts';
import { shortHash } from '../markdown/body-hash.ts';
import { addressOf, dropSameAddresses, groupAtAddresses } from '../markdown/same-addresses.ts';
import type { ContentProblem } from '../problem.ts';
import { pathsOf } from './article-ids.ts';
import type { ArticleRecord } from './article-store.ts';
import type { Paths } from './content-files.ts';
import type { ReadFile } from './load-articles.ts';
import { articleWithDetails, changedArticle } from './packed-article.ts';

export interface NextRecordsInput {
  /** The ledger as it is, by id. */
  readonly records: ReadonlyMap<string, ArticleRecord>;
  /** Those whose files are as they were, by id. */
  readonly known: ReadonlyMap<string, ArticleRecord>;
  readonly read: readonly ReadFile[];
  /** Ids by path of the files that were read, as identity found them. */
  readonly ids: ReadonlyMap<string, string>;
  /** Paths of all files that are there. */
  readonly present: Paths;
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
  const { records, known, read, ids, present, problems, renderKey, now } = input;
  const faulty = new Set(problems.map(({ file }) => file));
  const next = new Map(known);
  const changed: ArticleRecord[] = [];
  for (const { path, read: article } of read) {
    const id = ids.get(path);
    if (id === undefined) continue;
    // Files that have something wrong with them are read each time, so that it is said each time.
    const key = faulty.has(`content/${path}`) ? '' : renderKey;
    const record = recordOf(id, path, article, records.get(id)?.article ?? null, key, now);
    next.set(id, record);
    changed.push(record);
  }
  const knownPaths = lazily(() => pathsOf(known));
  const stays = ({ article, path, goneAt }: ArticleRecord): boolean =>
    goneAt === null &&
    article.publishedAt !== null &&
    present.has(path) &&
    (ids.get(path) ?? article.id) === article.id &&
    !knownPaths().has(path);
  for (const record of records.values()) {
    const { id } = record.article;
    if (!next.has(id) && !ids.has(record.path) && stays(record)) next.set(id, record);
  }
  problems.push(...dropSameAddresses(next, changed, records));
  if (problems.length === 0) return next;
  const lost = records
    .values()
    .filter((record) => !next.has(record.article.id) && stays(record))
    .toArray();
  const taken = groupAtAddresses(next.values(), lost);
  for (const record of lost) {
    const { id, lang, slug } = record.article;
    if (taken.get(addressOf(lang, slug))?.length === 0) next.set(id, record);
  }
  return next;
}

/** The record of a file that was read. */
export function recordOf(
  id: string,
  path: string,
  read: ReadArticle,
  earlier: Article | null,
  renderKey: string,
  now: Instant,
): ArticleRecord {
  const { size, mtimeMs, bodyHash } = read;
  const article = articleOf(id, read, earlier, now);
  // A change that is still to come is looked for at each reading.
  const key = article.updated === read.article.updated ? renderKey : '';
  return { path, size, mtimeMs, renderKey: key, bodyHash, article, goneAt: null };
}

/** What the file says with what the ledger knows. */
function articleOf(
  id: string,
  { article: written, details }: ReadArticle,
  earlier: Article | null,
  now: Instant,
): Article {
  const publishedAt = earlier?.publishedAt ?? null;
  const core = {
    ...written,
    id,
    publishedAt,
    archiveDate: earlier === null || publishedAt === null ? written.date : earlier.archiveDate,
    withdrawnAt: withdrawnAt({ ...written, publishedAt }, earlier, now),
    formerAddresses: earlier === null || publishedAt === null ? [] : formerAddresses(written, earlier),
  };
  const article = articleWithDetails(core, details);
  const limit = written.date > now ? written.date : now;
  return written.updated <= limit ? article : changedArticle(article, changeSoFar(article, limit));
}

/**
 * The last change that has come: programs that take a mistyped year of `updated` for the newest change would hear of no
 * later one.
 */
function changeSoFar(
  { date, contentHash, corrections }: Article,
  limit: Instant,
): Pick<Article, 'updated' | 'contentHash'> {
  const past = [date, ...corrections.map((correction) => correction.date)].filter((instant) => instant <= limit);
  const last = past.reduce((latest, instant) => (instant > latest ? instant : latest), date);
  return { updated: last, contentHash: shortHash(contentHash + last) };
}

/** When it was taken back, of one that was out: not anew at each reading. */
function withdrawnAt(
  article: Pick<Article, 'status' | 'date' | 'publishedAt'>,
  earlier: Article | null,
  now: Instant,
): Instant | null {
  if (article.publishedAt === null || articleStateAt(article, now) !== 'withdrawn') return null;
  const wasOut = earlier === null || articleStateAt(earlier, now) === 'published';
  return wasOut ? now : (earlier.withdrawnAt ?? now);
}

function formerAddresses({ lang, slug }: Pick<Article, 'lang' | 'slug'>, earlier: Article): readonly string[] {
  const [address, before] = [`${lang}/${slug}`, `${earlier.lang}/${earlier.slug}`];
  if (address === before) return earlier.formerAddresses;
  return [...new Set([...earlier.formerAddresses, before])].filter((former) => former !== address);
}
