import { type Article, createPlainText, type FullArticle, type Picture, type Story } from '../content/index.ts';
import type { SizedPicture } from '../feeds/index.ts';
import { createLocale, type Direction, directionOf, type Locale, languageName } from '../i18n/index.ts';
import type { Site } from '../site.ts';
import { countryNames } from './country-names.ts';
import { mailHtml } from './full-text.ts';

/** A story as templates see it, in one of the languages that it was told in. */
export interface StoryContext {
  /** For `cut`. */
  readonly key: string;
  /** Key of its group. */
  readonly group: string;
  readonly brief: boolean;
  readonly lang: string;
  readonly dir: Direction;
  readonly start: 'left' | 'right';
  readonly end: 'left' | 'right';
  /** Whether its language isn't the edition's. */
  readonly foreign: boolean;
  /** `in English`, in the edition's language; null unless foreign. */
  readonly in_language: string | null;
  /** Whether a machine translated it. */
  readonly machine_translated: boolean;
  readonly title: string;
  readonly summary: string;
  /** The whole text as simple HTML (say `raw`) and as plain text. */
  readonly html: string;
  readonly text: string;
  readonly url: string;
  /** Its countries and its place, in its own language. */
  readonly countries: string;
  readonly place: string | null;
  /** Above its headline in a group: the place, or the countries where the group doesn't name them. */
  readonly kicker: string | null;
  /** As the lead's picture, at most 600 wide, and in a group, at most 420; null without one for mail. */
  readonly lead_picture: PictureContext | null;
  readonly picture: PictureContext | null;
  readonly minutes: number;
  /** Day of its last change, in the edition's language. */
  readonly updated: string;
  /** 0 where none are named. */
  readonly source_count: number;
  /** Other languages it can be read in, each by its own name; empty without any. */
  readonly also_in: string;
  readonly corrections: readonly { readonly date: string; readonly text: string }[];
  readonly sources: readonly string[];
}

interface PictureContext {
  readonly url: string;
  readonly width: number;
  /** Null where the file's size isn't known. */
  readonly height: number | null;
  readonly alt: string;
  readonly caption: string | null;
  /** `Picture: Name`, in the story's language. */
  readonly credit: string | null;
}

const wordsPerMinute = 200;
const plainText = createPlainText();

/** Minutes to read this many words, at least one. */
export function readingMinutes(words: number): number {
  return Math.max(1, Math.round(words / wordsPerMinute));
}

export function storyContext(input: {
  readonly story: Story<FullArticle>;
  /** One of its own: what is told here. */
  readonly article: FullArticle;
  readonly key: string;
  /** Smaller files by the picture's URL. */
  readonly pictureSizes: Readonly<Record<string, readonly SizedPicture[]>>;
  readonly site: Site;
  readonly lang: string;
  readonly locale: Locale;
}): StoryContext {
  const { story, article, key, pictureSizes, site, lang, locale } = input;
  const dir = directionOf(article.lang);
  const group = groupOf(article);
  const own = createLocale(article.lang, site.timezone);
  const countries = own.list(countryNames(article.countries, article.lang, site));
  const others = [...story.byLanguage.keys()].filter((other) => other !== article.lang).map(languageName);
  const smaller = pictureSizes[article.image?.rasterUrl ?? ''] ?? [];
  return {
    key,
    group,
    brief: article.priority === 'brief',
    lang: article.lang,
    dir,
    start: dir === 'rtl' ? 'right' : 'left',
    end: dir === 'rtl' ? 'left' : 'right',
    foreign: article.lang !== lang,
    in_language: article.lang === lang ? null : locale.t('mail.in_language', languageValues(article.lang)),
    machine_translated: article.translation === 'machine',
    title: article.title,
    summary: article.summary,
    html: mailHtml(article.html, dir),
    text: plainText(article.html),
    url: article.url,
    countries,
    place: article.place?.name ?? null,
    kicker: group === 'region' ? countries : (article.place?.name ?? null),
    lead_picture: pictureContext(article.image, 600, smaller, own),
    picture: pictureContext(article.image, 420, smaller, own),
    minutes: readingMinutes(article.words),
    updated: locale.date(article.updated).main,
    source_count: article.sources.length,
    // Isolated: names in two directions stand side by side.
    also_in: others.map((name) => `\u2068${name}\u2069`).join(locale.comma),
    corrections: article.corrections.map(({ date, text }) => ({ date: locale.date(date).main, text })),
    sources: article.sources.map(({ title }) => title),
  };
}

/** One or two countries make a group of their own; more are the region's. */
export function groupOf(article: Article): string {
  if (article.priority === 'brief') return 'brief';
  if (article.countries.length === 0) return 'other';
  return article.countries.length > 2 ? 'region' : article.countries.toSorted().join('+');
}

function languageValues(lang: string): { code: string; name: string } {
  return { code: lang.split('-')[0] ?? lang, name: languageName(lang) };
}

function pictureContext(
  picture: Picture | null,
  room: number,
  smaller: readonly SizedPicture[],
  locale: Locale,
): PictureContext | null {
  if (!picture || picture.rasterUrl === null) return null;
  const width = Math.min(room, picture.width ?? room);
  const known = picture.width !== undefined && picture.height !== undefined && picture.width > 0;
  return {
    url: fileFor(smaller, room, picture.type) ?? picture.rasterUrl,
    width,
    height: known ? Math.round(((picture.height ?? 0) * width) / (picture.width ?? 1)) : null,
    alt: picture.alt,
    caption: picture.caption ?? null,
    credit: picture.credit === undefined ? null : locale.t('mail.credit', { name: picture.credit }),
  };
}

/** The narrowest file that is sharp on a screen of double density; of the same type, as mail programs know no WebP. */
function fileFor(smaller: readonly SizedPicture[], room: number, type: string | undefined): string | null {
  const sharp = smaller.filter((size) => size.type === type && size.width >= 2 * room);
  return sharp.toSorted((a, b) => a.width - b.width)[0]?.url ?? null;
}
