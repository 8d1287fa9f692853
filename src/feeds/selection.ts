import type { Article } from '../content/index.ts';
import { nearestKey } from '../nearest-key.ts';
import type { Site } from '../site.ts';
import { plainLine } from './formats/feed-text.ts';

/** Any of the countries and any of the topics and any of the authors; an empty list means all. */
export interface Selection {
  /** Keys of `silkpost.yaml`, sorted, each once. */
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly authors: readonly string[];
}

/** What decides which selections something stands in. */
export type Sectioned = Pick<Article, 'countries' | 'topics' | 'authors'>;

export type ParsedSelection =
  | { readonly kind: 'selection'; readonly selection: Selection }
  /** The same selection has one address only. @see selectionQuery */
  | { readonly kind: 'redirect'; readonly query: string }
  /** Nothing is chosen: that is the home feed. */
  | { readonly kind: 'everything' }
  /** A sentence for the person who wrote the address. */
  | { readonly kind: 'invalid'; readonly message: string };

/** In the canonical order, with the word that a reader of the message knows; `kind` is understood as well. */
const parameters = [
  { name: 'country', kind: 'countries' },
  { name: 'topic', kind: 'topics' },
  { name: 'author', kind: 'authors' },
] as const;

/** What each parameter may be called, and its own name. */
const names: ReadonlyMap<string, string> = new Map(
  parameters.flatMap(({ name, kind }) => [
    [name, name],
    [kind, name],
  ]),
);

/** More than any address that a page of the publication gives; whatever is longer is nobody's. */
const maxQueryCharacters = 2000;
const maxKeys = 50;

/**
 * What `?country=armenia,iran&topic=security` selects. Any other spelling of it (another order, a parameter given
 * twice, `countries`, capitals, blanks, empty ones, parameters of somebody else such as `utm_source`) leads to this one.
 * One that is almost a parameter is a mistake, not somebody else's: who made it would get more than they asked for.
 *
 * @param query without its `?`. Never throws.
 */
export function parseSelection(query: string, site: Site): ParsedSelection {
  if (query.length > maxQueryCharacters) {
    return { kind: 'invalid', message: `The address is longer than ${maxQueryCharacters} characters.` };
  }
  const values = valuesOf(query);
  const mistaken = [...values.keys()].find((name) => !names.has(name) && nearestKey(name, [...names.keys()]) !== null);
  if (mistaken !== undefined) {
    const near = nearestKey(mistaken, [...names.keys()]) ?? '';
    const message = `There is no parameter “${mistaken}” here. Did you mean “${names.get(near)}”?`;
    return { kind: 'invalid', message };
  }
  const selection: Record<keyof Selection, string[]> = { countries: [], topics: [], authors: [] };
  for (const { name, kind } of parameters) {
    for (const wish of values.get(name) ?? []) {
      const key = findKey(wish, site[kind]);
      if (key === null) return { kind: 'invalid', message: unknownKey(name, wish, Object.keys(site[kind])) };
      if (!selection[kind].includes(key)) selection[kind].push(key);
    }
    selection[kind].sort();
  }
  const keys = selection.countries.length + selection.topics.length + selection.authors.length;
  if (keys === 0) return { kind: 'everything' };
  if (keys > maxKeys) return { kind: 'invalid', message: `A feed can select by at most ${maxKeys} keys.` };
  const canonical = selectionQuery(selection);
  return canonical === query ? { kind: 'selection', selection } : { kind: 'redirect', query: canonical };
}

/** The one way to write a selection, without `?`: `country=armenia,iran&topic=security`. */
export function selectionQuery(selection: Selection): string {
  return parameters
    .filter(({ kind }) => selection[kind].length > 0)
    .map(({ name, kind }) => `${name}=${selection[kind].map(encodeURIComponent).join(',')}`)
    .join('&');
}

/** Whether something stands in the selection: the rule by which a newsletter chooses for its readers, too. */
export function selectionMatches({ countries, topics, authors }: Sectioned, selection: Selection): boolean {
  return (
    chosen(countries, selection.countries) &&
    chosen(topics, selection.topics) &&
    (selection.authors.length === 0 || authors.some(({ key }) => key !== null && selection.authors.includes(key)))
  );
}

function chosen(keys: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length === 0 || keys.some((key) => wanted.includes(key));
}

/** What is wished by parameter, under its own name where it has one here. */
function valuesOf(query: string): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const [written, value] of new URLSearchParams(query)) {
    const wishes = value
      .split(',')
      .map(plainLine)
      .filter((wish) => wish !== '');
    const lower = written.toLowerCase();
    const name = names.get(lower) ?? lower;
    values.set(name, [...(values.get(name) ?? []), ...wishes]);
  }
  return values;
}

function findKey(wish: string, sections: Readonly<Record<string, unknown>>): string | null {
  const key = wish.toLowerCase();
  return Object.hasOwn(sections, key) ? key : null;
}

function unknownKey(parameter: string, wish: string, known: readonly string[]): string {
  const shown = wish.slice(0, 100);
  const near = nearestKey(shown, known);
  return `There is no ${parameter} “${shown}” here.${near === null ? '' : ` Did you mean “${near}”?`}`;
}
