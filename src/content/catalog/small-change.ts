import type { Instant } from '../../clock.ts';
import type { ArticleDesk } from '../article-desk.ts';
import type { ReadArticle } from '../article-files.ts';
import { isArticleFile, isHiddenPath } from '../file-name.ts';
import type { ContentProblem } from '../problem.ts';
import { isSameThere } from './article-ids.ts';
import type { ArticleRecord } from './article-store.ts';
import type { Mint } from './mint-id.ts';
import { recordOf } from './next-records.ts';

/** Few enough that taking them all back can't be the accident that a rebuild looks out for. */
const maxFiles = 5;

export interface SmallChange {
  readonly records: readonly ArticleRecord[];
  readonly problems: readonly ContentProblem[];
}

export interface SmallChangeParts {
  readonly mint: Mint;
  readonly desk: ArticleDesk;
  /** The ledger, by id. */
  readonly records: ReadonlyMap<string, ArticleRecord>;
  /** Whether there may be a new article: not where a file waits to be taken that has no record. */
  readonly mayBeNew: boolean;
  readonly renderKey: string;
  readonly now: Instant;
}

/**
 * What an editor's saving comes to where it can't concern any article but those of the saved files: each was there before
 * and is still the same article at the same address, or is a new one that has nothing in common with any other. Null
 * where more may have to be looked at.
 *
 * @param changed Paths relative to `content/`.
 */
export async function readSmallChange(
  changed: ReadonlySet<string>,
  { mint, desk, records, mayBeNew, renderKey, now }: SmallChangeParts,
): Promise<SmallChange | null> {
  const paths = [...changed];
  if (paths.length > maxFiles || !paths.every((path) => isArticleFile(path) && !isHiddenPath(path))) return null;
  const living = new Map<string, ArticleRecord>();
  for (const record of records.values()) {
    if (record.goneAt === null && changed.has(record.path)) living.set(record.path, record);
  }
  const taken: ArticleRecord[] = [];
  const problems: ContentProblem[] = [];
  for (const [index, { read, problems: found }] of (await desk.read(paths)).entries()) {
    const path = paths[index];
    if (path === undefined || read === null) return null;
    const earlier = living.get(path);
    const id = earlier
      ? idOfSame(read, earlier)
      : mayBeNew && paths.length === 1
        ? idOfNew(read, path, records, mint)
        : null;
    if (id === null) return null;
    problems.push(...found);
    taken.push(recordOf(id, path, read, earlier?.article ?? null, found.length > 0 ? '' : renderKey, now));
  }
  return { records: taken, problems };
}

/** Null where it is another article, or has another address. */
function idOfSame({ article, explicitId, bodyHash }: ReadArticle, earlier: ArticleRecord): string | null {
  const { id, lang, slug } = earlier.article;
  const isTheSame = (explicitId === null || explicitId === id) && isSameThere({ ...article, bodyHash }, earlier);
  return isTheSame && article.lang === lang && article.slug === slug ? id : null;
}

/** Null where any other article was at its path or address, has its text or its id. */
function idOfNew(
  { article, explicitId, bodyHash }: ReadArticle,
  path: string,
  records: ReadonlyMap<string, ArticleRecord>,
  mint: Mint,
): string | null {
  const { lang, slug } = article;
  for (const record of records.values()) {
    const { article: other } = record;
    if (record.path === path) return null;
    if (other.lang === lang && (other.slug === slug || (bodyHash !== '' && record.bodyHash === bodyHash))) return null;
  }
  if (explicitId !== null) return records.has(explicitId) ? null : explicitId;
  for (let attempt = 1; ; attempt++) {
    const id = mint(article, attempt);
    if (!records.has(id)) return id;
  }
}
