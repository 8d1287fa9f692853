import type { Site } from '../../site.ts';
import { slugify } from '../file-name.ts';
import { webUrl } from '../front-matter/article-schema.ts';
import type { ForeignFile } from './foreign-file.ts';
import { entryOf, foreignKeys, isKeyShaped, listOf, textOf } from './foreign-keys.ts';

/** What other systems put on every post. */
const meaningless = new Set(['post', 'posts', 'all', 'nav', 'blog', 'uncategorized', 'uncategorised', 'articles']);

/** Tags and categories that are countries and topics of silkpost.yaml, by key or by title in any language. */
export function readTerms(file: ForeignFile): void {
  const found = { countries: new Set<unknown>(), topics: new Set<unknown>() };
  const ignored: string[] = [];
  let firstKey: string | null = null;
  for (const key of foreignKeys.terms) {
    for (const term of termsOf(file.written[key], file.site)) {
      const section = findSection(file.site, term);
      if (section) found[section.kind].add(section.key);
      else if (!meaningless.has(term.toLowerCase()) && !ignored.includes(term)) {
        ignored.push(term);
        firstKey ??= key;
      }
    }
  }
  for (const kind of ['countries', 'topics'] as const) {
    const own = listOf(file.written[kind]);
    const all = new Set([...own.map((key) => findSection(file.site, textOf(key) ?? '')?.key ?? key), ...found[kind]]);
    if (all.size > 0) file.set(kind, [...all]);
  }
  if (ignored.length === 0) return;
  const some = ignored.slice(0, 5).map((term) => `“${term.slice(0, 50)}”`);
  const rest = ignored.length > some.length ? ` and ${ignored.length - some.length} more` : '';
  const message = `${some.join(', ')}${rest}: no country or topic of silkpost.yaml, so ignored. Add a key or a title there to keep one.`;
  file.note(firstKey, 'ignored-terms', message);
}

/**
 * A list; lists in a list, as Hexo has its paths of categories; lists by name, as Zola has its taxonomies; or, as Jekyll
 * and some exporters have it, one text with commas or blanks between.
 */
function termsOf(value: unknown, site: Site): readonly string[] {
  if (typeof value === 'object' && value !== null) {
    const name = textOf(entryOf(value, 'name'));
    if (name !== null) return [name];
    const isList = Array.isArray(value);
    return Object.values(value).flatMap((item) =>
      isList ? (textOf(item) ?? termsOf(item, site)) : termsOf(item, site),
    );
  }
  const text = textOf(value) ?? '';
  if (text === '') return [];
  if (text.includes(',')) return text.split(',').flatMap((part) => textOf(part) ?? []);
  return findSection(site, text) ? [text] : text.split(/\s+/);
}

/** The country, else the topic, that a word of another system names; null where none. */
export function findSection(site: Site, term: string): { kind: 'countries' | 'topics'; key: string } | null {
  const wanted = comparable(term);
  if (wanted === '') return null;
  const slug = slugify(term);
  for (const kind of ['countries', 'topics'] as const) {
    if (slug !== '' && Object.hasOwn(site[kind], slug)) return { kind, key: slug };
  }
  for (const kind of ['countries', 'topics'] as const) {
    for (const [key, { title }] of Object.entries(site[kind])) {
      if (Object.values(title).some((text) => comparable(text) === wanted)) return { kind, key };
    }
  }
  return null;
}

/** Authors by key or by name; whoever is neither is named as written. Addresses of theirs stay out of the feeds. */
export function readAuthors(file: ForeignFile): void {
  const { written, site } = file;
  const from = written['authors'] === undefined ? 'author' : 'authors';
  const authors = listOf(written[from]).flatMap((author): unknown[] => {
    const name = textOf(author) ?? textOf(entryOf(author, 'name')) ?? textOf(entryOf(author, 'display_name'));
    if (name === null) return [];
    const key = authorKey(site, name);
    if (key !== null) return [key];
    // Under our own name for it, what looks like a key is one that is misspelt.
    if (from === 'authors' && typeof author === 'string' && isKeyShaped(name)) return [name];
    const url = webUrl.safeParse(entryOf(author, 'url')).data;
    return [{ name: name.replace(/\s*<[^>]*>$/, ''), ...(url === undefined ? {} : { url }) }];
  });
  file.set('authors', authors.length === 0 ? undefined : authors, from);
}

function authorKey(site: Site, name: string): string | null {
  if (Object.hasOwn(site.authors, name)) return name;
  const wanted = comparable(name);
  return Object.entries(site.authors).find(([, author]) => comparable(author.name) === wanted)?.[0] ?? null;
}

function comparable(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}
