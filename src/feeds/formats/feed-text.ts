import { strictUrl } from '../../web-address.ts';

/** Everything that is no `Char` of XML 1.0 (§2.2), lone surrogates included. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Allowed, but only ever there by mistake (§2.2, note): C1 controls and non-characters. */
const discouraged = /[\u{7F}-\u{84}\u{86}-\u{9F}]|\p{Noncharacter_Code_Point}/gu;

/** What most texts have nothing of; surrogates, which may be a pair, are looked at more closely. */
const unusual = /[^\t\n\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFDCF\uFDF0-\uFFFD]/;

/** Whether a text holds a character that makes any XML document malformed. */
export function hasForbiddenCharacter(text: string): boolean {
  return unusual.test(text) && text.search(forbidden) !== -1;
}

/** The text without what XML 1.0 forbids or discourages; line ends become LF, as any XML parser would make them. */
export function allowedText(text: string): string {
  if (!unusual.test(text)) return text;
  return text.replace(forbidden, '').replace(discouraged, '').replace(/\r\n?/g, '\n');
}

/** Plain text on one line: for titles, names and attributes. */
export function plainLine(text: string): string {
  return allowedText(text).replace(/\s+/g, ' ').trim();
}

/** Plain text as HTML, fit for element content and for quoted attributes. */
export function escapeHtml(text: string): string {
  return allowedText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Allowed text as HTML in a CDATA section: every `]]>` is written as `]]&gt;`, which HTML reads alike. */
export function cdataHtml(html: string): string {
  return html.replaceAll(']]>', ']]&gt;');
}

/** An absolute http(s) URL in its normal form, or null for anything else. Never throws. */
export function httpUrl(url: string): string | null {
  const parsed = URL.parse(allowedText(url));
  if (parsed === null || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return null;
  return strictUrl(parsed);
}

/** A media type of the form `type/subtype` (RFC 6838 §4.2) in lower case, or undefined. */
export function mediaType(type: string | undefined): string | undefined {
  const lower = type?.trim().toLowerCase();
  return lower !== undefined && /^[a-z0-9][a-z0-9!#$^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$^_.+-]{0,126}$/.test(lower)
    ? lower
    : undefined;
}

/** A length, width or height: rounded, undefined unless it is at least 1 and finite. */
export function positiveInteger(value: number | undefined): number | undefined {
  const rounded = Math.round(value ?? 0);
  return Number.isSafeInteger(rounded) && rounded > 0 ? rounded : undefined;
}
