import { strictUrl } from '../../web-address.ts';
import type { DeclaredStatus, Priority, Translation } from '../article.ts';
import { isKeyShaped } from '../foreign/foreign-keys.ts';
import {
  articleSchema,
  isAlias,
  isArticleId,
  isLanguageTag,
  isSlug,
  isWebUrl,
  maxDateLength,
  maxItems,
  maxKeyLength,
  parts,
  type WrittenArticle,
} from './article-schema.ts';
import { isCleanText } from './clean-text.ts';

/**
 * The front matter that nearly every file has, checked at a fifth of what the schema takes. Null for whatever is in the
 * least unusual: a key that articles don't have or that another system has, a text that has to be cleaned, a fault. Then
 * the schema has its say. What is not null is what that one gives, keys in the same order.
 */
export function readPlainFields(value: unknown): WrittenArticle | null {
  const reader = new PlainReader();
  const fields = reader.article(value);
  return reader.isPlain ? fields : null;
}

type Mapping = Readonly<Record<string, unknown>>;

const keysOf = {
  article: new Set(Object.keys(articleSchema.shape)),
  author: new Set(Object.keys(parts.author.shape)),
  place: new Set(Object.keys(parts.place.shape)),
  image: new Set(Object.keys(parts.image.shape)),
  source: new Set(Object.keys(parts.source.shape)),
  correction: new Set(Object.keys(parts.correction.shape)),
};

const statuses: Readonly<Record<string, DeclaredStatus>> = {
  draft: 'draft',
  published: 'published',
  withdrawn: 'withdrawn',
};
const translations: Readonly<Record<string, Translation>> = { machine: 'machine' };
const priorities: Readonly<Record<string, Priority>> = {
  lead: 'lead',
  normal: 'normal',
  brief: 'brief',
  breaking: 'breaking',
};

/** Reads on where something isn't plain, and says so in the end. */
class PlainReader {
  isPlain = true;

  article(value: unknown): WrittenArticle {
    const written = this.#mapping(value, keysOf.article);
    // What files of other systems leave out, and what is rare.
    if (written['date'] === undefined || written['audio'] !== undefined) this.isPlain = false;
    const { id, slug, updated, lang, translationOf, translation, place, image, link } = written;
    return {
      ...(id !== undefined && { id: this.#text(id, isArticleId) }),
      ...(slug !== undefined && { slug: this.#text(slug, isSlug) }),
      title: this.#line(written['title'], 500),
      summary: this.#line(written['summary'], 5000),
      date: this.#date(written['date']),
      ...(updated !== undefined && { updated: this.#date(updated) }),
      status: this.#word(written['status'], statuses, 'published'),
      ...(lang !== undefined && { lang: this.#text(lang, isLanguageTag) }),
      ...(translationOf !== undefined && { translationOf: this.#text(translationOf, isSlug) }),
      ...(translation !== undefined && { translation: this.#word(translation, translations, 'machine') }),
      authors: this.#list(written['authors'], (author) => this.#author(author)),
      countries: this.#list(written['countries'], (key) => this.#key(key)),
      topics: this.#list(written['topics'], (key) => this.#key(key)),
      ...(place !== undefined && { place: this.#place(place) }),
      ...(image !== undefined && { image: this.#image(image) }),
      ...(link !== undefined && { link: this.#url(link) }),
      aliases: this.#list(written['aliases'], (path) => this.#text(path, isPlainAlias)),
      sources: this.#list(written['sources'], (source) => this.#source(source)),
      priority: this.#word(written['priority'], priorities, 'normal'),
      corrections: this.#list(written['corrections'], (correction) => this.#correction(correction)),
    };
  }

  #author(value: unknown): WrittenArticle['authors'][number] {
    if (typeof value === 'string') return this.#text(value, isPlainKey);
    const { name, url, email } = this.#mapping(value, keysOf.author);
    // Rare.
    if (email !== undefined) this.isPlain = false;
    return { name: this.#line(name, 200), ...(url !== undefined && { url: this.#url(url) }) };
  }

  #place(value: unknown): WrittenArticle['place'] {
    if (typeof value === 'string') return { name: this.#line(value, 200) };
    const { name, lat, lon } = this.#mapping(value, keysOf.place);
    if ((lat === undefined) !== (lon === undefined)) this.isPlain = false;
    return {
      name: this.#line(name, 200),
      ...(lat !== undefined && { lat: this.#degrees(lat, 90) }),
      ...(lon !== undefined && { lon: this.#degrees(lon, 180) }),
    };
  }

  #image(value: unknown): WrittenArticle['image'] {
    if (typeof value === 'string') return { src: this.#fileReference(value) };
    const { src, alt, caption, credit } = this.#mapping(value, keysOf.image);
    return {
      src: this.#fileReference(src),
      ...(alt !== undefined && { alt: alt === '' ? '' : this.#line(alt, 1000) }),
      ...(caption !== undefined && { caption: this.#line(caption, 2000) }),
      ...(credit !== undefined && { credit: this.#line(credit, 500) }),
    };
  }

  #source(value: unknown): WrittenArticle['sources'][number] {
    if (typeof value === 'string') return { title: this.#line(value, 500) };
    const { title, url } = this.#mapping(value, keysOf.source);
    return { title: this.#line(title, 500), ...(url !== undefined && { url: this.#url(url) }) };
  }

  #correction(value: unknown): WrittenArticle['corrections'][number] {
    const { date, text } = this.#mapping(value, keysOf.correction);
    return { date: this.#date(date), text: this.#line(text, 5000) };
  }

  #mapping(value: unknown, known: ReadonlySet<string>): Mapping {
    if (isMapping(value) && Object.keys(value).every((key) => known.has(key))) return value;
    this.isPlain = false;
    return {};
  }

  /** A list, or one item alone. */
  #list<Item>(value: unknown, read: (item: unknown) => Item): Item[] {
    if (value === undefined) return [];
    const items: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (items.length > maxItems) this.isPlain = false;
    return items.map(read);
  }

  #text(value: unknown, isGood: (text: string) => boolean): string {
    if (typeof value === 'string' && isCleanText(value) && isGood(value)) return value;
    this.isPlain = false;
    return '';
  }

  #line(value: unknown, most: number): string {
    return this.#text(value, (text) => text.length <= most && isOneLine(text));
  }

  #date(value: unknown): string {
    return this.#text(value, (text) => text.length <= maxDateLength);
  }

  #key(value: unknown): string {
    return this.#text(value, (text) => text.length <= maxKeyLength);
  }

  #fileReference(value: unknown): string {
    return this.#text(value, (text) => text !== '' && text.length <= 2000 && text.trim() === text);
  }

  #url(value: unknown): string {
    const url = this.#text(value, (text) => text.trim() === text && isWebUrl(text));
    return url === '' ? '' : strictUrl(new URL(url));
  }

  #word<Word>(value: unknown, words: Readonly<Record<string, Word>>, usual: Word): Word {
    if (value === undefined) return usual;
    const word = typeof value === 'string' && Object.hasOwn(words, value) ? words[value] : undefined;
    if (word === undefined) this.isPlain = false;
    return word ?? usual;
  }

  #degrees(value: unknown, most: number): number {
    if (typeof value === 'number' && value >= -most && value <= most) return value;
    this.isPlain = false;
    return 0;
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As the schema would leave it. */
function isOneLine(text: string): boolean {
  return text !== '' && !/[\t\r\n\f\v]| {2}/.test(text) && text.trim() === text;
}

/** What other systems write otherwise. */
function isPlainKey(text: string): boolean {
  return text.length <= maxKeyLength && isKeyShaped(text);
}

function isPlainAlias(path: string): boolean {
  return isAlias(path) && !path.includes('%');
}
