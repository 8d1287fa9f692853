import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Instant } from '../clock.ts';
import { AppError } from '../errors.ts';
import { readCsvRecords } from './csv-records.ts';
import { type ImportHeader, parseImportHeader } from './import-header.ts';
import { parseImportRow } from './import-row.ts';
import type { ReaderChoices } from './reader-fields.ts';

/** What a file of readers holds, before any of it is taken. Plain JSON. */
export interface ImportPreview {
  /** Whose export it is; null: nobody’s in particular. */
  readonly format: string | null;
  /** What an operator has to know about such files, or null. */
  readonly note: string | null;
  /** Headings by what they are taken for, and those that mean nothing here. */
  readonly used: readonly { readonly heading: string; readonly field: string }[];
  readonly ignored: readonly string[];
  readonly headings: readonly string[];
  /** The first rows, as they are. */
  readonly rows: readonly (readonly string[])[];
  /** Of the rows that were looked at: how many can be taken, and how many can’t. */
  readonly good: number;
  readonly refused: number;
  /** The first of those that can’t. */
  readonly faults: readonly { readonly line: number; readonly reason: string }[];
  /** Whether every row was looked at. */
  readonly isWhole: boolean;
}

const shownRows = 5;
const shownFaults = 10;
const longestCell = 80;
const lookedAtRows = 20_000;
const turnRows = 100;

/**
 * Looks at a file's first line, first rows, and as many as take a moment. Changes nothing.
 *
 * @throws AppError `invalid` where it isn't the CSV that is asked for.
 */
export async function previewImport(
  input: AsyncIterable<Uint8Array | string>,
  fileName: string,
  choices: ReaderChoices,
  now: Instant,
): Promise<ImportPreview> {
  let header: ImportHeader | null = null;
  const rows: string[][] = [];
  const faults: { line: number; reason: string }[] = [];
  const counts = { good: 0, refused: 0 };
  let isWhole = true;
  for await (const record of readCsvRecords(input)) {
    if (header === null) {
      header = parseImportHeader(record, new Map());
      continue;
    }
    if (counts.good + counts.refused >= lookedAtRows) {
      isWhole = false;
      break;
    }
    if (record.kind === 'cells' && rows.length < shownRows)
      rows.push(record.cells.map((cell) => cell.slice(0, longestCell)));
    const fileStatus = header.format.statusOfFile?.(fileName) ?? null;
    const rules = { choices, newsletters: choices.newsletters.slice(0, 1), consent: '', fileStatus, now };
    const row = parseImportRow(record, header, rules);
    counts[row.ok ? 'good' : 'refused'] += 1;
    if (!row.ok && faults.length < shownFaults) faults.push({ line: record.line, reason: row.reason });
    if ((counts.good + counts.refused) % turnRows === 0) await nextTurn();
  }
  if (header === null) throw new AppError('invalid', 'The file is empty; its first line names the columns.');
  const { format, headings, indexes, ignored } = header;
  const used = [...indexes].map(([field, index]) => ({ heading: headings[index] ?? '', field }));
  return { format: format.name, note: format.note ?? null, used, ignored, headings, rows, ...counts, faults, isWhole };
}
