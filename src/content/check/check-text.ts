import type { ArticleFields } from '../front-matter/article-fields.ts';
import type { BodyOutline } from '../markdown/body-outline.ts';
import type { ContentProblem } from '../problem.ts';
import { type CheckedArticle, problemIn } from './checked-article.ts';

type Read = Pick<CheckedArticle, 'path' | 'positions'> & {
  readonly fields: Pick<ArticleFields, 'title' | 'summary' | 'status' | 'link'>;
  readonly outline: BodyOutline;
  readonly body: string;
  /** The line of the file that the body begins on. */
  readonly bodyLine: number;
};

/** Characters; longer ones are cut in lists, in mails’ subjects and by most feed readers. */
const longTitle = 120;
const longSummary = 300;

/** What stands in a new article in place of a summary. */
export const placeholderSummary = 'Say here in one or two sentences what is new. Feeds and newsletters show it.';

/** What is off about one article's words. */
export function checkText(article: Read): ContentProblem[] {
  const { fields, outline, body, bodyLine } = article;
  const problems: ContentProblem[] = [];
  const warn = (place: string | number, code: string, message: string): void => {
    problems.push(problemIn(article, place, code, message));
  };
  const lineOf = (line: number): number => bodyLine + line - 1;
  const titleLength = lengthOf(fields.title);
  if (titleLength > longTitle) {
    warn('title', 'long-title', `title has ${titleLength} characters. Keep it under ${longTitle}.`);
  }
  const summaryLength = lengthOf(fields.summary);
  if (summaryLength > longSummary) {
    warn('summary', 'long-summary', `summary has ${summaryLength} characters. Keep it under ${longSummary}.`);
  }
  if (fields.summary === placeholderSummary && fields.status === 'published') {
    warn('summary', 'placeholder-summary', 'The summary is still the one of a new article. Write it.');
  }
  if (body.trim() === '' && fields.link === null && fields.status !== 'draft') {
    warn(bodyLine, 'empty-text', 'The article has no text. Write it, or set “status: draft”.');
  }
  for (const { line, alt } of outline.pictures) {
    if (alt !== '') continue;
    const message = 'The picture says nothing to those who can’t see it. Write what it shows: ![What it shows](…).';
    warn(lineOf(line), 'missing-alt', message);
  }
  for (const { label, line } of outline.missingNotes) {
    warn(lineOf(line), 'missing-footnote', `There is no footnote “${label}”. Add “[^${label}]: …” or take it out.`);
  }
  const lines = outline.unusedNotes.length > 0 ? body.split('\n') : [];
  for (const label of outline.unusedNotes) {
    const line = lines.findIndex((text) => text.trimStart().startsWith(`[^${label}]:`));
    const message = `Nothing refers to the footnote “${label}”, so it isn’t shown. Write [^${label}] where it belongs.`;
    warn(lineOf(line + 1), 'unused-footnote', message);
  }
  return problems;
}

function lengthOf(text: string): number {
  return [...text].length;
}
