import { statSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isArticleFile } from '../file-name.ts';
import type { ContentProblem } from '../problem.ts';

/** One file as it lies in the folder. */
export interface ContentFile {
  /** Relative to `content/`, with forward slashes. */
  readonly path: string;
  /** Both NaN, which equals nothing, where the file wasn't looked at. */
  readonly size: number;
  readonly mtimeMs: number;
}

/** Paths relative to `content/`. */
export type Paths = Pick<ReadonlySet<string>, 'has'>;

export interface ContentFolder {
  /** Articles' files (`*.md`, `*.markdown`), in the order of their paths. */
  readonly articles: readonly ContentFile[];
  /** Every other file, by path. */
  readonly others: ReadonlyMap<string, ContentFile>;
  /** Whether the folder is there at all. */
  readonly exists: boolean;
  readonly problems: readonly ContentProblem[];
}

const maxDepth = 32;
/** How long listing may hold up whatever else the process does. */
const breathMs = 10;

/**
 * Lists `content/`. Hidden files and folders are skipped, and so is what a symbolic link would lead to outside of it:
 * that, and a folder that can't be read, are problems.
 *
 * @param isLookedAt Whether a file's size and time are wanted; default: of each.
 */
export async function listContentFiles(
  contentDir: string,
  isLookedAt: (path: string) => boolean = () => true,
): Promise<ContentFolder> {
  const problems: ContentProblem[] = [];
  const root = await realpath(contentDir).catch(() => null);
  if (root === null) return { articles: [], others: new Map(), exists: false, problems };
  const report = (path: string, code: string, message: string): void => {
    problems.push({ file: `content/${path}`, line: null, column: null, field: null, code, message, blocking: true });
  };

  const paths: string[] = [];
  /** Real paths of the folders that are listed already. */
  const visited = new Set<string>();
  /** Links to folders: followed last, so that what lies in the folder by itself is listed under its own path. */
  const linked: { readonly path: string; readonly target: string; readonly depth: number }[] = [];
  const visit = async (folder: string, real: string, depth: number): Promise<void> => {
    if (visited.has(real)) return;
    visited.add(real);
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => null);
    if (entries === null) {
      report(folder, 'unreadable-folder', 'The folder can’t be read. Check its permissions.');
      return;
    }
    for (const entry of entries) {
      if (entry.name.startsWith('.')) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isSymbolicLink()) {
        const target: string | null = await realpath(join(root, path)).catch(() => null);
        if (target === null || !(target === root || target.startsWith(root + sep))) {
          report(
            path,
            'link-outside',
            'This link leads out of content/ or nowhere, so it is left out. Copy the file here.',
          );
          continue;
        }
        const found = await stat(target).catch(() => null);
        if (!found?.isDirectory()) paths.push(path);
        else if (depth < maxDepth) linked.push({ path, target, depth: depth + 1 });
      } else if (entry.isDirectory()) {
        if (depth >= maxDepth) report(path, 'too-deep', `Folders may nest ${maxDepth} deep. Move this one up.`);
        else await visit(path, join(real, entry.name), depth + 1);
      } else if (entry.isFile()) {
        paths.push(path);
      }
    }
  };
  await visit('', root, 0);
  for (const { path, target, depth } of linked) await visit(path, target, depth);

  const files = (await statAll(root, paths.sort(), isLookedAt)).filter((file) => file !== null);
  const articles = files.filter(({ path }) => isArticleFile(path));
  const others = new Map(files.filter(({ path }) => !isArticleFile(path)).map((file) => [file.path, file]));
  return { articles, others, exists: true, problems };
}

async function statAll(
  root: string,
  paths: readonly string[],
  isLookedAt: (path: string) => boolean,
): Promise<(ContentFile | null)[]> {
  const files: (ContentFile | null)[] = [];
  let breath = performance.now();
  for (const path of paths) {
    files.push(isLookedAt(path) ? statContentFile(root, path) : { path, size: Number.NaN, mtimeMs: Number.NaN });
    if (performance.now() - breath < breathMs) continue;
    await nextTurn();
    breath = performance.now();
  }
  return files;
}

/** Null for what is no file; also for one that has gone since the folder was listed: the next look sees it. */
export function statContentFile(contentDir: string, path: string): ContentFile | null {
  // Not in turns: of a hundred thousand files that takes a tenth of the time.
  const found = statSync(join(contentDir, path), { throwIfNoEntry: false });
  return found?.isFile() ? { path, size: found.size, mtimeMs: found.mtimeMs } : null;
}
