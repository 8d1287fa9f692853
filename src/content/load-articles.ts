import type { ArticleDesk } from './article-desk.ts';
import type { ArticleRecord } from './article-store.ts';
import type { ContentFile, ContentFolder } from './content-files.ts';
import type { LoadedFile } from './next-records.ts';
import type { ContentProblem } from './problem.ts';

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

export interface LoadedArticles {
  /** In the order of their paths, without those that can't be read. */
  readonly loaded: readonly LoadedFile[];
  readonly problems: readonly ContentProblem[];
}

/** Every article of a folder: from its record where its file is as it was, read where it isn't. */
export async function loadArticles(input: LoadArticlesInput): Promise<LoadedArticles> {
  const { folder, records, renderKey, desk, isFaultless, onProgress } = input;
  const byPath = new Map<string, ArticleRecord>();
  for (const record of records) if (record.goneAt === null) byPath.set(record.path, record);
  const cached = (file: ContentFile): boolean => {
    const record = byPath.get(file.path);
    return record !== undefined && isUnchanged(record, file, folder, renderKey) && isFaultless(record.article.id);
  };
  const unread = folder.articles.filter((file) => !cached(file));
  const all = unread.length;
  const results = await desk.read(
    unread.map(({ path }) => path),
    (done) => onProgress?.(done, all),
  );
  const byFile = new Map(unread.map((file, index) => [file, results[index]]));
  const problems: ContentProblem[] = [...folder.problems];
  const loaded: LoadedFile[] = [];
  for (const file of folder.articles) {
    const result = byFile.get(file);
    if (result === undefined) {
      const record = byPath.get(file.path);
      if (!record) continue;
      const { article, bodyHash } = record;
      loaded.push({ file, read: { article, bodyHash, explicitId: null }, cached: record });
      continue;
    }
    problems.push(...result.problems);
    if (result.read) loaded.push({ file, read: result.read, cached: null });
  }
  return { loaded, problems };
}

function isUnchanged(record: ArticleRecord, file: ContentFile, folder: ContentFolder, renderKey: string): boolean {
  return (
    record.size === file.size &&
    record.mtimeMs === file.mtimeMs &&
    record.renderKey === renderKey &&
    record.article.attachments.every(({ path, bytes }) => folder.others.get(path)?.size === bytes)
  );
}
