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
  isIri,
  isLanguageTag,
  isLength,
  isMediaType,
  isRfc3339,
  isUnfitLine,
  isWebUrl,
  parseXmlDocument,
  type Report,
  textOf,
} from './feed-rule-checks.ts';

const optional = ['published', 'content', 'summary', 'rights', 'subtitle', 'logo', 'icon', 'generator', 'source'];

/** Atom (RFC 4287) with RFC 5005 and RFC 6721. */
export function checkAtom(xml: string, report: Report): void {
  const root = parseXmlDocument(xml, report);
  if (root === null) return;
  if (root.name !== 'feed' || attributeOf(root, 'xmlns') !== 'http://www.w3.org/2005/Atom') {
    report('the document', 'isn’t Atom');
  }
  checkPrefixes(root, report);
  checkCommon(root, '<feed>', report);
  const links = childrenOf(root, 'link');
  const rels = links.map((link) => attributeOf(link, 'rel'));
  if (rels.filter((rel) => rel === 'self').length !== 1) report('<feed>', 'has no single link to itself');
  for (const self of links.filter((link) => attributeOf(link, 'rel') === 'self')) {
    if (attributeOf(self, 'type') !== 'application/atom+xml') report('<feed>', 'links to itself with another type');
  }
  if (childrenOf(root, 'fh:archive').length > 0 && !rels.includes('current')) {
    report('<fh:archive>', 'stands in a document without a link to the current one');
  }
  const entries = childrenOf(root, 'entry');
  const hasAuthor = childrenOf(root, 'author').length > 0;
  for (const [index, entry] of entries.entries()) checkEntry(entry, `entry ${index + 1}`, hasAuthor, report);
  const ids = entries.map((entry) => textOf(childrenOf(entry, 'id')[0]));
  checkUnique(ids, report);
  checkNewestFirst(
    entries.map((entry) => textOf(childrenOf(entry, 'published')[0])),
    report,
  );
  for (const gone of childrenOf(root, 'at:deleted-entry')) {
    if (!isRfc3339(attributeOf(gone, 'when'))) report('<at:deleted-entry>', 'has no date');
    if (ids.includes(attributeOf(gone, 'ref'))) report('<at:deleted-entry>', 'names an entry that is there');
  }
}

/** What a feed and an entry have in common. */
function checkCommon(element: Element, place: string, report: Report): void {
  checkCounts(element, place, report, { once: ['id', 'title', 'updated'], atMostOnce: optional });
  if (!isIri(textOf(childrenOf(element, 'id')[0]))) report(place, 'has an id that is no IRI');
  if (textOf(childrenOf(element, 'title')[0]).trim() === '') report(place, 'has an empty title');
  for (const name of ['title', 'subtitle', 'summary']) {
    if (childrenOf(element, name).some((child) => isUnfitLine(textOf(child))))
      report(place, `can’t be shown in ${name}`);
  }
  for (const name of ['updated', 'published']) {
    for (const date of childrenOf(element, name)) {
      if (!isRfc3339(textOf(date))) report(place, `has no date in ${name}: ${textOf(date)}`);
    }
  }
  if (!isLanguageTag(attributeOf(element, 'xml:lang'))) report(place, 'has no xml:lang');
  for (const person of [...childrenOf(element, 'author'), ...childrenOf(element, 'contributor')]) {
    checkCounts(person, `${place}, author`, report, { once: ['name'], atMostOnce: ['uri', 'email'] });
    const name = textOf(childrenOf(person, 'name')[0]);
    if (name.trim() === '' || isUnfitLine(name)) report(place, 'has an author without a name');
    for (const uri of childrenOf(person, 'uri'))
      if (!isWebUrl(textOf(uri))) report(place, 'has an author with a bad uri');
  }
  for (const category of childrenOf(element, 'category')) {
    if (attributeOf(category, 'term') === '') report(place, 'has a category without a term');
  }
  for (const name of ['logo', 'icon']) {
    for (const url of childrenOf(element, name)) if (!isWebUrl(textOf(url))) report(place, `has a ${name} without URL`);
  }
  const alternates: string[] = [];
  for (const link of childrenOf(element, 'link')) {
    const [rel, href, type, length] = ['rel', 'href', 'type', 'length'].map((name) => attributeOf(link, name));
    if (!isWebUrl(href ?? '')) report(place, `links to ${href}`);
    if (rel === '') report(place, 'has a link without rel');
    if (type !== '' && !isMediaType(type ?? '')) report(place, `has a link of the type ${type}`);
    if (length !== '' && !isLength(length ?? '')) report(place, `has a link of the length ${length}`);
    if (rel === 'alternate') alternates.push(`${type} ${attributeOf(link, 'hreflang')}`);
  }
  if (new Set(alternates).size < alternates.length) report(place, 'has two alternates of one type and language');
}

function checkEntry(entry: Element, place: string, feedHasAuthor: boolean, report: Report): void {
  checkCommon(entry, place, report);
  if (!feedHasAuthor && childrenOf(entry, 'author').length === 0) report(place, 'has no author');
  const text = (name: string): string => textOf(childrenOf(entry, name)[0]);
  if (Date.parse(text('updated')) < Date.parse(text('published'))) report(place, 'is updated before it is published');
  const rels = childrenOf(entry, 'link').map((link) => attributeOf(link, 'rel'));
  if (childrenOf(entry, 'content').length === 0 && !rels.includes('alternate')) report(place, 'has nothing to read');
  for (const name of ['title', 'summary', 'content']) {
    for (const element of childrenOf(entry, name)) {
      if (!['', 'text', 'html'].includes(attributeOf(element, 'type'))) report(place, `has a ${name} of another type`);
      if (elementsOf(element).length > 0) report(place, `has elements in its ${name}`);
      if (attributeOf(element, 'type') === 'html') checkHtml(textOf(element), `${place}, ${name}`, report);
    }
  }
}
