import type { Element } from 'xml-js';
import {
  attributeOf,
  checkCounts,
  checkHtml,
  checkNewestFirst,
  checkPrefixes,
  checkUnique,
  childrenOf,
  elementsOf,
  isLanguageTag,
  isLength,
  isMediaType,
  isRfc822,
  isRfc3339,
  isUnfitLine,
  isWebUrl,
  parseXmlDocument,
  type Report,
  textOf,
} from './feed-rule-checks.ts';

const itemElements = ['title', 'link', 'guid', 'pubDate', 'description', 'content:encoded', 'category', 'enclosure'];

/** RSS 2.0, the RSS Board's profile, RFC 5005 and the modules that Silkpost writes. */
export function checkRss(xml: string, report: Report): void {
  const root = parseXmlDocument(xml, report);
  if (root === null) return;
  if (root.name !== 'rss' || attributeOf(root, 'version') !== '2.0') report('the document', 'isn’t RSS 2.0');
  checkPrefixes(root, report);
  const [channel, ...others] = elementsOf(root);
  if (channel?.name !== 'channel' || others.length > 0) {
    report('<rss>', 'has no single channel');
    return;
  }
  checkChannel(channel, report);
  const items = childrenOf(channel, 'item');
  for (const [index, item] of items.entries()) checkItem(item, `item ${index + 1}`, report);
  checkUnique(
    items.map((item) => textOf(childrenOf(item, 'guid')[0])),
    report,
  );
  checkNewestFirst(
    items.map((item) => textOf(childrenOf(item, 'pubDate')[0])),
    report,
  );
}

function checkChannel(channel: Element, report: Report): void {
  const text = (name: string): string => textOf(childrenOf(channel, name)[0]);
  checkCounts(channel, '<channel>', report, {
    once: ['title', 'link', 'description', 'language', 'lastBuildDate'],
    atMostOnce: ['pubDate', 'ttl', 'docs', 'generator', 'image', 'copyright', 'managingEditor', 'webMaster'],
  });
  for (const name of ['title', 'description']) if (text(name).trim() === '') report(`<${name}>`, 'is empty');
  if (!isWebUrl(text('link'))) report('<link>', 'is no absolute URL');
  if (!isLanguageTag(text('language'))) report('<language>', 'is no language tag');
  if (!isRfc822(text('lastBuildDate'))) report('<lastBuildDate>', `is no date: ${text('lastBuildDate')}`);
  if (childrenOf(channel, 'ttl').length > 0 && !/^[1-9]\d*$/.test(text('ttl'))) report('<ttl>', 'is no number');
  for (const image of childrenOf(channel, 'image')) {
    checkCounts(image, '<image>', report, { once: ['url', 'title', 'link'], atMostOnce: ['width', 'height'] });
    const [url, link, title] = ['url', 'link', 'title'].map((name) => textOf(childrenOf(image, name)[0]));
    if (!isWebUrl(url ?? '')) report('<image>', 'has no absolute URL');
    if (link !== text('link') || title !== text('title'))
      report('<image>', 'has another title or link than its channel');
  }
  const links = childrenOf(channel, 'atom:link');
  const selves = links.filter((link) => attributeOf(link, 'rel') === 'self');
  if (selves.length !== 1) report('<channel>', `has ${selves.length} of atom:link self`);
  for (const link of links) {
    if (!isWebUrl(attributeOf(link, 'href'))) report('<atom:link>', 'has no absolute URL');
    if (attributeOf(link, 'rel') === '') report('<atom:link>', 'has no rel');
  }
  for (const self of selves) {
    if (attributeOf(self, 'type') !== 'application/rss+xml') report('<atom:link>', 'has another type than RSS’s');
  }
  const rels = new Set(links.map((link) => attributeOf(link, 'rel')));
  if (childrenOf(channel, 'fh:archive').length > 0 && !rels.has('current')) {
    report('<fh:archive>', 'stands in a document without a link to the current one');
  }
  const names = elementsOf(channel).map(({ name }) => name);
  const firstItem = names.indexOf('item');
  if (firstItem >= 0 && names.slice(firstItem).some((name) => name !== 'item'))
    report('<channel>', 'goes on after items');
}

function checkItem(item: Element, place: string, report: Report): void {
  const text = (name: string): string => textOf(childrenOf(item, name)[0]);
  checkCounts(item, place, report, {
    once: ['title', 'guid', 'pubDate', 'description', 'content:encoded'],
    atMostOnce: ['link', 'enclosure', 'dc:language', 'atom:updated', 'georss:point', 'source', 'comments'],
  });
  for (const { name = '' } of elementsOf(item)) {
    if (!name.includes(':') && !itemElements.includes(name)) report(place, `holds <${name}>`);
  }
  if (text('title').trim() === '') report(place, 'has an empty title');
  for (const name of ['title', 'description']) if (isUnfitLine(text(name))) report(place, `can’t be shown in ${name}`);
  if (text('link') !== '' && !isWebUrl(text('link'))) report(place, 'has a link that is no absolute URL');
  const [guid] = childrenOf(item, 'guid');
  if (guid && (text('guid') === '' || attributeOf(guid, 'isPermaLink') !== 'false')) {
    report(place, 'has no guid with isPermaLink="false"');
  }
  if (!isRfc822(text('pubDate'))) report(place, `has no date: ${text('pubDate')}`);
  if (text('atom:updated') !== '' && !isRfc3339(text('atom:updated'))) report(place, 'has no date of its update');
  for (const enclosure of childrenOf(item, 'enclosure')) {
    const [url, length, type] = ['url', 'length', 'type'].map((name) => attributeOf(enclosure, name));
    if (Object.keys(enclosure.attributes ?? {}).length !== 3) report(place, 'has an enclosure with other attributes');
    if (!isWebUrl(url ?? '') || !isLength(length ?? '') || !isMediaType(type ?? '')) {
      report(place, `has an enclosure without address, length or type: ${url} ${length} ${type}`);
    }
  }
  for (const name of ['category', 'dc:creator']) {
    for (const element of childrenOf(item, name))
      if (textOf(element).trim() === '' || isUnfitLine(textOf(element))) report(place, `has a bad ${name}`);
  }
  for (const content of childrenOf(item, 'media:content')) {
    if (!isWebUrl(attributeOf(content, 'url'))) report(place, 'has a media:content without absolute URL');
  }
  const names = elementsOf(item).map(({ name }) => name);
  if (names.indexOf('content:encoded') < names.indexOf('description')) report(place, 'has its content first');
  checkHtml(text('description'), `${place}, description`, report);
  checkHtml(text('content:encoded'), `${place}, content`, report);
}
