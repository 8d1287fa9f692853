import { sentenceOf } from '../../errors.ts';
import type { FeedFormat } from '../feed.ts';
import { hasForbiddenCharacter } from './feed-text.ts';

/**
 * What is wrong with a document or with one entry of it, or null where it parses back. A frame that parses back with
 * entries that do makes a document that does, so a document is never parsed as a whole.
 */
export function findFault(format: FeedFormat, text: string): string | null {
  if (format !== 'json') return findXmlFault(text);
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

const declaration = /^<\?xml version="1\.0" encoding="utf-8"\?>/;
const tag = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[A-Za-z_][\w.:-]*\s*=\s*(?:"[^<"]*"|'[^<']*'))*)\s*(\/?)>/y;
const attributeName = /([A-Za-z_][\w.:-]*)\s*=\s*(?:"[^"]*"|'[^']*')/g;
const cdataStart = '<![CDATA[';

/**
 * Checks that a text is one well-formed element (XML 1.0 §2.1), as far as what Silkpost writes can go wrong: it holds
 * no comment, instruction or DTD. The parser of xml-js lets `<` in attributes, control characters and unclosed
 * elements pass.
 */
function findXmlFault(text: string): string | null {
  if (hasForbiddenCharacter(text)) return 'It holds a character that XML doesn’t allow.';
  const open: string[] = [];
  let roots = 0;
  let at = declaration.exec(text)?.[0].length ?? 0;
  while (at < text.length) {
    if (text.startsWith(cdataStart, at)) {
      const end = text.indexOf(']]>', at);
      if (end === -1 || open.length === 0) return `The CDATA section at ${at} isn’t closed or stands outside.`;
      at = end + 3;
      continue;
    }
    if (text[at] !== '<') {
      const end = text.indexOf('<', at);
      const content = text.slice(at, end === -1 ? text.length : end);
      if (open.length === 0 && content.trim() !== '') return `Text stands outside of the element at ${at}.`;
      if (content.includes(']]>') || hasBareAmpersand(content)) return `The text at ${at} isn’t escaped.`;
      at += content.length;
      continue;
    }
    tag.lastIndex = at;
    const [whole, closing, name = '', attributes = '', empty] = tag.exec(text) ?? [];
    if (whole === undefined) return `What begins at ${at} is no tag.`;
    if (closing) {
      if (attributes !== '' || empty || open.pop() !== name) return `</${name}> at ${at} closes nothing.`;
    } else {
      if (open.length === 0) roots += 1;
      if (attributes !== '' && namesTwice(attributes)) return `<${name}> at ${at} has an attribute twice.`;
      if (hasBareAmpersand(attributes)) return `An attribute of <${name}> at ${at} isn’t escaped.`;
      if (!empty) open.push(name);
    }
    at += whole.length;
  }
  if (open.length > 0) return `<${open.at(-1)}> is never closed.`;
  return roots === 1 ? null : 'It isn’t one element.';
}

function namesTwice(attributes: string): boolean {
  if (attributes.indexOf('=') === attributes.lastIndexOf('=')) return false;
  const names = [...attributes.matchAll(attributeName)].map((match) => match[1]);
  return new Set(names).size < names.length;
}

/** Any `&` that begins none of XML's five entities and no reference to a character that is allowed. */
function hasBareAmpersand(text: string): boolean {
  if (!text.includes('&')) return false;
  for (const [, body = ''] of text.matchAll(/&([^;&]{0,10};)?/g)) {
    if (/^(?:amp|lt|gt|quot|apos);$/.test(body)) continue;
    const [, hex, decimal] = /^#(?:x([\da-f]{1,6})|(\d{1,7}));$/i.exec(body) ?? [];
    const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
    if (!(code <= 0x10ffff) || hasForbiddenCharacter(String.fromCodePoint(code))) return true;
  }
  return false;
}
