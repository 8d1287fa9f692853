import type { PublishedCatalog } from '../content/index.ts';
import type { Site } from '../site.ts';
import { newFeedPath } from './old-feed-paths.ts';
import { basePath } from './view.ts';
import type { WebFeeds } from './web-app.ts';

/** Where old addresses lead: a path with its query, as a link takes it (with the path of the publication's URL), or null. */
export interface OldAddresses {
  /** Asked only where nothing else answers, so that an old address never stands before a live page. */
  find(published: PublishedCatalog, path: string, search: string): string | null;
  /** Only what its query tells apart (WordPress’ `/?p=123`): it may stand before a page that takes no query. */
  findByQuery(published: PublishedCatalog, path: string, search: string): string | null;
}

/** An alias with a query, and where it leads. */
interface QueryAlias {
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly target: string;
}

/** Paths that articles had, and what led to them by a query: by path and the first of its parameters. */
interface Aliases {
  readonly byPath: ReadonlyMap<string, string>;
  readonly byQuery: ReadonlyMap<string, readonly QueryAlias[]>;
}

/**
 * Finds where an article went by its `aliases`, and a feed by the address it had in Hugo, Jekyll, Eleventy, Ghost or
 * WordPress.
 *
 * Addresses are compared without trailing slashes, decoded and in Unicode's composed form: it doesn't matter how a
 * front matter and a link in the wild spell the same letters.
 */
export function createOldAddresses(site: Site, feeds: Pick<WebFeeds, 'find'>): OldAddresses {
  const base = basePath(site);
  let known: PublishedCatalog | null = null;
  let aliases: Aliases = { byPath: new Map(), byQuery: new Map() };

  function aliasesOf(published: PublishedCatalog): Aliases {
    if (published !== known) {
      known = published;
      aliases = gatherAliases(published);
    }
    return aliases;
  }

  /** An alias may be written with the path of the publication's URL or, as an address elsewhere on the host, without. */
  function spellings(path: string): readonly string[] {
    const asked = plainPath(path);
    return base === '' ? [asked] : [asked, plainPath(base + asked)];
  }

  function feedAt(path: string): string | null {
    const feed = newFeedPath(site, path);
    return feed !== null && feeds.find(feed) !== null ? base + feed : null;
  }

  function findByQuery(published: PublishedCatalog, path: string, search: string): string | null {
    if (search.length < 2) return null;
    const asked = new URLSearchParams(search);
    const { byQuery } = aliasesOf(published);
    for (const spelling of spellings(path)) {
      for (const [name, value] of asked) {
        const found = byQuery
          .get(queryKey(spelling, name, value))
          ?.find(({ query }) => query.every(([one, its]) => asked.has(one, its)));
        if (found) return found.target + without(asked, found);
      }
    }
    const feed = asked.get('feed');
    return feed === null ? null : feedAt(`${plainPath(path).replace(/\/$/, '')}/feed/${feed}`);
  }

  return {
    findByQuery,
    find(published, path, search) {
      const { byPath } = aliasesOf(published);
      const queried = findByQuery(published, path, search);
      if (queried !== null) return queried;
      for (const spelling of spellings(path)) {
        const article = byPath.get(spelling);
        if (article !== undefined) return article + search;
      }
      const feed = feedAt(plainPath(path));
      return feed === null ? null : feed + search;
    },
  };
}

/** An alias of two articles leads to the newer one. */
function gatherAliases(published: PublishedCatalog): Aliases {
  const byPath = new Map<string, string>();
  const byQuery = new Map<string, QueryAlias[]>();
  for (const article of published.articles) {
    if (article.link !== null || article.aliases.length === 0) continue;
    const target = new URL(article.url).pathname;
    for (const alias of article.aliases) {
      const [written = '', ...search] = alias.split('?');
      const path = plainPath(written);
      const query = [...new URLSearchParams(search.join('?'))];
      const [first] = query;
      if (first === undefined) {
        if (!byPath.has(path)) byPath.set(path, target);
        continue;
      }
      const key = queryKey(path, ...first);
      byQuery.set(key, [...(byQuery.get(key) ?? []), { query, target }]);
    }
  }
  return { byPath, byQuery };
}

function queryKey(path: string, name: string, value: string): string {
  return JSON.stringify([path, name, value]);
}

/** What is left of a query, with its question mark. */
function without(asked: URLSearchParams, { query }: QueryAlias): string {
  const rest = new URLSearchParams(asked);
  for (const [name, value] of query) rest.delete(name, value);
  return rest.size === 0 ? '' : `?${rest}`;
}

function plainPath(path: string): string {
  // Static hosts and WordPress answer for a folder with its index.
  const named = path.replace(/\/index\.(?:html?|php)$/i, '/');
  const short = named.length > 1 ? named.replace(/\/+$/, '') : named;
  return decoded(short).normalize('NFC');
}

function decoded(path: string): string {
  try {
    return decodeURI(path).replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase());
  } catch {
    return path; // no UTF-8: compared as it is written
  }
}
