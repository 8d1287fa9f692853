import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Site } from '../site.ts';
import type { Article } from './article.ts';
import type { ArticleCatalog } from './catalog/article-catalog.ts';
import { listContentFiles } from './catalog/content-files.ts';
import { parseArticleFields } from './front-matter/article-fields.ts';
import { splitFrontMatter } from './front-matter/front-matter.ts';
import { addIdLine } from './front-matter/id-line.ts';
import { replaceFile } from './replace-file.ts';

/** A file without an id, and the one it is known by. */
export interface UnwrittenId {
  /** Relative to `content/`. */
  readonly path: string;
  readonly id: string;
}

export interface UnwrittenIds {
  readonly ids: readonly UnwrittenId[];
  /** Files whose problems keep them from having one now, in the order of their paths. */
  readonly faulty: readonly string[];
}

/** The ids that stand in no file yet, by what a fresh catalog knows of the folder. */
export async function listUnwrittenIds(contentDir: string, site: Site, catalog: ArticleCatalog): Promise<UnwrittenIds> {
  const blocked = new Set(catalog.problems.filter(({ blocking }) => blocking).map(({ file }) => file));
  // A path may have belonged to an article that is gone.
  const keyOf = (path: string, { lang, slug, date }: Pick<Article, 'lang' | 'slug' | 'date'>): string =>
    `${path} ${lang} ${slug} ${date}`;
  const known = new Map(catalog.articles.map((article) => [keyOf(article.path, article), article.id]));
  const { articles } = await listContentFiles(contentDir);
  const ids: UnwrittenId[] = [];
  const faulty: string[] = [];
  for (const { path } of articles) {
    const split = splitFrontMatter(await readFile(join(contentDir, path), 'utf8').catch(() => ''));
    const fields = 'front' in split ? parseArticleFields(split.front, path, site, split).fields : null;
    const id = fields === null ? undefined : known.get(keyOf(path, fields));
    if (id === undefined || blocked.has(`content/${path}`)) faulty.push(path);
    else if (fields?.explicitId === null) ids.push({ path, id });
  }
  return { ids, faulty };
}

/** Writes ids into their files. Returns the paths of those that had to be left alone. */
export async function writeIds(contentDir: string, ids: readonly UnwrittenId[]): Promise<string[]> {
  const left: string[] = [];
  for (const { path, id } of ids) {
    const replaced = await replaceFile(join(contentDir, path), (bytes) => addIdLine(bytes, id)).catch(() => false);
    if (!replaced) left.push(path);
  }
  return left;
}
