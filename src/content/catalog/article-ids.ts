import type { Instant } from '../../clock.ts';
import { lazily } from '../../lazily.ts';
import type { ContentProblem } from '../problem.ts';
import type { ArticleRecord } from './article-store.ts';
import type { Paths } from './content-files.ts';

/** What identity looks at in a file that was read. */
export interface FileIdentity {
  /** Relative to `content/`. */
  readonly path: string;
  readonly explicitId: string | null;
  readonly lang: string;
  readonly slug: string;
  readonly date: Instant;
  /** Empty where there is no text, which identifies nothing. */
  readonly bodyHash: string;
}

export interface Identified {
  /** By path of the files that were asked about. One that is not in it has no identity, and a problem says why. */
  readonly ids: ReadonlyMap<string, string>;
  readonly problems: readonly ContentProblem[];
}

/**
 * Says which article each file is: by its `id`; else by its path together with slug, date or body; else by slug, language
 * and date; else by its body when the old path is gone. What is none of these is a new article. A path where everything
 * else is new is a problem rather than an edit, and so is another `id` in an article that readers know by the first.
 *
 * @param files In the order of their paths, without the known ones.
 * @param records By id.
 * @param present Paths of all files that are there, also of those that could not be read.
 * @param mint Makes a new id; called until it gives one that is not taken.
 * @param known Records of files that are what they were when their articles were last seen, by id.
 */
export function identifyArticles(
  files: readonly FileIdentity[],
  records: ReadonlyMap<string, ArticleRecord>,
  present: Paths,
  mint: (file: FileIdentity, attempt: number) => string,
  known: ReadonlyMap<string, ArticleRecord> = new Map(),
): Identified {
  const ids = new Map<string, string>();
  const problems: ContentProblem[] = [];
  if (files.length === 0) return { ids, problems };
  /** Ids that belong to somebody besides the known ones, with the path of the file. */
  const claimed = new Map<string, string>();
  const isClaimed = (id: string): boolean => claimed.has(id) || known.has(id);
  const refused = new Set<string>();
  const claim = (file: FileIdentity, id: string): void => {
    ids.set(file.path, id);
    claimed.set(id, file.path);
  };
  const refuse = (file: FileIdentity, field: string | null, code: string, message: string): void => {
    refused.add(file.path);
    problems.push({ file: `content/${file.path}`, line: 1, column: 1, field, code, message, blocking: true });
  };
  const open = (): FileIdentity[] => files.filter(({ path }) => !ids.has(path) && !refused.has(path));

  /** The records that are wanted; one whose file is there stands before one whose file is gone. */
  const recordsWhere = (isWanted: (record: ArticleRecord) => boolean): ArticleRecord[] =>
    records
      .values()
      .filter(isWanted)
      .toArray()
      .sort((a, b) => Number(a.goneAt !== null) - Number(b.goneAt !== null));
  // Only of what is asked for: of ten thousand records a saved file concerns one or none.
  const paths = new Set(files.map(({ path }) => path));
  const byPath = Map.groupBy(
    recordsWhere(({ path }) => paths.has(path)),
    ({ path }) => path,
  );
  const livingAt = (path: string): ArticleRecord | undefined => byPath.get(path)?.find(({ goneAt }) => goneAt === null);

  // Of two files with one id, the one that had it before keeps it.
  const owns = ({ path, explicitId }: FileIdentity): boolean => records.get(explicitId ?? '')?.path === path;
  const explicit = files.filter(({ explicitId }) => explicitId !== null);
  for (const file of explicit.toSorted((a, b) => Number(owns(b)) - Number(owns(a)))) {
    const id = file.explicitId ?? '';
    const other = claimed.get(id) ?? known.get(id)?.path;
    const living = livingAt(file.path);
    if (other !== undefined) {
      const message = `content/${other} has the same id. Take the line out here: a copy is an article of its own.`;
      refuse(file, 'id', 'duplicate-id', message);
    } else if (
      living &&
      living.article.id !== id &&
      wasPublished(living) &&
      !records.has(id) &&
      isSameThere(file, living)
    ) {
      // Every subscriber would get it a second time.
      claimed.set(living.article.id, file.path);
      const message = `Readers know this article by the id ${living.article.id}. Write that one, or take the line out.`;
      refuse(file, 'id', 'changed-id', message);
    } else claim(file, id);
  }

  for (const file of open()) {
    const same = byPath.get(file.path)?.find((record) => !isClaimed(record.article.id) && isSameThere(file, record));
    if (same) claim(file, same.article.id);
  }

  const knownPaths = lazily(() => pathsOf(known));
  /** Whether a file is there but couldn't be read: its article stays its own. */
  const isUnread = (path: string): boolean => present.has(path) && !paths.has(path) && !knownPaths().has(path);
  const isFree = ({ article, path, goneAt }: ArticleRecord): boolean =>
    !isClaimed(article.id) && (goneAt !== null || !isUnread(path));
  for (const keyOf of [nameKey, bodyKey]) {
    // In a first run none is known.
    const wanted = new Set(records.size === 0 ? [] : open().map(keyOf));
    if (wanted.size === 0) break;
    const keyOfRecord = ({ article: { lang, slug, date }, bodyHash }: ArticleRecord): string | null =>
      keyOf({ lang, slug, date, bodyHash });
    const byKey = Map.groupBy(
      recordsWhere((record) => wanted.has(keyOfRecord(record))),
      keyOfRecord,
    );
    for (const file of open()) {
      const key = keyOf(file);
      const record = key === null ? undefined : byKey.get(key)?.find(isFree);
      if (record) claim(file, record.article.id);
    }
  }

  for (const file of open()) {
    const record = livingAt(file.path);
    if (!record || isClaimed(record.article.id) || !wasPublished(record)) continue;
    const message =
      'This file holds a wholly different article than before. Give the new one a file of its own, or keep the slug, the date or the text.';
    refuse(file, null, 'path-reused', message);
  }

  for (const file of open()) {
    let id = mint(file, 1);
    for (let attempt = 2; isClaimed(id) || records.has(id); attempt++) id = mint(file, attempt);
    claim(file, id);
  }
  return { ids, problems };
}

/** Of all the records' files. */
export function pathsOf(records: ReadonlyMap<string, ArticleRecord>): Set<string> {
  const paths = new Set<string>();
  for (const { path } of records.values()) paths.add(path);
  return paths;
}

function wasPublished({ article }: ArticleRecord): boolean {
  return article.publishedAt !== null;
}

/** Whether a file at an article's path is that article: by its slug, date or text. */
export function isSameThere(
  file: Pick<FileIdentity, 'slug' | 'date' | 'bodyHash'>,
  { article, bodyHash }: ArticleRecord,
): boolean {
  const sameBody = file.bodyHash !== '' && file.bodyHash === bodyHash;
  return file.slug === article.slug || file.date === article.date || sameBody;
}

type Comparable = Pick<FileIdentity, 'lang' | 'slug' | 'date' | 'bodyHash'>;

function nameKey({ lang, slug, date }: Comparable): string {
  return `${lang} ${slug} ${date}`;
}

function bodyKey({ lang, bodyHash }: Comparable): string | null {
  return bodyHash === '' ? null : `${lang} ${bodyHash}`;
}
