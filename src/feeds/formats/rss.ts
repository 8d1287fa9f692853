import { Feed as Library } from 'feed';
import type { Instant } from '../../clock.ts';
import { historyLinks, historyNamespace } from '../archive/feed-history.ts';
import type { Feed, FeedEntry } from '../feed.ts';
import { extension, type FeedRenderer, generatorName } from './feed-renderer.ts';
import { cdataHtml, escapeHtml } from './feed-text.ts';
import { xmlAttributes, xmlText } from './xml-text.ts';
import { attributes, spliceElements, text, type XmlElement } from './xml-tree.ts';

/** RSS 2.0 after the RSS Board's profile, with Dublin Core, Atom, Media RSS and GeoRSS elements. */
export const rss: FeedRenderer = { renderEntry, renderDocument };

const namespaces = {
  'xmlns:atom': 'http://www.w3.org/2005/Atom',
  'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
  'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  'xmlns:georss': 'http://www.georss.org/georss',
  'xmlns:media': 'http://search.yahoo.com/mrss/',
};

/** Written by hand: through the library and a tree it takes twenty times as long, and entries are what feeds are made of. */
function renderEntry(entry: FeedEntry): string {
  const { place, image, audio } = entry;
  const enclosure = enclosureOf(entry);
  return [
    '<item>',
    element('title', entry.title),
    ...(entry.url === '' ? [] : [`<link>${xmlText(entry.url)}</link>`]),
    `<guid isPermaLink="false">${xmlText(entry.id)}</guid>`,
    element('pubDate', rfc822(entry.published)),
    ...(entry.summary === '' ? [] : [`<description><![CDATA[${escapeHtml(entry.summary)}]]></description>`]),
    ...(entry.html === '' ? [] : [`<content:encoded><![CDATA[${cdataHtml(entry.html)}]]></content:encoded>`]),
    ...entry.categories.map(({ label }) => element('category', label)),
    ...(enclosure ? [`<enclosure${xmlAttributes({ ...enclosure })}/>`] : []),
    ...entry.authors.map(({ name }) => element('dc:creator', name)),
    element('dc:language', entry.lang),
    element('atom:updated', entry.updated),
    ...(audio ? [mediaSound(audio)] : []),
    ...(image ? [mediaPicture(image)] : []),
    ...(place?.lat === undefined ? [] : [element('georss:point', `${place.lat} ${place.lon}`)]),
  ]
    .join(entryMargin)
    .concat(entryEnd);
}

/** As the library indents what stands in a channel. */
const entryMargin = '\n            ';
const entryEnd = '\n        </item>';

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
  return Buffer.from(spliceElements(plainTexts(library.rss2()), 'channel', entries, 2));
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
function enclosureOf({ audio, image }: FeedEntry): { length: number; type: string; url: string } | null {
  if (audio) return { length: audio.length, type: audio.type, url: audio.url };
  if (image?.type === undefined || image.bytes === undefined) return null;
  return { length: image.bytes, type: image.type, url: image.url };
}

/**
 * Media RSS 1.5.1, `media:content`: how long a recording lasts. iTunes’ elements would say it too, but a document that
 * has one of them claims to be a podcast, which may hold no picture as an enclosure and must name a category.
 */
function mediaSound({ url, type, length, duration }: NonNullable<FeedEntry['audio']>): string {
  const fileSize = length > 0 ? length : undefined;
  return `<media:content${xmlAttributes({ url, medium: 'audio', type, fileSize, duration })}/>`;
}

/** Media RSS 1.5.1, `media:content`. */
function mediaPicture(image: NonNullable<FeedEntry['image']>): string {
  const { url, type, bytes, width, height, alt, credit } = image;
  const start = `<media:content${xmlAttributes({ url, medium: 'image', type, fileSize: bytes, width, height })}`;
  if (!alt && !credit) return `${start}/>`;
  return [
    `${start}>`,
    ...(alt ? [`    <media:description type="plain">${rssText(alt)}</media:description>`] : []),
    ...(credit ? [`    ${element('media:credit', credit)}`] : []),
    '</media:content>',
  ].join(entryMargin);
}

function element(name: string, content: string): string {
  return `<${name}>${rssText(content)}</${name}>`;
}

function rssText(content: string): string {
  return hexReferences(xmlText(content));
}

/** RFC 822 §5 with the RSS profile's four digits of the year. */
function rfc822(instant: Instant): string {
  return new Date(instant).toUTCString();
}

/**
 * The profile's way to write `&` and `<` in plain text, which no reader takes for HTML. Never in addresses: some readers
 * decode XML's own five references alone there.
 */
function hexReferences(xml: string): string {
  return xml.replaceAll('&amp;', '&#x26;').replaceAll('&lt;', '&#x3C;');
}

/** The channel's plain texts in the profile's way. */
function plainTexts(channel: string): string {
  return channel.replace(/<(title|description)>[^<]*/g, hexReferences);
}
