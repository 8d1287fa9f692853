import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import { unguardFormula } from './formula-guard.ts';
import { parseReaderFields, type ReaderChoices } from './reader-fields.ts';
import type { AddOutcome, NewSubscriber, SubscriberStore } from './subscriber-store.ts';

export interface ImportOptions {
  /** A CSV file in UTF-8, as it is read. */
  readonly input: AsyncIterable<Uint8Array | string>;
  /** Where these readers' consent came from, in the operator's words. Required. */
  readonly consent: string;
  readonly choices: ReaderChoices;
  /** For rows that name none. */
  readonly newsletters: readonly string[];
  readonly store: Pick<SubscriberStore, 'addSubscribers'>;
  readonly clock: Clock;
  /** Told each row that was left out, in order. */
  readonly onProblem?: (problem: ImportProblem) => void;
  /** Told after each batch of 500. */
  readonly onProgress?: (soFar: ImportResult) => void;
}

export interface ImportProblem {
  /** Of the file, from 1. */
  readonly line: number;
  /** The column, or null where the row as a whole is at fault. */
  readonly field: string | null;
  /** A sentence. */
  readonly reason: string;
}

/** How many rows came to what; `bad` ones were left out. */
export interface ImportResult extends Readonly<Record<AddOutcome, number>> {
  readonly rows: number;
  readonly bad: number;
  /** Columns of the file that mean nothing here. */
  readonly ignoredColumns: readonly string[];
}

const batchSize = 500;
const columns = ['email', 'name', 'lang', 'countries', 'topics', 'newsletters', 'timezone', 'status'] as const;
type Column = (typeof columns)[number];

/**
 * Adds the readers of a CSV file with a header, 500 to a transaction, in constant memory. A bad row is reported and left
 * out. Nobody who is suppressed or has left gets mail by it: `status` `left` (or `unsubscribed`, `suspended`, `bounced` …)
 * is recorded as having left.
 *
 * @throws AppError `invalid` without a consent or an `email` column, or where the file isn't CSV in UTF-8.
 */
export async function importSubscribers(options: ImportOptions): Promise<ImportResult> {
  if (options.consent.trim() === '') {
    throw new AppError('invalid', 'Say where these readers agreed to get mail: --consent "…".');
  }
  const counts = { rows: 0, bad: 0, added: 0, updated: 0, unchanged: 0, left: 0, suppressed: 0 };
  let header: Header | null = null;
  let batch: NewSubscriber[] = [];
  const soFar = (): ImportResult => ({ ...counts, ignoredColumns: header?.ignored ?? [] });
  const flush = async (): Promise<void> => {
    const outcomes = await options.store.addSubscribers(batch, options.clock.now());
    for (const outcome of outcomes) counts[outcome] += 1;
    batch = [];
    options.onProgress?.(soFar());
    await setImmediate(); // the database holds the loop for a batch; let others have their turn
  };
  for await (const record of readCsvRecords(options.input)) {
    if (header === null) {
      header = parseHeader(record);
      continue;
    }
    counts.rows += 1;
    const row = parseRow(record, header, options);
    if (row.ok) {
      batch.push(row.subscriber);
      if (batch.length >= batchSize) await flush();
    } else {
      counts.bad += 1;
      options.onProblem?.(row.problem);
    }
  }
  if (header === null) throw new AppError('invalid', 'The file is empty; its first line names the columns.');
  if (batch.length > 0) await flush();
  return soFar();
}

interface Header {
  readonly width: number;
  readonly indexes: ReadonlyMap<Column, number>;
  readonly ignored: readonly string[];
}

function parseHeader(record: CsvRecord): Header {
  const cells = record.kind === 'cells' ? record.cells : [];
  if (cells.some((cell) => /[\0\ufffd]/.test(cell))) {
    throw new AppError('invalid', 'The file isn’t in UTF-8. Save it as “CSV UTF-8” and import it again.');
  }
  const indexes = new Map<Column, number>();
  const ignored: string[] = [];
  for (const [index, cell] of cells.entries()) {
    const column = columns.find((known) => known === cell.toLowerCase());
    if (column === undefined) ignored.push(cell.slice(0, 60));
    else if (indexes.has(column)) throw new AppError('invalid', `The file has two columns ${column}.`);
    else indexes.set(column, index);
  }
  if (!indexes.has('email')) {
    throw new AppError('invalid', `The file’s first line names no column email. Known: ${columns.join(', ')}.`);
  }
  return { width: cells.length, indexes, ignored };
}

type ParsedRow =
  | { readonly ok: true; readonly subscriber: NewSubscriber }
  | { readonly ok: false; readonly problem: ImportProblem };

function parseRow(record: CsvRecord, header: Header, options: ImportOptions): ParsedRow {
  const { line } = record;
  const bad = (field: string | null, reason: string): ParsedRow => ({ ok: false, problem: { line, field, reason } });
  if (record.kind === 'broken') return bad(null, record.reason);
  if (record.cells.length > header.width) {
    return bad(null, `The row has ${record.cells.length} cells, the first line ${header.width}.`);
  }
  const cell = (column: Column): string => unguardFormula(record.cells[header.indexes.get(column) ?? -1] ?? '');
  const list = (column: Column): string[] =>
    cell(column)
      .split(';')
      .map((key) => key.trim())
      .filter((key) => key !== '');
  const left = hasLeft(cell('status'));
  if (!left.ok) return bad('status', left.reason);
  const texts = {
    email: cell('email'),
    name: cell('name'),
    languages: list('lang'),
    countries: list('countries'),
    topics: list('topics'),
    newsletters: list('newsletters'),
    timezone: cell('timezone'),
  };
  const parsed = parseReaderFields(texts, options.choices);
  if (!parsed.ok) {
    const run = record.lastLine > line ? ` The row runs to line ${record.lastLine}: is a quote missing?` : '';
    return bad(parsed.field === 'languages' ? 'lang' : parsed.field, parsed.reason + run);
  }
  const { reader } = parsed;
  // A row that names no newsletter joins the usual ones, but has left all there are.
  const unnamed = left.left ? options.choices.newsletters : options.newsletters;
  return {
    ok: true,
    subscriber: {
      ...reader,
      newsletters: reader.newsletters.length > 0 ? reader.newsletters : unnamed,
      left: left.left,
      source: 'import',
      consent: options.consent.trim(),
      sample: false,
    },
  };
}

const activeWords = ['', 'active', 'subscribed', 'enabled', 'confirmed'];
// As other newsletter systems write it: all of them mean that no mail may go there.
const leftWords = [
  'left',
  'unsubscribed',
  'suspended',
  'paused',
  'disabled',
  'blocklisted',
  'cleaned',
  'bounced',
  'complained',
];

function hasLeft(
  status: string,
): { readonly ok: true; readonly left: boolean } | { readonly ok: false; readonly reason: string } {
  const word = status.toLowerCase();
  if (activeWords.includes(word)) return { ok: true, left: false };
  if (leftWords.includes(word)) return { ok: true, left: true };
  if (word === 'pending' || word === 'unconfirmed') {
    return { ok: false, reason: 'This reader never confirmed, so hasn’t agreed to get mail.' };
  }
  return { ok: false, reason: 'This status isn’t known. Known: active, left, unsubscribed, suspended, pending.' };
}
