import { type Element, xml2js } from 'xml-js';
import { nestingFault, repeatedAttribute } from './html-balance.ts';

/** Collects what breaks a rule; each sentence names the place. */
export type Report = (place: string, fault: string) => void;

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** RFC 822 §5.1 with the four digits of a year that the RSS Board asks for. */
export function isRfc822(text: string): boolean {
  const match = /^([A-Z][a-z]{2}), (\d{2}) [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|[+-]\d{4})$/.exec(text);
  const date = new Date(text);
  return match !== null && days[date.getUTCDay()] === match[1] && date.getUTCDate() === Number(match[2]);
}

/** RFC 3339 §5.6, an instant that exists. */
export function isRfc3339(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/.test(text)) return false;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return false;
  return !text.endsWith('Z') || date.toISOString().slice(0, 10) === text.slice(0, 10);
}

/** Absolute, of the characters of RFC 3986 alone and each `%` before two digits. */
export function isWebUrl(text: string): boolean {
  return (
    /^https?:\/\/(?:\[[\d:.a-f]+\]|[\w.-]+)(?::\d+)?(?:[/?#](?:[\w.~!$&'()*+,;=:@/?#-]|%[\dA-Fa-f]{2})*)?$/.test(
      text,
    ) && !/#.*#/.test(text)
  );
}

/** Absolute, as RFC 3987 has it. */
export function isIri(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|\\^`]+$/.test(text);
}

export function isLanguageTag(text: string): boolean {
  return /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(text);
}

export function isMediaType(text: string): boolean {
  return /^[a-z0-9][a-z0-9!#$^_.+-]*\/[a-z0-9][a-z0-9!#$^_.+-]*$/.test(text);
}

export function isLength(text: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(text);
}

/** What no text in a feed may hold: controls, halves of pairs, non-characters. */
export function hasUnfitCharacter(text: string): boolean {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/u.test(text);
}

/**
 * What no line of text may hold besides: marks that turn the direction, since lists put other text on the same line. In
 * an article's own text they end with its paragraph, and Persian needs them.
 */
export function isUnfitLine(text: string): boolean {
  return hasUnfitCharacter(text) || /[\u202a-\u202e\u2066-\u2069]/.test(text);
}

const allowedTags = new Set(
  'h1 h2 h3 h4 h5 h6 p blockquote ul ol li hr br pre code em strong s a img sup sub figure figcaption section aside div time table thead tbody tr th td audio video source picture span del ins'.split(
    ' ',
  ),
);

/** HTML that is shown far from its page: balanced, no scripts, every address absolute. */
export function checkHtml(html: string, place: string, report: Report): void {
  if (hasUnfitCharacter(html)) report(place, 'holds a character that can’t be shown');
  const nesting = nestingFault(html);
  if (nesting !== null) report(place, nesting);
  const repeated = repeatedAttribute(html);
  if (repeated !== null) report(place, `says an attribute twice: ${repeated}`);
  for (const [, name = '', attributes = ''] of html.matchAll(/<([a-z][a-z0-9]*)((?:"[^"]*"|[^>"])*)>/gi)) {
    if (!allowedTags.has(name)) report(place, `holds <${name}>`);
    for (const [, attribute = '', value = ''] of attributes.matchAll(/([a-z:-]+)(?:="([^"]*)")?/gi)) {
      if (/^on/i.test(attribute)) report(place, `holds ${attribute}`);
      if (!['href', 'src', 'poster', 'cite', 'srcset'].includes(attribute)) continue;
      for (const url of attribute === 'srcset' ? value.split(/,\s+/) : [value]) {
        const address = (url.split(/\s/)[0] ?? '').replaceAll('&amp;', '&');
        const isMail = attribute === 'href' && /^mailto:/.test(address);
        if (!isMail && !isWebUrl(address)) report(place, `links to ${JSON.stringify(value.slice(0, 80))}`);
      }
    }
  }
}

/** Parses strictly and reports characters and references that XML 1.0 forbids; null where it isn't XML. */
export function parseXmlDocument(xml: string, report: Report): Element | null {
  if (!xml.startsWith('<?xml version="1.0" encoding="utf-8"?>')) report('the document', 'has no XML declaration');
  if (hasUnfitCharacter(xml)) report('the document', 'holds a character that can’t be shown');
  if (
    /&#(?:x0*(?:[0-8bcef]|1[\da-f]|fff[ef]);|0*(?:\d|1[124-9]|2\d|3[01]);)/i.test(
      xml.replace(/&#(?:x0*[9ad]|0*(?:9|10|13));/gi, ''),
    )
  ) {
    report('the document', 'refers to a character that XML forbids');
  }
  try {
    const roots = elementsOf({ elements: xml2js(xml, { compact: false })['elements'] ?? [] });
    if (roots.length !== 1) report('the document', 'has no single root');
    return roots[0] ?? null;
  } catch (error) {
    report('the document', `isn’t XML: ${String(error)}`);
    return null;
  }
}

export function elementsOf(parent: { readonly elements?: readonly Element[] }): Element[] {
  return (parent.elements ?? []).filter(({ type }) => type === 'element');
}

export function childrenOf(parent: Element, name: string): Element[] {
  return elementsOf(parent).filter((child) => child.name === name);
}

export function textOf(element: Element | undefined): string {
  return (element?.elements ?? []).map(({ text, cdata }) => cdata ?? String(text ?? '')).join('');
}

export function attributeOf(element: Element, name: string): string {
  return String(element.attributes?.[name] ?? '');
}

/** Reports each of these children that isn't there exactly once (or at most once). */
export function checkCounts(
  parent: Element,
  place: string,
  report: Report,
  counts: { readonly once: readonly string[]; readonly atMostOnce: readonly string[] },
): void {
  for (const name of counts.once) {
    const { length } = childrenOf(parent, name);
    if (length !== 1) report(place, `has ${length} of ${name}`);
  }
  for (const name of counts.atMostOnce) {
    const { length } = childrenOf(parent, name);
    if (length > 1) report(place, `has ${length} of ${name}`);
  }
}

/** Every prefix in use has its namespace. */
export function checkPrefixes(root: Element, report: Report): void {
  const visit = (element: Element, known: ReadonlySet<string>): void => {
    const declared = Object.keys(element.attributes ?? {}).flatMap((name) => /^xmlns:(.+)$/.exec(name)?.[1] ?? []);
    const all = new Set([...known, ...declared]);
    const prefix = /^(.+):/.exec(element.name ?? '')?.[1];
    if (prefix !== undefined && !all.has(prefix)) report(`<${element.name}>`, 'has a prefix without a namespace');
    for (const child of elementsOf(element)) visit(child, all);
  };
  visit(root, new Set(['xml']));
}

export function checkUnique(ids: readonly string[], report: Report): void {
  for (const [index, id] of ids.entries()) {
    if (ids.indexOf(id) !== index) report('the document', `holds ${id} twice`);
  }
}

/** @param instants of the entries in their order, as the format writes them. */
export function checkNewestFirst(instants: readonly string[], report: Report): void {
  for (const [index, instant] of instants.entries()) {
    const next = instants[index + 1];
    if (next !== undefined && Date.parse(next) > Date.parse(instant)) {
      report(`entry ${index + 2}`, `is newer (${next}) than the one before it (${instant})`);
    }
  }
}
