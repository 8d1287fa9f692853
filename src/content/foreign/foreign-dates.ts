import type { Instant } from '../../clock.ts';
import { parseFileName } from '../file-name.ts';
import { parseArticleDate } from '../front-matter/article-date.ts';
import type { ForeignFile } from './foreign-file.ts';
import { foreignKeys, textOf } from './foreign-keys.ts';

interface FoundDate {
  readonly key: string;
  readonly text: string;
  readonly instant: Instant;
}

/** What Eleventy works out when it builds: the times of the file, which a copy doesn't keep, or of the last commit. */
const computed = /^(?:git )?(?:last modified|created)$/i;

/**
 * `date` is the latest of the dates from which an article was to be seen, so that none appears before its time; without
 * one it is the day in the file's name. `updated` is the first that is a date.
 */
export function readDates(file: ForeignFile): void {
  const written = textOf(file.written['date']);
  if (written !== null && computed.test(written)) {
    file.set('date', undefined);
    const message = `“${written}” changes when the file is copied. Write the day on which the article was published.`;
    file.note('date', 'computed-date', message);
  }
  const first = findDate(file, ['date']) ?? findDate(file, foreignKeys.date);
  const visible = ['publishDate', 'published'].flatMap((key) => findDate(file, [key]) ?? []);
  const latest = visible.reduce((a, b) => (a === null || b.instant > a.instant ? b : a), first);
  if (latest) file.set('date', latest.text, latest.key);
  else if (written === null || computed.test(written)) {
    const date = parseFileName(file.path, file.site.languages).date ?? dayOfAddress(file);
    if (date !== null) file.set('date', date);
  }
  const updated = findDate(file, ['updated', ...foreignKeys.updated]);
  if (updated) file.set('updated', updated.text, updated.key);
  else if (file.written['updated'] !== undefined) {
    file.set('updated', undefined);
    const message = 'updated is not a date, so it is ignored. Write 2023-04-09 or 2023-04-09T18:30:00+04:00.';
    file.note('updated', 'ignored-date', message);
  }
}

/** The day that the article's old address begins with, or the folders that its file lies in: `/2019/05/01/name`. */
function dayOfAddress({ written, path }: ForeignFile): string | null {
  for (const address of [...['permalink', 'url', 'path'].map((key) => textOf(written[key]) ?? ''), path]) {
    const [, year, month, day] = /(?:^|\/)(\d{4})\/(\d{2})\/(\d{2})(?:\/|$)/.exec(address) ?? [];
    if (day !== undefined) return `${year}-${month}-${day}`;
  }
  return null;
}

function findDate({ written, site }: ForeignFile, keys: readonly string[]): FoundDate | null {
  for (const key of keys) {
    const value = written[key];
    if (typeof value !== 'string') continue;
    const text = asArticleDate(key.endsWith('_gmt') ? `${value.trim()} Z` : value.trim());
    const instant = parseArticleDate(text, site.timezone);
    if (instant !== null) return { key, text, instant };
  }
  return null;
}

/** `2019/5/1 9:00:00 UTC`, Go's `… +0400 +04`, `May 1, 2019` and a mail's `Wed, 01 May 2019 …` as Silkpost writes them. */
function asArticleDate(text: string): string {
  return (
    withMonthNumber(text)
      .replace(/^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)/, (_, year, month, day) => `${year}-${two(month)}-${two(day)}`)
      .replace(/^([\d-]{10}[T ])(\d:)/, '$10$2')
      // A minute has no 79th second, but it was written, and other systems read on over it.
      .replace(/^([\d-]{10}[T ]\d{2}:\d{2}):[6-9]\d/, '$1:59')
      .replace(/ ?(?:UTC|GMT)$/, 'Z')
      .replace(/( [+-]\d{4}) (?:[A-Z]{2,5}|[+-]\d{2,4})$/, '$1')
  );
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `Jul 08 2022`, `8 July 2022 10:00`, also with the day of the week, with the month as a number. */
function withMonthNumber(text: string): string {
  const named = /^(?:[a-z]{3,9},? )?(?:(\d{1,2}) ([a-z]{3,9})|([a-z]{3,9}) (\d{1,2})),? (\d{4})(?!\d)/i.exec(text);
  if (named === null) return text;
  const [whole, before, first, second, after, year] = named;
  const month = months.indexOf((first ?? second ?? '').slice(0, 3).toLowerCase()) + 1;
  return month === 0 ? text : `${year}-${month}-${before ?? after}${text.slice(whole.length)}`;
}

function two(digits: string): string {
  return digits.padStart(2, '0');
}
