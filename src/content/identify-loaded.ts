import { randomUUID } from 'node:crypto';
import type { Site } from '../site.ts';
import { yearIn } from './article-date.ts';
import { type FileIdentity, type Identified, identifyArticles } from './article-ids.ts';
import type { ArticleRecord } from './article-store.ts';
import type { LoadedFile } from './next-records.ts';

/**
 * Which article each loaded file is; new ones get new ids: tags of the site's authority (RFC 4151), or UUIDs where it has
 * none.
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
  const mint = ({ lang, slug, date }: FileIdentity, attempt: number): string =>
    site.authority === null
      ? `urn:uuid:${randomUUID()}`
      : `tag:${site.authority}:${lang}/${yearIn(site.timezone, date)}/${slug}${attempt === 1 ? '' : `-${attempt}`}`;
  return identifyArticles(files, [...records], present, mint, settled);
}
