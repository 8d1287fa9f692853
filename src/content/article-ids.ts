import type { Instant } from '../clock.ts';
import type { ArticleRecord } from './article-store.ts';
import type { ContentProblem } from './problem.ts';

/** What identity looks at in a file that was read. */
export interface FileIdentity {
  /** Relative to `content/`. */
  readonly path: string;
  readonly explicitId: string | null;
  readonly lang: string;
  readonly slug: string;
  readonly date: Instant;
  readonly bodyHash: string;
}

export interface Identified {
  /** By path. A file that is not in it has no identity, and a problem says why. */
  readonly ids: ReadonlyMap<string, string>;
  readonly problems: readonly ContentProblem[];
}

/**
 * Says which article each file is: by its `id`; else by its path together with slug, date or body; else by slug, language
 * and date; else by its body when the old path is gone. What is none of these is a new article. A path where everything
 * else is new is a problem rather than an edit.
 *
 * @param files In the order of their paths.
 * @param present Paths of all files that are there, also of those that could not be read.
 * @param mint Makes a new id; called until it gives one that is not taken.
 */
export function identifyArticles(
  files: readonly FileIdentity[],
  records: readonly ArticleRecord[],
  present: ReadonlySet<string>,
  mint: (file: FileIdentity, attempt: number) => string,
): Identified {
  const ids = new Map<string, string>();
  const problems: ContentProblem[] = [];
  const claimed = new Map<string, string>();
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
  const livePath = new Map(records.filter(({ goneAt }) => goneAt === null).map((record) => [record.path, record]));
  const lastPath = new Map(records.map((record) => [record.article.id, record.path]));

  // Of two files with one id, the one that had it before keeps it.
  const explicit = files.filter(({ explicitId }) => explicitId !== null);
  const owners = explicit.toSorted((a, b) => Number(isOwner(b, lastPath)) - Number(isOwner(a, lastPath)));
  for (const file of owners) {
    const id = file.explicitId ?? '';
    const other = claimed.get(id);
    if (other === undefined) claim(file, id);
    else {
      const message = `content/${other} has the same id. Take the line out here: a copy is an article of its own.`;
      refuse(file, 'id', 'duplicate-id', message);
    }
  }

  for (const file of open()) {
    const record = livePath.get(file.path);
    if (record === undefined || claimed.has(record.article.id)) continue;
    if (isSameThere(file, record)) claim(file, record.article.id);
    else {
      const message =
        'This file holds a wholly different article than before. Give the new one a file of its own, or keep the slug, the date or the text.';
      refuse(file, null, 'path-reused', message);
    }
  }

  const free = (record: ArticleRecord): boolean =>
    !claimed.has(record.article.id) && (record.goneAt !== null || !present.has(record.path));
  for (const same of [isSameName, isSameBody]) {
    for (const file of open()) {
      const record = records.find((candidate) => free(candidate) && same(file, candidate));
      if (record) claim(file, record.article.id);
    }
  }

  const taken = new Set([...claimed.keys(), ...records.map(({ article }) => article.id)]);
  for (const file of open()) {
    let id = mint(file, 1);
    for (let attempt = 2; taken.has(id); attempt++) id = mint(file, attempt);
    taken.add(id);
    claim(file, id);
  }
  return { ids, problems };
}

function isOwner(file: FileIdentity, lastPath: ReadonlyMap<string, string>): boolean {
  return lastPath.get(file.explicitId ?? '') === file.path;
}

function isSameThere(file: FileIdentity, { article, bodyHash }: ArticleRecord): boolean {
  return file.slug === article.slug || file.date === article.date || file.bodyHash === bodyHash;
}

function isSameName(file: FileIdentity, { article }: ArticleRecord): boolean {
  return file.slug === article.slug && file.lang === article.lang && file.date === article.date;
}

function isSameBody(file: FileIdentity, { article, bodyHash }: ArticleRecord): boolean {
  return file.lang === article.lang && file.bodyHash === bodyHash;
}
