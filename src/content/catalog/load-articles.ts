import type { ArticleDesk } from '../article-desk.ts';
import type { ReadArticle } from '../article-files.ts';
import type { ContentProblem } from '../problem.ts';
import type { ArticleRecord } from './article-store.ts';
import type { ContentFile, ContentFolder } from './content-files.ts';

export interface LoadArticlesInput {
  readonly folder: ContentFolder;
  /** The ledger as it is. */
  readonly records: Iterable<ArticleRecord>;
  /** A record with another one isn't taken. */
  readonly renderKey: string;
  readonly desk: ArticleDesk;
  /** Whether nothing is wrong with an article's text: what is, is read each time, so that it is said each time. */
  isFaultless(id: string): boolean;
  readonly onProgress: ((done: number, all: number) => void) | undefined;
}

export interface ReadFile {
  /** Relative to `content/`. */
  readonly path: string;
  readonly read: ReadArticle;
}

export interface LoadedArticles {
  /** The folder's articles; of those that are known, what their records say of the file, so that it is said once. */
  readonly files: readonly ContentFile[];
  /** Records of the files that are as they were when they were read, by id. */
  readonly known: ReadonlyMap<string, ArticleRecord>;
  /** What was read, in the order of the paths, without what can't be. */
  readonly read: readonly ReadFile[];
  readonly problems: readonly ContentProblem[];
}

/** Every article of a folder: from its record where its file is as it was, read where it isn't. */
export async function loadArticles(input: LoadArticlesInput): Promise<LoadedArticles> {
  const { folder, records, renderKey, desk, isFaultless, onProgress } = input;
  const byPath = new Map<string, ArticleRecord>();
  for (const record of records) if (record.goneAt === null) byPath.set(record.path, record);
  const known = new Map<string, ArticleRecord>();
  /** Where they stand among the files. */
  const unread: number[] = [];
  const files: ContentFile[] = [];
  const read: ReadFile[] = [];
  for (const file of folder.articles) {
    const record = byPath.get(file.path);
    if (record && isUnchanged(record, file, folder, renderKey) && isFaultless(record.article.id)) {
      known.set(record.article.id, record);
      files.push(record);
    } else {
      unread.push(files.length);
      files.push(file);
    }
  }
  const results = await desk.read(
    unread.map((at) => files[at]?.path ?? ''),
    (done) => onProgress?.(done, unread.length),
  );
  const problems: ContentProblem[] = [...folder.problems];
  for (const [index, at] of unread.entries()) {
    const [file, result] = [files[at], results[index]];
    problems.push(...(result?.problems ?? []));
    if (!file || !result?.read) continue;
    const { path } = file;
    const { size, mtimeMs } = result.read;
    read.push({ path, read: result.read });
    files[at] = { path, size, mtimeMs };
  }
  return { files, known, read, problems };
}

function isUnchanged(record: ArticleRecord, file: ContentFile, folder: ContentFolder, renderKey: string): boolean {
  return (
    record.size === file.size &&
    record.mtimeMs === file.mtimeMs &&
    record.renderKey === renderKey &&
    record.article.attachments.every(({ path, bytes }) => folder.others.get(path)?.size === bytes)
  );
}
