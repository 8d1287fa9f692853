import type { Instant } from '../clock.ts';
import { parseArticleDate } from './article-date.ts';
import { parseFileName } from './file-name.ts';
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
    const { date } = parseFileName(file.path, file.site.languages);
    if (date !== null) file.set('date', date);
  }
  if (file.written['updated'] !== undefined) return;
  const updated = findDate(file, foreignKeys.updated);
  if (updated) file.set('updated', updated.text, updated.key);
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

/** `2019/05/01 10:00:00 UTC` and Go's `… +0400 +04` as Silkpost writes them. */
function asArticleDate(text: string): string {
  return text
    .replace(/^(\d{4})\/(\d{2})\/(\d{2})/, '$1-$2-$3')
    .replace(/ ?(?:UTC|GMT)$/, 'Z')
    .replace(/( [+-]\d{4}) (?:[A-Z]{2,5}|[+-]\d{2,4})$/, '$1');
}
