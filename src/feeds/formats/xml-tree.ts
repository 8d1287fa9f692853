import { type ElementCompact, js2xml, xml2js } from 'xml-js';
import { allowedText, plainLine } from './feed-text.ts';

/** An element as xml-js's compact form has it: `_attributes`, `_text` or `_cdata`, and children by their names. */
export type XmlElement = ElementCompact;

/** Four blanks, as the library `feed` indents: a piece taken from one document fits into another. */
const indent = 4;

/**
 * Text content for xml-js, which turns `&amp;` into `&` before it escapes: with every `&` written as `&amp;` first,
 * what a reader's parser gets is this very text. To be removed with xml-js.
 */
export function text(content: string): string {
  return allowedText(content).replaceAll('&', '&amp;');
}

export function textNode(content: string): XmlElement {
  return { _text: text(content) };
}

/** An element's attributes for xml-js, which escapes quotes and nothing else; undefined leaves an attribute out. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): Record<string, string> {
  const escaped: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue;
    escaped[name] = plainLine(String(value)).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  }
  return escaped;
}

/** Throws where the text isn't well-formed. */
export function parseXml(document: string): XmlElement {
  return xml2js(document, { compact: true });
}

/** @param tree its texts and attributes made by {@link text} and {@link attributes}. */
export function writeXml(tree: XmlElement): string {
  return js2xml(tree, { compact: true, spaces: indent });
}

/** Puts pieces in as the last children of `parent`, whose own children stand `depth` levels deep. */
export function spliceElements(frame: string, parent: string, pieces: readonly string[], depth: number): string {
  if (pieces.length === 0) return frame;
  const end = frame.lastIndexOf('\n', frame.lastIndexOf(`</${parent}>`));
  const margin = `\n${' '.repeat(indent * depth)}`;
  return frame.slice(0, end) + margin + pieces.join(margin) + frame.slice(end);
}
