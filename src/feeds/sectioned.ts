import type { Article } from '../content/index.ts';
import type { SectionKind } from '../site.ts';

/** What decides in which sections something stands. */
export type Sectioned = Pick<Article, 'countries' | 'topics' | 'authors'>;

/** `countries/armenia` */
export function sectionKey(kind: SectionKind, key: string): string {
  return `${kind}/${key}`;
}

/** The keys of all sections that it stands in, each once. */
export function sectionKeysOf({ countries, topics, authors }: Sectioned): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const key of countries) keys.add(sectionKey('countries', key));
  for (const key of topics) keys.add(sectionKey('topics', key));
  for (const { key } of authors) if (key !== null) keys.add(sectionKey('authors', key));
  return keys;
}
