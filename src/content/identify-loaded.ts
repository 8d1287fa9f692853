import type { Site } from '../site.ts';
import { type FileIdentity, type Identified, identifyArticles } from './article-ids.ts';
import type { ArticleRecord } from './article-store.ts';
import { mintId } from './mint-id.ts';
import type { LoadedFile } from './next-records.ts';

/**
 * Which article each loaded file is; new ones get new ids.
 *
 * @param present Paths of all files that are there, also of those that could not be read.
 */
export function identifyLoaded(
  loaded: readonly LoadedFile[],
  records: Iterable<ArticleRecord>,
  present: ReadonlySet<string>,
  site: Site,
): Identified {
  const settled = new Map<string, string>();
  const files: FileIdentity[] = [];
  for (const { file, read, cached } of loaded) {
    const { lang, slug, date } = read.article;
    // What was read before is what it was then.
    if (cached) settled.set(file.path, cached.article.id);
    else files.push({ path: file.path, explicitId: read.explicitId, lang, slug, date, bodyHash: read.bodyHash });
  }
  const mint = (file: FileIdentity, attempt: number): string => mintId(site, file, attempt);
  return identifyArticles(files, [...records], present, mint, settled);
}
