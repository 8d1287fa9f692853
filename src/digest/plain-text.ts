import type { Direction } from '../i18n/index.ts';
import { graphemesOf } from './graphemes.ts';

/** Columns of a line in the text part. */
export const textWidth = 72;

/** Letters as a reader counts them; invisible controls (bidi isolates, joiners on their own) count nothing. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const letter of graphemesOf(text)) if (!/^\p{Cf}+$/u.test(letter)) columns++;
  return columns;
}

/**
 * Breaks text at blanks into lines of at most `width` columns, paragraphs apart. A longer word (an address) keeps a
 * line of its own.
 *
 * @param indent stands before every line but a paragraph's first.
 */
export function wrapText(text: string, width: number = textWidth, indent = ''): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => wrapParagraph(paragraph.trim(), width, indent))
    .join(`\n\n${indent}`);
}

function wrapParagraph(paragraph: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  // Not \s: a no-break space holds its words together.
  for (const word of paragraph.split(/[ \t\r\n]+/)) {
    const wordColumns = columnsOf(word);
    const room = width - (lines.length > 0 ? indent.length : 0);
    if (line !== '' && columns + 1 + wordColumns > room) {
      lines.push(line);
      line = word;
      columns = wordColumns;
    } else {
      line = line === '' ? word : `${line} ${word}`;
      columns += wordColumns + (columns === 0 ? 0 : 1);
    }
  }
  return [...lines, line].join(`\n${indent}`);
}

const ltrLetter = '[A-Za-z\\u00C0-\\u024F\\u0370-\\u052F\\u0530-\\u058F\\u10A0-\\u10FF]';
const ltrRun = new RegExp(
  `https?://\\S+|${ltrLetter}(?:(?:${ltrLetter}|[0-9 .,:;/&@+'’_-])*(?:${ltrLetter}|[0-9]))?`,
  'gu',
);

/**
 * Sets runs of left-to-right script in right-to-left text apart, line by line, with U+2066 … U+2069, so that the punctuation around
 * them stays in its place. Web addresses are left alone: a program that makes links would take the mark for a part
 * of the address.
 */
export function isolateRuns(text: string, direction: Direction): string {
  if (direction === 'ltr') return text;
  return text.replace(ltrRun, (run) => (/^https?:/.test(run) ? run : `\u2066${run}\u2069`));
}
