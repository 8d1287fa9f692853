import { dirname, posix } from 'node:path/posix';
import type { Site } from '../../site.ts';
import { isAlias } from '../front-matter/article-schema.ts';
import type { ForeignFile } from './foreign-file.ts';
import { guidOf } from './foreign-id.ts';
import { foreignKeys, listOf, textOf } from './foreign-keys.ts';

/** Jekyll's names for whole patterns, which the old site's configuration had. */
const patterns = new Set(['date', 'pretty', 'ordinal', 'weekdate', 'none']);

/** Old addresses of the article, as aliases; where it sends its readers on to, as its link. */
export function readAddresses(file: ForeignFile): void {
  const { written, site } = file;
  const found = new Set<string>();
  const own = ['permalink', 'url', 'path'].flatMap((key) => {
    const text = typeof written[key] === 'string' ? textOf(written[key]) : null;
    return text === null || patterns.has(text) ? [] : [{ key, text }];
  });
  for (const { key, text } of own) {
    const path = /\{\{|\{%|\/:[a-z]/.test(text) ? null : oldPath(text, '/', site);
    if (path === null) file.note(key, 'ignored-address', sentence(text));
    else found.add(path);
  }
  const [ownPath] = found;
  const base = `${dirname(ownPath ?? `/${file.path.replace(/\/index\.[^/]+$/i, '')}`)}/`;
  for (const key of ['aliases', 'redirect_from']) {
    for (const item of listOf(written[key])) {
      const text = textOf(item);
      if (text === null) continue;
      const path = oldPath(text, base, site);
      if (path === null) file.note(key, 'ignored-address', sentence(text));
      else found.add(path);
    }
  }
  const link = textOf(written['link']);
  const linked = link === null || !isOurs(link, site) ? null : oldPath(link, '/', site);
  if (linked !== null) {
    file.set('link', undefined);
    found.add(linked);
  }
  for (const key of foreignKeys.id) {
    const guid = guidOf(written[key]);
    const path = guid === null || !isOurs(guid, site) ? null : oldPath(guid, '/', site);
    if (path !== null) found.add(path);
  }
  if (found.size > 0 || written['aliases'] !== undefined) file.set('aliases', [...found]);
}

function sentence(text: string): string {
  const host = /^https?:/i.test(text) && !text.includes('?') ? URL.parse(text)?.origin : undefined;
  if (host !== undefined) {
    return `${host} is not under publication.formerUrls in silkpost.yaml, so “${text.slice(0, 100)}” is not kept. Add it there if it is the old site.`;
  }
  return `“${text.slice(0, 100)}” is not an address on the old site that can be kept. Write the path itself, such as /2019/05/old-address, under aliases.`;
}

/**
 * A path as requests are compared with it: decoded, without a slash at its end, below the publication's URL; with its
 * query, which may tell it apart from others. Null for an address elsewhere, and for the front page.
 *
 * @param base What a relative address is relative to.
 */
export function oldPath(text: string, base: string, site: Site): string | null {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(text) && !isOurs(text, site)) return null;
  const [whole = ''] = text.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split('#');
  const [address = '', ...search] = whole.split('?');
  const full = decoded(address.startsWith('/') ? address : base + address);
  if (full.split('/').includes('..') && address.startsWith('/')) return null;
  const below = URL.parse(site.url)?.pathname.replace(/\/+$/, '') ?? '';
  const path = posix
    .normalize(full.startsWith(`${below}/`) ? full.slice(below.length) : full)
    .replace(/\/index\.(?:html?|php)$/i, '')
    .replace(/\/+$/, '');
  const query = plainQuery(search.join('?'));
  const alias = query === '' ? path : `${path || '/'}?${query}`;
  return isAlias(alias) ? alias : null;
}

/** WordPress needs the row's number alone (`?post_type=post&p=123`). */
export function plainQuery(query: string): string {
  return /(?:^|&)((?:p|page_id)=\d+)(?:&|$)/.exec(query)?.[1] ?? query;
}

function isOurs(text: string, site: Site): boolean {
  const host = URL.parse(text)?.host;
  return host !== undefined && [site.url, ...site.formerUrls].some((url) => URL.parse(url)?.host === host);
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
