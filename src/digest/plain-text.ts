import type { Direction } from '../i18n/index.ts';
import { graphemesOf } from './graphemes.ts';

/** Columns of a line in the text part. */
const textWidth = 72;

/** Letters as a reader counts them; invisible controls (bidi isolates, joiners on their own) count nothing. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const letter of graphemesOf(text)) if (!/^\p{Cf}+$/u.test(letter)) columns++;
  return columns;
}

/** What an article's text writes before a line: quotation marks, the blanks of lists within lists, a list's mark. */
const lineStart = /^((?:> )*)( *)((?:\* |\d{1,9}\. )?)/;

/**
 * Breaks each line that is longer than `width` columns at blanks: a list's item goes on below its own text, a quotation
 * with its mark. What fits stays as it is, code and tables too; a longer word (an address) keeps a line of its own.
 */
export function wrapText(text: string, width: number = textWidth): string {
  return text
    .replace(/^(?:[ \t\r]*\n)+|[ \t\r\n]+$/g, '')
    .split(/\r?\n/)
    .map((line) => wrapLine(line.replace(/[ \t]+$/, ''), width))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

function wrapLine(line: string, width: number): string {
  if (line.length <= width || columnsOf(line) <= width) return line;
  const [start = '', quotes = '', blanks = '', mark = ''] = lineStart.exec(line) ?? [];
  // A sentence may begin with a number and a full stop; the marks of lists stand behind a blank.
  const hanging = quotes + blanks + ' '.repeat(blanks === '' ? 0 : mark.length);
  const lines: string[] = [];
  let current = start;
  let columns = start.length;
  let isBegun = false;
  // Not \s: a no-break space holds its words together.
  for (const word of line.slice(start.length).split(/[ \t]+/)) {
    const wordColumns = columnsOf(word);
    if (isBegun && columns + 1 + wordColumns > width) {
      lines.push(current);
      current = hanging + word;
      columns = hanging.length + wordColumns;
    } else {
      current += isBegun ? ` ${word}` : word;
      columns += wordColumns + (isBegun ? 1 : 0);
    }
    isBegun = true;
  }
  return [...lines, current].join('\n');
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
