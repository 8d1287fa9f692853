import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../../clock.ts';
import type { Site } from '../../site.ts';
import { listContentFiles } from '../catalog/content-files.ts';
import { createMarkdownParser } from '../markdown/markdown.ts';
import type { ContentProblem } from '../problem.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkLinks } from './check-links.ts';
import { checkTranslations, findMissingTranslations, type MissingTranslations } from './check-translations.ts';
import { checkUnread } from './check-unread.ts';
import type { CheckedArticle } from './checked-article.ts';
import { type CheckReader, readCheckedArticle } from './read-checked-article.ts';

export interface ContentCheck {
  /** Articles' files. */
  readonly files: number;
  /** By file, line and column. */
  readonly problems: readonly ContentProblem[];
  readonly translations: MissingTranslations;
}

export interface CheckOptions {
  readonly contentDir: string;
  readonly site: Site;
  readonly now: Instant;
  readonly onProgress?: (done: number, all: number) => void;
}

/** Files read between two looks at the rest of the world. */
const filesAtOnce = 25;

/**
 * Reads every article anew and finds what is wrong with it, alone and among the others. Needs no database and writes
 * nothing; what only the ids of earlier builds could tell is left to a build.
 */
export async function checkContent({ contentDir, site, now, onProgress }: CheckOptions): Promise<ContentCheck> {
  const folder = await listContentFiles(contentDir);
  const problems: ContentProblem[] = [...folder.problems];
  if (!folder.exists) problems.push(noContent);
  const reader: CheckReader = {
    site,
    contentDir,
    now,
    folder,
    markdown: createMarkdownParser(),
    seenPictures: new Set(),
  };
  const articles: CheckedArticle[] = [];
  const broken = new Set<string>();
  for (const [index, file] of folder.articles.entries()) {
    const checked = await readCheckedArticle(reader, file);
    problems.push(...checked.problems);
    if (checked.article) articles.push(checked.article);
    else broken.add(file.path);
    if (index % filesAtOnce === 0) {
      onProgress?.(index, folder.articles.length);
      await nextTurn();
    }
  }
  problems.push(
    ...checkAddresses(articles, site),
    ...checkTranslations(articles),
    ...checkLinks(articles, { site, now, broken, others: folder.others }),
    ...(await checkUnread(contentDir, folder)),
  );
  const translations = findMissingTranslations(articles, site.languages, now);
  return { files: folder.articles.length, problems: sortProblems(problems), translations };
}

const noContent: ContentProblem = {
  file: 'content',
  line: null,
  column: null,
  field: null,
  code: 'no-content',
  message: 'There is no folder content/. Make it, or begin with silkpost new.',
  blocking: true,
};

/** By file, then line, then column; what has no line comes first. */
export function sortProblems(problems: readonly ContentProblem[]): ContentProblem[] {
  return problems.toSorted(
    (a, b) =>
      compare(a.file, b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0) ||
      compare(a.code, b.code),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
