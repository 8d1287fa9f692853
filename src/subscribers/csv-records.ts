import { splitRecord } from './csv-cells.ts';
import { readTextLines, type TextLine } from './text-lines.ts';

/** A row of a CSV file, or what is wrong with it. Lines count from 1. */
export type CsvRecord =
  | { readonly kind: 'cells'; readonly line: number; readonly lastLine: number; readonly cells: readonly string[] }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string };

/** A row with line breaks inside quotes may be this long; beyond, its quote counts as never closed. */
const longestRecordLines = 50;

/**
 * The rows of a CSV file in UTF-8 or UTF-16 (RFC 4180), without its byte order mark and blank lines. The delimiter is the
 * one of comma, semicolon, tab and bar that its first line holds most of. A row with a quote that is never closed, or a
 * line of more than 256 KB, is reported and costs that line alone. Memory is constant.
 *
 * @throws AppError `invalid` for what isn’t text.
 */
export async function* readCsvRecords(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<CsvRecord> {
  let delimiter: string | null = null;
  let open: (TextLine & { text: string })[] = [];
  let waiting: TextLine[] = [];
  const giveUp = (reason: string): CsvRecord => {
    const [first, ...rest] = open;
    waiting = [...rest, ...waiting];
    open = [];
    return { kind: 'broken', line: first?.number ?? 0, reason };
  };
  const takeLine = (line: TextLine): CsvRecord | null => {
    const { number, text: added } = line;
    if (added === null && open.length > 0) {
      waiting.unshift(line);
      return giveUp(neverClosed);
    }
    if (added === null) {
      return {
        kind: 'broken',
        line: number,
        reason: 'The line is longer than 256 KB; a row of CSV never is. Look what is wrong there.',
      };
    }
    if (open.length === 0 && added.trim() === '') return null;
    if (delimiter === null) {
      delimiter = delimiterOf(added);
      if (/^sep=.$/i.test(added)) return null; // Excel's own note to itself
    }
    open.push({ number, text: added });
    if (open.length > longestRecordLines) return giveUp(neverClosed);
    const text = open.map((part) => part.text).join('\n');
    if (hasOpenQuote(text)) return null;
    const cells = splitRecord(text, delimiter);
    if (cells === null) return giveUp('A quote stands where none may; quotes within a cell are doubled ("").');
    const [first] = open;
    open = [];
    return { kind: 'cells', line: first?.number ?? line.number, lastLine: line.number, cells };
  };

  for await (const lines of readTextLines(input)) {
    waiting = lines;
    for (let line = waiting.shift(); line; line = waiting.shift()) {
      const record = takeLine(line);
      if (record) yield record;
    }
  }
  while (open.length > 0) {
    yield giveUp(neverClosed);
    for (let line = waiting.shift(); line; line = waiting.shift()) {
      const record = takeLine(line);
      if (record) yield record;
    }
  }
}

const neverClosed = 'A quote is opened and never closed.';

function delimiterOf(line: string): string {
  const noted = /^sep=(.)$/i.exec(line)?.[1];
  if (noted !== undefined) return noted;
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((mark) => ({ mark, count: bare.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function hasOpenQuote(text: string): boolean {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  return open;
}
