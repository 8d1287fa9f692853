import type { PublishedCatalog } from '../content/index.ts';
import type { Site } from '../site.ts';
import { newFeedPath } from './old-feed-paths.ts';
import { basePath } from './view.ts';
import type { WebFeeds } from './web-app.ts';

/** The path that an old address leads to, as a link takes it (with the path of the publication's URL), or null. */
export type OldAddresses = (published: PublishedCatalog, path: string) => string | null;

/**
 * Finds where an article went by its `aliases`, and a feed by the address it had in Hugo, Jekyll, Eleventy, Ghost or
 * WordPress. Asked only where nothing else answers, so that it never stands before a live page.
 *
 * Addresses are compared without trailing slashes, decoded and in Unicode's composed form: it doesn't matter how a
 * front matter and a link in the wild spell the same letters.
 */
export function createOldAddresses(site: Site, feeds: Pick<WebFeeds, 'find'>): OldAddresses {
  const base = basePath(site);
  let known: PublishedCatalog | null = null;
  let aliases: ReadonlyMap<string, string> = new Map();
  return (published, path) => {
    if (published !== known) {
      known = published;
      aliases = gatherAliases(published);
    }
    const asked = plainPath(path);
    // An alias may be written with the path of the publication's URL or, as an address elsewhere on the host, without.
    const article = aliases.get(asked) ?? aliases.get(plainPath(base) + asked);
    if (article !== undefined) return article;
    const feed = newFeedPath(site, asked);
    return feed !== null && feeds.find(feed) !== null ? base + feed : null;
  };
}

/** An alias of two articles leads to the newer one. */
function gatherAliases(published: PublishedCatalog): Map<string, string> {
  const aliases = new Map<string, string>();
  for (const article of published.articles) {
    if (article.link !== null || article.aliases.length === 0) continue;
    const target = new URL(article.url).pathname;
    for (const alias of article.aliases) {
      const path = plainPath(alias);
      if (!aliases.has(path)) aliases.set(path, target);
    }
  }
  return aliases;
}

function plainPath(path: string): string {
  // Static hosts answer for a folder with its index.
  const named = path.replace(/\/index\.html?$/i, '/');
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
