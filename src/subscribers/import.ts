import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import { type CsvRecord, readCsvRecords } from './csv-records.ts';
import { type ImportHeader, parseImportHeader } from './import-header.ts';
import { firstBatch, nextBatch } from './import-pace.ts';
import { type ImportRow, type ImportRules, parseImportRow } from './import-row.ts';
import type { ReaderChoices } from './reader-fields.ts';
import type { AddOutcome, SubscriberStore } from './subscriber-store.ts';

export interface ImportOptions {
  /** A CSV file in UTF-8 or UTF-16, as it is read. */
  readonly input: AsyncIterable<Uint8Array | string>;
  /** Its name without folders: Mailchimp’s says what its readers are. Default: none. */
  readonly fileName?: string;
  /** Where these readers' consent came from, in the operator's words. Required. */
  readonly consent: string;
  readonly choices: ReaderChoices;
  /** For rows that name none. */
  readonly newsletters: readonly string[];
  /** Field by heading, where the headings don’t say it themselves. Default: none. */
  readonly columns?: ReadonlyMap<string, string>;
  readonly store: Pick<SubscriberStore, 'addSubscribers'>;
  readonly clock: Clock;
  /** Told once, before any row is taken. */
  readonly onHeader?: (header: ImportHeader) => void;
  /** Told each row and what became of it, in order, some hundreds at a time, and the sums so far; awaited. */
  readonly onRows?: (rows: readonly ImportedRow[], soFar: ImportResult) => Promise<void> | void;
  /** Milliseconds to rest after a transaction that took so many: others get their turn. Default: none. */
  readonly restMs?: (tookMs: number) => number;
}

/** `refused`: the row was left out, and only that is in the file for the operator to mend. */
export type ImportOutcome = AddOutcome | 'refused';

export interface ImportedRow {
  /** Of the file, from 1. */
  readonly line: number;
  readonly outcome: ImportOutcome;
  /** As the file has it, at most 254 characters. */
  readonly email: string;
  /** The column at fault by its heading, or null: none, or the row as a whole. */
  readonly field: string | null;
  /** A sentence; empty where nothing is at fault. */
  readonly reason: string;
}

/** How many rows came to what. */
export interface ImportResult extends Readonly<Record<ImportOutcome, number>> {
  readonly rows: number;
}

export const noRows: ImportResult = {
  rows: 0,
  added: 0,
  updated: 0,
  unchanged: 0,
  left: 0,
  suppressed: 0,
  refused: 0,
};

/**
 * Adds the readers of a CSV file with a header, some hundreds to a transaction, in constant memory; safe to repeat, also after a
 * crash. A bad row is reported and left out. Nobody who is suppressed or has left gets mail by it: who has left elsewhere
 * is recorded as having left, and an address that came back or complained there as suppressed.
 *
 * @throws AppError `invalid` without a consent or a column of addresses, or where the file isn't CSV.
 */
export async function importSubscribers(options: ImportOptions): Promise<ImportResult> {
  const consent = options.consent.trim();
  if (consent === '') throw new AppError('invalid', 'Say where these readers agreed to get mail: --consent "…".');
  const counts = { ...noRows };
  let batchSize = firstBatch;
  let header: ImportHeader | null = null;
  let rules: ImportRules | null = null;
  let batch: ReadRow[] = [];
  const flush = async (): Promise<void> => {
    const began = performance.now();
    const rows = await carryOut(batch, options);
    const tookMs = performance.now() - began;
    for (const { outcome } of rows) counts[outcome] += 1;
    counts.rows += rows.length;
    if (batch.length === batchSize) batchSize = nextBatch(batchSize, tookMs);
    batch = [];
    await options.onRows?.(rows, { ...counts });
    // The database holds the loop for a batch; let others have their turn.
    await pause(options.restMs?.(tookMs) ?? 0);
  };
  for await (const record of readCsvRecords(options.input)) {
    if (header === null || rules === null) {
      header = parseImportHeader(record, options.columns ?? new Map());
      rules = {
        choices: options.choices,
        newsletters: options.newsletters,
        consent,
        fileStatus: header.format.statusOfFile?.(options.fileName ?? '') ?? null,
        now: options.clock.now(),
      };
      options.onHeader?.(header);
      continue;
    }
    batch.push({ line: record.line, email: emailOf(record, header), row: parseImportRow(record, header, rules) });
    if (batch.length >= batchSize) await flush();
  }
  if (header === null) throw new AppError('invalid', 'The file is empty; its first line names the columns.');
  if (batch.length > 0) await flush();
  return counts;
}

const confirmedHere = 'Mail came back elsewhere, but this reader confirmed here and is active; they stay.';

interface ReadRow {
  readonly line: number;
  readonly email: string;
  readonly row: ImportRow;
}

async function carryOut(batch: readonly ReadRow[], { store, clock }: ImportOptions): Promise<ImportedRow[]> {
  const readers = batch.flatMap(({ row }) => (row.ok ? [row.subscriber] : []));
  const outcomes = (await store.addSubscribers(readers, clock.now())).values();
  return batch.map(({ line, email, row }) => {
    if (!row.ok) return { line, email, outcome: 'refused', field: row.field, reason: row.reason };
    const outcome = outcomes.next().value ?? 'unchanged';
    const hasLeft = row.subscriber.left === true && outcome !== 'suppressed';
    // Of those only who confirmed here can be as they were.
    const reason = row.subscriber.suppressed !== undefined && outcome === 'unchanged' ? confirmedHere : '';
    return { line, email, outcome: hasLeft ? 'left' : outcome, field: null, reason };
  });
}

function emailOf(record: CsvRecord, { indexes }: ImportHeader): string {
  if (record.kind === 'broken') return '';
  return (record.cells[indexes.get('email') ?? -1] ?? '').replace(/\p{Cc}/gu, '?').slice(0, 254);
}
