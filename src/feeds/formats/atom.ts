import { Feed as Library } from 'feed';
import { historyLinks, historyNamespace } from '../archive/feed-history.ts';
import type { Feed, FeedEntry, FeedPerson, Tombstone } from '../feed.ts';
import { type FeedRenderer, generatorName } from './feed-renderer.ts';
import { cdataHtml, escapeHtml } from './feed-text.ts';
import { xmlAttributes, xmlText } from './xml-text.ts';
import { attributes, parseXml, spliceElements, textNode, writeXml, type XmlElement } from './xml-tree.ts';

/** Atom 1.0 (RFC 4287), with a GeoRSS point, the archive's links (RFC 5005) and tombstones (RFC 6721). */
export const atom: FeedRenderer = { renderEntry, renderDocument };

const mediaType = 'application/atom+xml';
const tombstoneNamespace = 'http://purl.org/atompub/tombstones/1.0';

/** What the library is given where it would change the true value; replaced in its result. */
const placeholder = 'urn:placeholder';

function renderEntry(entry: FeedEntry): string {
  const { place } = entry;
  return [
    `<entry${xmlAttributes({ 'xml:lang': entry.lang })}>`,
    htmlElement('title', escapeHtml(entry.title)),
    `<id>${xmlText(entry.id)}</id>`,
    ...linksOf(entry),
    `<updated>${entry.updated}</updated>`,
    ...(entry.summary === '' ? [] : [htmlElement('summary', escapeHtml(entry.summary))]),
    ...(entry.html === '' ? [] : [htmlElement('content', cdataHtml(entry.html))]),
    `<published>${entry.published}</published>`,
    ...entry.authors.map(authorElement),
    ...entry.categories.map(({ term, label }) => `<category${xmlAttributes({ term, label })}/>`),
    ...(place?.lat === undefined ? [] : [`<georss:point>${place.lat} ${place.lon}</georss:point>`]),
  ]
    .join(entryMargin)
    .concat(entryEnd);
}

/** As the library indents what stands in a feed. */
const entryMargin = '\n        ';
const entryEnd = '\n    </entry>';

function renderDocument(feed: Feed, entries: readonly string[]): Buffer {
  const library = new Library({
    id: placeholder,
    title: placeholder,
    updated: new Date(feed.updated),
    generator: generatorName,
    link: feed.pageUrl,
    feedLinks: { atom: feed.urls.atom },
  });
  const tree = parseXml(library.atom1());
  const made: XmlElement = {
    ...tree.feed,
    _attributes: attributes({
      xmlns: 'http://www.w3.org/2005/Atom',
      'xmlns:georss': 'http://www.georss.org/georss',
      'xmlns:fh': feed.history?.isArchive ? historyNamespace : undefined,
      'xmlns:at': feed.withdrawn.length > 0 ? tombstoneNamespace : undefined,
      'xml:lang': feed.lang,
    }),
    id: textNode(feed.id),
    title: textNode(feed.title),
    subtitle: textNode(feed.description),
    // Entries without an author of their own have the publisher (§4.1.1).
    author: person(feed.publisher),
    link: [
      link({ rel: 'alternate', type: 'text/html', hreflang: feed.lang, href: feed.pageUrl }),
      link({ rel: 'self', type: mediaType, href: feed.urls.atom }),
      ...feed.hubs.map((href) => link({ rel: 'hub', href })),
      ...historyLinks(feed.history, 'atom').map(({ rel, href }) => link({ rel, type: mediaType, href })),
    ],
    ...(feed.image === null ? {} : { logo: textNode(feed.image) }),
    ...(feed.icon === null ? {} : { icon: textNode(feed.icon) }),
    ...(feed.history?.isArchive ? { 'fh:archive': {} } : {}),
    ...(feed.withdrawn.length > 0 ? { 'at:deleted-entry': feed.withdrawn.map(tombstone) } : {}),
  };
  const frame = writeXml({ ...tree, feed: made });
  return Buffer.from(spliceElements(frame, 'feed', entries, 1));
}

/** RFC 6721 §3. */
function tombstone({ id, at }: Tombstone): XmlElement {
  return { _attributes: attributes({ ref: id, when: at }) };
}

/** At most one alternate (§4.1.2), and as enclosures the recording and the picture. */
function linksOf({ url, lang, audio, image }: FeedEntry): string[] {
  const links = url ? [linkElement({ rel: 'alternate', type: 'text/html', hreflang: lang, href: url })] : [];
  if (audio) {
    const length = audio.length > 0 ? audio.length : undefined;
    links.push(linkElement({ rel: 'enclosure', type: audio.type, length, href: audio.url }));
  }
  if (image) {
    const title = image.alt || undefined;
    links.push(linkElement({ rel: 'enclosure', type: image.type, length: image.bytes, title, href: image.url }));
  }
  return links;
}

function linkElement(values: Readonly<Record<string, string | number | undefined>>): string {
  return `<link${xmlAttributes(values)}/>`;
}

function htmlElement(name: string, html: string): string {
  return html === '' ? `<${name} type="html"/>` : `<${name} type="html"><![CDATA[${html}]]></${name}>`;
}

function authorElement({ name, url, email }: FeedPerson): string {
  return [
    '<author>',
    `    <name>${xmlText(name)}</name>`,
    ...(url === undefined ? [] : [`    <uri>${xmlText(url)}</uri>`]),
    ...(email === undefined ? [] : [`    <email>${xmlText(email)}</email>`]),
    '</author>',
  ].join(entryMargin);
}

function link(values: Readonly<Record<string, string | number | undefined>>): XmlElement {
  return { _attributes: attributes(values) };
}

function person({ name, url, email }: FeedPerson): XmlElement {
  return {
    name: textNode(name),
    ...(url === undefined ? {} : { uri: textNode(url) }),
    ...(email === undefined ? {} : { email: textNode(email) }),
  };
}
