import type { Instant } from '../../clock.ts';
import type { TextPosition } from '../../yaml.ts';
import type { ArticleState } from '../article.ts';
import type { ArticleFields } from '../front-matter/article-fields.ts';
import type { WrittenAddress } from '../markdown/body-outline.ts';
import type { ContentProblem } from '../problem.ts';

/** What the rules that look across articles need of one: little enough that a hundred thousand fit in memory. */
export interface CheckedArticle {
  /** Of the file, relative to `content/`. */
  readonly path: string;
  readonly fields: ArticleFields;
  /** Where fields stand in the file, by dotted name (`aliases.0`); what isn't written isn't in it. */
  readonly positions: ReadonlyMap<string, TextPosition>;
  /** Ids of headings and footnotes. */
  readonly anchors: ReadonlySet<string>;
  /** Links of the text, with the line of the file. */
  readonly links: readonly WrittenAddress[];
}

/** What a rule says of an article; `place` is a field's name, a line of the file, or null for the file itself. */
export function problemIn(
  article: Pick<CheckedArticle, 'path' | 'positions'>,
  place: string | number | null,
  code: string,
  message: string,
  blocking = false,
): ContentProblem {
  const field = typeof place === 'string' ? place : null;
  const written = field === null ? undefined : article.positions.get(field);
  const { line, column } = typeof place === 'number' ? { line: place, column: 1 } : (written ?? { line: 1, column: 1 });
  return { file: `content/${article.path}`, line, column, field, code, message, blocking };
}

/** Where an article stands at `now` by what its file alone says. */
export function writtenStateAt({ status, date }: ArticleFields, now: Instant): ArticleState {
  return status === 'published' && date > now ? 'scheduled' : status;
}
