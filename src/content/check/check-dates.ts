import { type Instant, plusMs } from '../../clock.ts';
import { parseArticleDate } from '../front-matter/article-date.ts';
import type { ArticleFields } from '../front-matter/article-fields.ts';
import type { ContentProblem } from '../problem.ts';
import { type CheckedArticle, problemIn } from './checked-article.ts';

/** Dates as they stand in the front matter. */
export interface WrittenDates {
  readonly updated: string | null;
  /** In their order in the file. */
  readonly corrections: readonly string[];
}

type Dated = Pick<CheckedArticle, 'path' | 'positions'> & {
  readonly fields: Pick<ArticleFields, 'date' | 'status'>;
  readonly dates: WrittenDates;
};

const dayMs = 86_400_000;
const earliest: Instant = '1990-01-01T00:00:00.000Z';

/** Dates that are possible, but hardly meant. */
export function checkDates(article: Dated, timezone: string, now: Instant): ContentProblem[] {
  const { fields, dates } = article;
  const problems: ContentProblem[] = [];
  const warn = (field: string, code: string, message: string): void => {
    problems.push(problemIn(article, field, code, message));
  };
  if (fields.date > plusMs(now, 366 * dayMs)) {
    warn('date', 'date-far-ahead', 'date is more than a year ahead, and nobody sees the article until then.');
  } else if (fields.date < earliest) {
    warn('date', 'date-long-past', 'date is before 1990. Check the year.');
  }
  const updated = dates.updated === null ? null : spanOf(dates.updated, timezone);
  if (updated !== null && updated.last < fields.date) {
    warn('updated', 'updated-before-date', 'updated is earlier than date. Correct one of them, or take updated out.');
  } else if (updated !== null && updated.first > now && updated.first > fields.date) {
    warn('updated', 'updated-in-future', 'updated lies in the future. Write when the article was changed.');
  }
  for (const [index, text] of dates.corrections.entries()) {
    const corrected = spanOf(text, timezone);
    const field = `corrections.${index}.date`;
    if (corrected === null) continue;
    if (corrected.last < fields.date) {
      warn(field, 'correction-before-date', 'This correction is earlier than the article’s date. Correct one of them.');
    } else if (corrected.first > now) {
      warn(field, 'correction-in-future', 'This correction’s date lies in the future. Write when it was made.');
    }
  }
  return problems;
}

/** The first and the last instant that a date may mean: a date alone means any time of its day. */
function spanOf(text: string, timezone: string): { readonly first: Instant; readonly last: Instant } | null {
  const first = parseArticleDate(text, timezone);
  if (first === null) return null;
  return { first, last: text.trim().length > 10 ? first : plusMs(first, dayMs - 1) };
}
