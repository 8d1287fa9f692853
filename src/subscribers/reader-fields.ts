import { lazily } from '../lazily.ts';
import { nearestKey } from '../nearest-key.ts';
import { defaultLanguage, type Site } from '../site.ts';
import { parseEmailAddress } from './email-address.ts';

/** What a reader may choose from. */
export interface ReaderChoices {
  /** The first is the default. */
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly newsletters: readonly string[];
}

export function readerChoices(site: Site, newsletters: readonly { readonly name: string }[]): ReaderChoices {
  return {
    languages: [defaultLanguage(site), ...site.languages.slice(1)],
    countries: Object.keys(site.countries),
    topics: Object.keys(site.topics),
    newsletters: newsletters.map(({ name }) => name),
  };
}

/** A reader as typed on a command line or in a file's row; empty text means not given. */
export interface ReaderTexts {
  readonly email: string;
  readonly name: string;
  /** In order of preference; empty: the default language. */
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly newsletters: readonly string[];
  readonly timezone: string;
}

export interface ReaderFields {
  readonly email: string;
  readonly name: string | null;
  /** In order of preference; at least one. */
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly newsletters: readonly string[];
  readonly timezone: string | null;
}

export type ParsedReader =
  | { readonly ok: true; readonly reader: ReaderFields }
  /** `reason` is a sentence for whoever wrote it. */
  | { readonly ok: false; readonly field: keyof ReaderTexts; readonly reason: string };

/** Checks what was typed against what there is. Never throws. */
export function parseReaderFields(texts: ReaderTexts, choices: ReaderChoices): ParsedReader {
  const email = parseEmailAddress(texts.email);
  if (!email.ok) return { ok: false, field: 'email', reason: email.reason };
  const name = parsePersonName(texts.name);
  if (!name.ok) return { ok: false, field: 'name', reason: name.reason };
  const languages: string[] = [];
  for (const text of texts.languages) {
    const language = findLanguage(text, choices.languages);
    if (language === null) return unknown('languages', 'language', text, choices.languages);
    if (!languages.includes(language)) languages.push(language);
  }
  if (languages.length === 0) languages.push(choices.languages[0] ?? 'en');
  if (!isTimezone(texts.timezone)) {
    return { ok: false, field: 'timezone', reason: `The time zone "${shown(texts.timezone)}" isn't known.` };
  }
  const lists = { countries: [] as string[], topics: [] as string[], newsletters: [] as string[] };
  for (const [field, what] of [
    ['countries', 'country'],
    ['topics', 'topic'],
    ['newsletters', 'newsletter'],
  ] as const) {
    for (const text of texts[field]) {
      const key = choices[field].find((known) => known.toLowerCase() === text.toLowerCase());
      if (key === undefined) return unknown(field, what, text, choices[field]);
      if (!lists[field].includes(key)) lists[field].push(key);
    }
  }
  const reader = { email: email.address.text, name: name.name, languages, ...lists, timezone: texts.timezone || null };
  return { ok: true, reader };
}

const longestName = 200;
/** Controls, line ends, private use (the mails' own marks) and what turns the direction of the text around it. */
const notInNames = /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\ufffd]|\p{Bidi_Control}/u;

/** A person's name as it may stand in a header and a page; null where none is given. */
export function parsePersonName(
  text: string,
): { readonly ok: true; readonly name: string | null } | { readonly ok: false; readonly reason: string } {
  const name = text.trim().normalize('NFC');
  if (notInNames.test(name)) return { ok: false, reason: 'The name holds a character that no name needs.' };
  if (name.length > longestName) return { ok: false, reason: `The name is longer than ${longestName} characters.` };
  return { ok: true, name: name === '' ? null : name };
}

/** `FA`, `fa-IR` and `fa_IR` are `fa` where only that is published. */
function findLanguage(text: string, languages: readonly string[]): string | null {
  const wanted = text.toLowerCase().replaceAll('_', '-');
  const known = (tag: string): string | undefined => languages.find((language) => language.toLowerCase() === tag);
  return known(wanted) ?? known(wanted.split('-', 1)[0] ?? '') ?? null;
}

/** Those that go by their usual name: a formatter for each row of a file costs more than all the rest of it. */
const usualTimezones = lazily((): ReadonlySet<string> => new Set(Intl.supportedValuesOf('timeZone')));

function isTimezone(text: string): boolean {
  if (text === '' || usualTimezones().has(text)) return true;
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(text)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== '';
  } catch {
    return false; // Intl throws a RangeError for a zone that it doesn't know
  }
}

function unknown(field: keyof ReaderTexts, what: string, text: string, known: readonly string[]): ParsedReader {
  if (known.length === 0) return { ok: false, field, reason: `The publication has no ${what} to choose.` };
  const near = nearestKey(text.slice(0, 100), known);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  return { ok: false, field, reason: `There is no ${what} "${shown(text)}".${hint} Known: ${known.join(', ')}.` };
}

/** Input quoted in a sentence for a terminal: short, and without anything that could steer it. */
function shown(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 60);
}
