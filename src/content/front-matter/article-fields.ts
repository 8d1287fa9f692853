import type { Instant } from '../../clock.ts';
import { nearestKey } from '../../nearest-key.ts';
import { defaultLanguage, type Site } from '../../site.ts';
import type { ParsedYaml } from '../../yaml.ts';
import type { Author, Correction, DeclaredStatus, Place, Priority, Source, Translation } from '../article.ts';
import { type FileName, parseFileName } from '../file-name.ts';
import { findForeignMarkup } from '../foreign/foreign-markup.ts';
import type { ContentProblem } from '../problem.ts';
import { parseArticleDate } from './article-date.ts';
import type { WrittenArticle } from './article-schema.ts';
import type { SplitFile } from './front-matter.ts';
import { type FieldPath, readWrittenFields } from './written-fields.ts';

/** What the front matter and the file's name say, with defaults; pictures and sound are still references. */
export interface ArticleFields {
  readonly explicitId: string | null;
  readonly slug: string;
  readonly lang: string;
  readonly storySlug: string;
  readonly translation: Translation | null;
  readonly title: string;
  readonly summary: string;
  readonly date: Instant;
  readonly updated: Instant;
  readonly status: DeclaredStatus;
  readonly authors: readonly Author[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly place: Place | null;
  readonly image: WrittenArticle['image'] | null;
  readonly audio: WrittenArticle['audio'] | null;
  readonly link: string | null;
  readonly aliases: readonly string[];
  readonly sources: readonly Source[];
  readonly priority: Priority;
  readonly corrections: readonly Correction[];
}

export interface FieldsResult {
  /** Null where a problem is blocking. */
  readonly fields: ArticleFields | null;
  readonly problems: readonly ContentProblem[];
}

/**
 * The typed values of one article's front matter, also where it was written for another system (docs/migrating.md).
 *
 * @param path Of the file, relative to `content/`.
 * @param text The Markdown, which such a file's missing summary is taken from, and the line that it begins on. Without
 *   it nothing is said about the Markdown.
 */
export function parseArticleFields(
  front: ParsedYaml,
  path: string,
  site: Site,
  text: Omit<SplitFile, 'front'> | null = null,
): FieldsResult {
  const problems: ContentProblem[] = [];
  let origins: ReadonlyMap<string, string> = new Map();
  const report = (blocking: boolean, field: FieldPath, code: string, message: string): void => {
    const [key, ...rest] = field;
    const at = key === undefined ? [] : [origins.get(String(key)) ?? key, ...rest];
    const position = front.positionOf(at) ?? front.positionOf(at.slice(0, -1)) ?? front.positionOf(at.slice(0, 1));
    const { line, column } = position ?? { line: 1, column: 1 };
    const name = at.length === 0 ? null : at.join('.');
    problems.push({ file: `content/${path}`, line, column, field: name, code, message, blocking });
  };
  const block = report.bind(null, true);
  const warn = report.bind(null, false);

  const isForeign = text !== null && text.language !== 'yaml';
  const reading = readWrittenFields(front.value, { path, site, body: text?.body ?? null, isForeign });
  origins = reading.origins;
  for (const { blocking, at, code, message } of reading.faults) report(blocking, at, code, message);
  for (const { line, code, message } of findForeignMarkup(text?.body ?? '')) {
    const place = { line: (text?.bodyLine ?? 1) + line - 1, column: 1 };
    problems.push({ file: `content/${path}`, ...place, field: null, code, message, blocking: false });
  }
  const { written } = reading;
  if (written === null) return { fields: null, problems };

  const dateAt = (text: string, at: FieldPath): Instant | null => {
    const instant = parseArticleDate(text, site.timezone);
    const message = `${at.join('.')} “${text}” is not a date. Write 2023-04-09 or 2023-04-09T18:30:00+04:00.`;
    if (instant === null) block(at, `invalid-${at.length === 1 ? at[0] : 'date'}`, message);
    return instant;
  };
  const date = dateAt(written.date, ['date']);
  const updated = written.updated === undefined ? null : dateAt(written.updated, ['updated']);
  const corrections = written.corrections.flatMap(({ date: day, text }, index) => {
    const instant = dateAt(day, ['corrections', index, 'date']);
    return instant === null ? [] : [{ date: instant, text }];
  });

  const name = parseFileName(path, site.languages);
  const lang = languageOf(written.lang, name, site, block, warn);
  const slug = written.slug ?? name.slug;
  if (slug === '') {
    block([], 'missing-slug', 'The file’s name gives no address. Add “slug: some-latin-words”.');
  }

  /** Only the keys that the publication has; a wrong one costs the article its section, not its place. */
  const known = (kind: 'countries' | 'topics' | 'authors', key: string, at: FieldPath): boolean => {
    if (Object.hasOwn(site[kind], key)) return true;
    const near = nearestKey(key, Object.keys(site[kind]));
    const hint = near === null ? 'Add it to silkpost.yaml, or take it out.' : `Did you mean ${near}?`;
    warn(at, `unknown-${nouns[kind]}`, `“${key}” is not among ${kind} in silkpost.yaml, so it is ignored. ${hint}`);
    return false;
  };
  const keysOf = (kind: 'countries' | 'topics'): string[] =>
    [...new Set(written[kind])].filter((key) => known(kind, key, [kind, written[kind].indexOf(key)]));
  const authors = written.authors.flatMap((author, index): Author[] => {
    if (typeof author !== 'string') return [{ key: null, ...author }];
    const profile = known('authors', author, ['authors', index]) ? site.authors[author] : undefined;
    return profile ? [{ key: author, name: profile.name, url: profile.url }] : [];
  });
  const countries = keysOf('countries');
  const topics = keysOf('topics');
  if (written.image && written.image.alt === undefined) {
    warn(['image'], 'missing-alt', 'image.alt is missing. Say what the picture shows, for those who can’t see it.');
  }
  if (date === null || slug === '' || lang === null || problems.some(({ blocking }) => blocking)) {
    return { fields: null, problems };
  }
  return {
    problems,
    fields: {
      explicitId: written.id ?? null,
      slug,
      lang,
      storySlug: written.translationOf ?? slug,
      translation: written.translation ?? null,
      title: written.title,
      summary: written.summary,
      date,
      updated: latest([date, updated ?? date, ...corrections.map((correction) => correction.date)]),
      status: written.status,
      authors,
      countries,
      topics,
      place: written.place ?? null,
      image: written.image ?? null,
      audio: written.audio ?? null,
      link: written.link ?? null,
      aliases: [...new Set(written.aliases)],
      sources: written.sources,
      priority: written.priority,
      corrections: corrections.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
    },
  };
}

const nouns = { countries: 'country', topics: 'topic', authors: 'author' } as const;

function latest(instants: readonly Instant[]): Instant {
  return instants.reduce((a, b) => (a > b ? a : b));
}

function languageOf(
  written: string | undefined,
  { lang: suffix, folderLang }: FileName,
  site: Site,
  block: (at: FieldPath, code: string, message: string) => void,
  warn: (at: FieldPath, code: string, message: string) => void,
): string | null {
  const asked = written ?? suffix ?? folderLang ?? defaultLanguage(site);
  const lang = site.languages.find((known) => known.toLowerCase() === asked.toLowerCase()) ?? null;
  const at = written === undefined ? [] : ['lang'];
  if (lang === null) {
    const list = site.languages.join(', ');
    block(at, 'unknown-language', `“${asked}” is not among the publication’s languages (${list}) in silkpost.yaml.`);
  } else if (suffix !== null && suffix.toLowerCase() !== lang.toLowerCase()) {
    warn(at, 'language-differs', `The file’s name says ${suffix}, lang says ${lang}. Rename the file or correct lang.`);
  }
  return lang;
}
