import { Feed as Library } from 'feed';
import type { Feed, FeedEntry } from './feed.ts';
import { historyLinks, historyNamespace } from './feed-history.ts';
import { extension, type FeedRenderer, generatorName } from './feed-renderer.ts';
import { cdataHtml, escapeHtml } from './feed-text.ts';
import { attributes, cutElement, spliceElements, text, textNode, type XmlElement } from './xml-tree.ts';

/** RSS 2.0 after the RSS Board's profile, with Dublin Core, Atom, Media RSS and GeoRSS elements. */
export const rss: FeedRenderer = { renderEntry, renderDocument };

const namespaces = {
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:georss': 'http://www.georss.org/georss',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
};

function renderEntry(entry: FeedEntry): string {
  const library = new Library({ title: '', link: 'http://localhost/', updated: new Date(0) });
  const enclosure = enclosureOf(entry);
  const { place, image } = entry;
  library.addItem({
    title: entry.title,
    link: entry.url,
    guid: text(entry.id),
    date: new Date(entry.updated),
    published: new Date(entry.published),
    description: escapeHtml(entry.summary),
    content: cdataHtml(entry.html),
    category: entry.categories.map((category) => ({ name: text(category.label) })),
    ...(enclosure ? { enclosure } : {}),
    extensions: [
      // In the library's own CDATA a title with two `]]>` would be malformed.
      extension('title', textNode(entry.title)),
      extension(
        'dc:creator',
        entry.authors.map((author) => textNode(author.name)),
      ),
      extension('dc:language', textNode(entry.lang)),
      extension('atom:updated', textNode(entry.updated)),
      ...(image ? [extension('media:content', mediaContent(image))] : []),
      ...(place?.lat === undefined ? [] : [extension('georss:point', textNode(`${place.lat} ${place.lon}`))]),
    ],
  });
  return hexReferences(cutElement(library.rss2(), 'item'));
}

function renderDocument(feed: Feed, entries: readonly string[]): Buffer {
  const library = new Library({
    title: text(feed.title),
    link: feed.pageUrl,
    description: text(feed.description),
    updated: new Date(feed.updated),
    language: feed.lang,
    ttl: Math.max(1, Math.round(feed.maxAge / 60)),
    generator: generatorName,
    feedLinks: { rss: feed.urls.rss },
    ...(feed.image === null ? {} : { image: feed.image }),
  });
  const history = feed.history?.isArchive ? { 'xmlns:fh': historyNamespace } : {};
  library.addExtension(extension('_attributes', attributes({ ...namespaces, ...history, 'xml:lang': feed.lang })));
  // Over the library's own, so that all of them stand before the items.
  library.addExtension(extension('atom:link', channelLinks(feed)));
  if (feed.history?.isArchive) library.addExtension(extension('fh:archive', {}));
  return Buffer.from(spliceElements(hexReferences(library.rss2()), 'channel', entries, 2));
}

/** Exactly one `self` (the profile), the hubs (WebSub §4) and the way into the archive (RFC 5005 §4). */
function channelLinks({ urls, hubs, history }: Feed): XmlElement[] {
  const link = (href: string, rel: string, type?: string): XmlElement => ({
    _attributes: attributes({ href, rel, type }),
  });
  const type = 'application/rss+xml';
  return [
    link(urls.rss, 'self', type),
    ...hubs.map((hub) => link(hub, 'hub')),
    ...historyLinks(history, 'rss').map(({ rel, href }) => link(href, rel, type)),
  ];
}

/** The profile allows one: the recording, else the picture. A length of 0 stands for an unknown one. */
function enclosureOf({ audio, image }: FeedEntry): { url: string; length: number; type: string } | null {
  if (audio) return { url: audio.url, length: audio.length, type: audio.type };
  if (image?.type === undefined || image.bytes === undefined) return null;
  return { url: image.url, length: image.bytes, type: image.type };
}

/** Media RSS 1.5.1, `media:content`. */
function mediaContent(image: NonNullable<FeedEntry['image']>): XmlElement {
  const { url, type, bytes, width, height, alt, credit } = image;
  return {
    _attributes: attributes({ url, medium: 'image', type, fileSize: bytes, width, height }),
    ...(alt ? { 'media:description': { _attributes: { type: 'plain' }, ...textNode(alt) } } : {}),
    ...(credit ? { 'media:credit': textNode(credit) } : {}),
  };
}

/** The profile's way to write `&` and `<` in plain text, which no reader takes for HTML; CDATA stays as it is. */
function hexReferences(xml: string): string {
  return xml.replace(/<!\[CDATA\[.*?\]\]>|&amp;|&lt;/gs, (found) => {
    if (found === '&amp;') return '&#x26;';
    return found === '&lt;' ? '&#x3C;' : found;
  });
}
