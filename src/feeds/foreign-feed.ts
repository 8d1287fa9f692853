import { type Instant, toInstant } from '../clock.ts';
import type { ForeignEntry } from '../content/index.ts';
import { sentenceOf } from '../errors.ts';
import { parseXml, type XmlElement } from './formats/xml-tree.ts';

/** A document of the old site. */
export interface ForeignFeed {
  /** What it is. A sitemap has no guids: its addresses stand for them, which is right for Hugo and Eleventy alone. */
  readonly kind: 'rss' | 'atom' | 'sitemap';
  readonly entries: readonly ForeignEntry[];
}

/** Why a document gives no entries: one sentence. */
export interface ForeignFeedFault {
  readonly message: string;
}

/** WordPress exports these beside posts. */
const noArticles = new Set([
  'attachment',
  'nav_menu_item',
  'wp_navigation',
  'wp_global_styles',
  'wp_template',
  'revision',
]);

/** Reads an RSS 2.0 or Atom feed, WordPress' export (WXR, which is RSS), or a sitemap. */
export function parseForeignFeed(text: string): ForeignFeed | ForeignFeedFault {
  let root: XmlElement;
  try {
    root = parseXml(text.replace(/^\uFEFF/, '').trimStart());
  } catch (error) {
    // The parser's second to fourth lines count from 0.
    const [why = ''] = sentenceOf(error).split('\n');
    return {
      message: `It isn’t XML that can be read: ${why.replace(/\.$/, '')}. Give the old site’s RSS or Atom feed.`,
    };
  }
  if (root['rss']) {
    return { kind: 'rss', entries: children(child(root['rss'], 'channel'), 'item').flatMap(rssEntry) };
  }
  if (root['feed']) return { kind: 'atom', entries: children(root['feed'], 'entry').flatMap(atomEntry) };
  if (root['urlset']) return { kind: 'sitemap', entries: children(root['urlset'], 'url').flatMap(sitemapEntry) };
  if (root['sitemapindex']) return { message: 'It only names other sitemaps. Give one of those.' };
  return { message: 'It is neither RSS nor Atom nor a sitemap. Give the old site’s feed.' };
}

function rssEntry(item: XmlElement): ForeignEntry[] {
  const url = textOf(item, 'link');
  const guid = textOf(item, 'guid') ?? url;
  if (guid === null || noArticles.has(textOf(item, 'wp:post_type') ?? '')) return [];
  const date = instantOf(textOf(item, 'pubDate') ?? textOf(item, 'dc:date'));
  return [{ guid, url, slug: textOf(item, 'wp:post_name'), title: textOf(item, 'title'), date }];
}

function atomEntry(entry: XmlElement): ForeignEntry[] {
  const guid = textOf(entry, 'id');
  if (guid === null) return [];
  const links = children(entry, 'link').flatMap(({ _attributes: { href, rel = 'alternate' } = {} }) =>
    rel === 'alternate' && typeof href === 'string' ? [href] : [],
  );
  const date = instantOf(textOf(entry, 'published') ?? textOf(entry, 'updated'));
  return [{ guid, url: links[0] ?? null, slug: null, title: textOf(entry, 'title'), date }];
}

function sitemapEntry(url: XmlElement): ForeignEntry[] {
  const guid = textOf(url, 'loc');
  return guid === null ? [] : [{ guid, url: guid, slug: null, title: null, date: null }];
}

function child(element: XmlElement, name: string): XmlElement {
  return children(element, name)[0] ?? {};
}

/** xml-js gives one child as an object and several as a list. */
function children(element: XmlElement, name: string): readonly XmlElement[] {
  const found: unknown = element[name];
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return list.filter((one): one is XmlElement => typeof one === 'object' && one !== null);
}

/** The text of a child, its white space at both ends left out; null where there is none. */
function textOf(element: XmlElement, name: string): string | null {
  const { _text, _cdata }: { _text?: unknown; _cdata?: unknown } = child(element, name);
  const text = [_text, _cdata].flat().filter((part) => part !== undefined);
  return text.join('').trim() || null;
}

function instantOf(date: string | null): Instant | null {
  const ms = date === null ? Number.NaN : Date.parse(date);
  return Number.isNaN(ms) || Math.abs(ms) > 8e15 ? null : toInstant(ms);
}
