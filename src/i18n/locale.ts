import { IntlMessageFormat } from 'intl-messageformat';
import type { Instant } from '../clock.ts';
import { dateFormat } from './date-format.ts';
import { type InterfaceLanguage, interfaceLanguageFor } from './languages.ts';
import { type MessageKey, messages } from './messages.ts';

export interface LocalDate {
  /** The day as its readers write it: `Friday 27 November 2026`, for Persian the Jalali date. */
  readonly main: string;
  /** For Persian the Gregorian date beside it; null elsewhere. */
  readonly other: string | null;
}

/** Words, dates and numbers in one language. */
export interface Locale {
  readonly lang: InterfaceLanguage;
  /** An ICU message. Values are plain text; the result is plain text too. Throws where a value is missing. */
  t(key: MessageKey, values?: Readonly<Record<string, string | number>>): string;
  /** Weekday, day, month and year in the publication's time zone. */
  day(instant: Instant): LocalDate;
  /** Day, month and year without the weekday. */
  date(instant: Instant): LocalDate;
  /** Hours and minutes, 24 h. */
  time(instant: Instant): string;
  number(value: number): string;
  /** A word with the mark that leads over to what it names: `Next edition:`. */
  label(word: string): string;
  /** The comma of the script, with a blank after it. */
  readonly comma: string;
  /** `a, b and c` */
  list(items: readonly string[]): string;
}

// British order (27 November 2026); Armenian and the others as CLDR has them. Persian digits come with `fa`.
const intlTags: Readonly<Record<InterfaceLanguage, string>> = {
  en: 'en-GB',
  hy: 'hy',
  az: 'az',
  ka: 'ka',
  ru: 'ru',
  fa: 'fa-IR',
  tr: 'tr',
};

/** @param timezone IANA name of the zone that dates are told in. */
export function createLocale(language: string, timezone: string): Locale {
  const lang = interfaceLanguageFor(language);
  const tag = intlTags[lang];
  const formats = new Map<string, IntlMessageFormat>();
  const formatOf = (key: MessageKey): IntlMessageFormat => {
    const known = formats.get(key);
    if (known) return known;
    const [area, word] = [key.slice(0, 4) as 'mail' | 'site', key.slice(5)];
    const text = messages[lang][area][word] ?? messages.en[area][word] ?? key;
    const made = new IntlMessageFormat(text, tag, undefined, { ignoreTag: true });
    formats.set(key, made);
    return made;
  };
  const number = new Intl.NumberFormat(tag);
  const time = dateFormat(tag, {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const list = new Intl.ListFormat(tag, { type: 'conjunction' });
  return {
    lang,
    t: (key, values) => String(formatOf(key).format(values)),
    day: (instant) => localDate(lang, tag, timezone, instant, true),
    date: (instant) => localDate(lang, tag, timezone, instant, false),
    time: (instant) => time.format(new Date(instant)),
    number: (value) => number.format(value),
    // Armenian’s full stop looks like a colon, so a word leads over with another mark.
    label: (word) => word + (lang === 'hy' ? '՝' : ':'),
    comma: lang === 'fa' ? '، ' : ', ',
    list: (items) => list.format(items),
  };
}

function localDate(
  lang: InterfaceLanguage,
  tag: string,
  timeZone: string,
  instant: Instant,
  weekday: boolean,
): LocalDate {
  const options: Intl.DateTimeFormatOptions = { timeZone, day: 'numeric', month: 'long', year: 'numeric' };
  if (weekday) options.weekday = 'long';
  const moment = new Date(instant);
  if (lang === 'fa' || lang === 'en') {
    // Assembled from parts: the ready-made Persian order is wrong, and English needs no commas.
    const gather = (calendarTag: string, withWeekday: boolean): string => {
      const parts = dateFormat(calendarTag, options).formatToParts(moment);
      const part = (type: string): string => parts.find((found) => found.type === type)?.value ?? '';
      const date = `${part('day')} ${part('month')} ${part('year')}`;
      return weekday && withWeekday ? `${part('weekday')} ${date}` : date;
    };
    if (lang === 'en') return { main: gather(tag, true), other: null };
    return { main: gather('fa-IR-u-ca-persian', true), other: gather('fa-IR-u-ca-gregory', false) };
  }
  const text = dateFormat(tag, options).format(moment);
  // Georgian has no sentence capitals: upper-casing gives letters that many fonts lack.
  const main = lang === 'ka' ? text : text.charAt(0).toLocaleUpperCase(tag) + text.slice(1);
  return { main, other: null };
}
