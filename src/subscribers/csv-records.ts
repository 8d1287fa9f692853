import { parse } from 'csv-parse/sync';
import { AppError } from '../errors.ts';

/** A row of a CSV file, or what is wrong with it. Lines count from 1. */
export type CsvRecord =
  | { readonly kind: 'cells'; readonly line: number; readonly lastLine: number; readonly cells: readonly string[] }
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string };

/** A row with line breaks inside quotes may be this long; beyond, its quote counts as never closed. */
const longestRecordLines = 50;
const longestLine = 256 * 1024;

interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * The rows of a CSV file in UTF-8 (RFC 4180), without its byte order mark and blank lines. The delimiter is the one of
 * comma, semicolon and tab that its first line holds most of. A row with a quote that is never closed is reported and
 * costs that line alone: csv-parse, asked for the whole file, would lose all that follows. Memory is constant.
 *
 * @throws AppError `invalid` for a line of more than 256 KB: not a CSV file.
 */
export async function* readCsvRecords(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<CsvRecord> {
  let delimiter: string | null = null;
  let open: Line[] = [];
  let waiting: Line[] = [];
  const giveUp = (reason: string): CsvRecord => {
    const [first, ...rest] = open;
    waiting = [...rest, ...waiting];
    open = [];
    return { kind: 'broken', line: first?.number ?? 0, reason };
  };
  const takeLine = (line: Line): CsvRecord | null => {
    if (open.length === 0 && line.text.trim() === '') return null;
    if (delimiter === null) {
      delimiter = delimiterOf(line.text);
      if (/^sep=.$/i.test(line.text)) return null; // Excel's own note to itself
    }
    open.push(line);
    if (open.length > longestRecordLines) return giveUp('A quote is opened and never closed.');
    const text = open.map((part) => part.text).join('\n');
    if (hasOpenQuote(text)) return null;
    const cells = splitRecord(text, delimiter);
    if (cells === null) return giveUp('A quote stands where none may.');
    const [first] = open;
    open = [];
    return { kind: 'cells', line: first?.number ?? line.number, lastLine: line.number, cells };
  };

  for await (const lines of readLines(input)) {
    waiting = lines;
    for (let line = waiting.shift(); line; line = waiting.shift()) {
      const record = takeLine(line);
      if (record) yield record;
    }
  }
  while (open.length > 0) {
    yield giveUp('A quote is opened and never closed.');
    for (let line = waiting.shift(); line; line = waiting.shift()) {
      const record = takeLine(line);
      if (record) yield record;
    }
  }
}

function delimiterOf(line: string): string {
  const noted = /^sep=(.)$/i.exec(line)?.[1];
  if (noted !== undefined) return noted;
  const bare = line.replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((mark) => ({ mark, count: bare.split(mark).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).mark;
}

function hasOpenQuote(text: string): boolean {
  let open = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) open = !open;
  return open;
}

function splitRecord(text: string, delimiter: string): string[] | null {
  if (!text.includes('"')) return text.split(delimiter).map((cell) => cell.trim());
  try {
    const [cells] = parse(text, { delimiter, trim: true, relax_quotes: true, relax_column_count: true });
    return cells ?? null;
  } catch {
    return null; // whatever csv-parse objects to, the row is reported by its line
  }
}

/** Lines in batches as the file comes in; LF, CRLF and CR end one. */
async function* readLines(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<Line[]> {
  const decoder = new TextDecoder('utf-8'); // takes the byte order mark off
  let rest = '';
  let number = 0;
  const numbered = (texts: readonly string[]): Line[] =>
    texts.map((text) => {
      number += 1;
      return { number, text };
    });
  for await (const chunk of input) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    if (number === 0 && rest.startsWith('\ufeff')) rest = rest.slice(1);
    // A CR at the chunk's end may be half of a CRLF.
    const half = rest.endsWith('\r') ? '\r' : '';
    const texts = rest.slice(0, rest.length - half.length).split(/\r\n|\n|\r/);
    rest = (texts.pop() ?? '') + half;
    if (rest.length > longestLine) {
      throw new AppError('invalid', `Line ${number + texts.length + 1} is longer than 256 KB: that isn't a CSV file.`);
    }
    yield numbered(texts);
  }
  rest += decoder.decode();
  yield numbered(rest.split(/\r\n|\n|\r/));
}
