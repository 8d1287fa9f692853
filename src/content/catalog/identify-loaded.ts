import { type FileIdentity, type Identified, identifyArticles } from './article-ids.ts';
import type { ArticleRecord } from './article-store.ts';
import type { Paths } from './content-files.ts';
import type { ReadFile } from './load-articles.ts';
import type { Mint } from './mint-id.ts';

/**
 * Which article each file that was read is, by path; new ones get new ids.
 *
 * @param known Records of files that are what they were, by id.
 * @param records All, by id.
 * @param present Paths of all files that are there, also of those that could not be read.
 */
export function identifyLoaded(
  read: readonly ReadFile[],
  known: ReadonlyMap<string, ArticleRecord>,
  records: ReadonlyMap<string, ArticleRecord>,
  present: Paths,
  mint: Mint,
): Identified {
  const files = read.map(({ path, read: { article, explicitId, bodyHash } }): FileIdentity => {
    const { lang, slug, date } = article;
    return { path, explicitId, lang, slug, date, bodyHash };
  });
  return identifyArticles(files, records, present, mint, known);
}
