import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { isArticleFile, isHiddenPath } from '../file-name.ts';
import { type ContentFile, type ContentFolder, statContentFile } from './content-files.ts';

/**
 * A listing with some of its files looked at again, or null where only a new listing tells the truth: a folder, a link
 * or a hidden file is among them.
 *
 * @param paths Relative to `content/`, files that were written, made or removed.
 */
export function withChanges(
  contentDir: string,
  folder: ContentFolder,
  paths: ReadonlySet<string>,
): ContentFolder | null {
  if (!folder.exists || folder.problems.length > 0) return null;
  const others = new Map(folder.others);
  const changed = new Map<string, ContentFile | null>();
  for (const path of paths) {
    const found = lstatSync(join(contentDir, path), { throwIfNoEntry: false });
    if (found && !found.isFile()) return null;
    if (isHiddenPath(path)) continue;
    const file = found ? statContentFile(contentDir, path) : null;
    if (isArticleFile(path)) changed.set(path, file);
    else if (file) others.set(path, file);
    // What was neither may have been a folder.
    else if (!others.delete(path)) return null;
  }
  if (changed.size === 0) return { ...folder, others };
  const articles: ContentFile[] = [];
  for (const file of folder.articles) {
    const now = changed.get(file.path);
    changed.delete(file.path);
    if (now === undefined) articles.push(file);
    else if (now !== null) articles.push(now);
  }
  const added = [...changed.values()].filter((file) => file !== null);
  if (added.length > 0) articles.push(...added);
  return { ...folder, others, articles: added.length > 0 ? articles.sort(byPath) : articles };
}

function byPath(a: ContentFile, b: ContentFile): number {
  return a.path < b.path ? -1 : 1;
}
