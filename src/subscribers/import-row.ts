import type { Instant } from '../clock.ts';
import type { CsvRecord } from './csv-records.ts';
import { unguardFormula } from './formula-guard.ts';
import type { ImportField } from './import-format.ts';
import type { ImportHeader } from './import-header.ts';
import { type ImportStatus, parseImportStatus } from './import-status.ts';
import { readSubscriptionCells } from './import-subscriptions.ts';
import { parseImportTime } from './import-time.ts';
import { listOf } from './list-cell.ts';
import { parseReaderFields, type ReaderChoices } from './reader-fields.ts';
import type { NewSubscriber } from './subscriber-store.ts';

export interface ImportRules {
  readonly choices: ReaderChoices;
  /** For rows that name none. */
  readonly newsletters: readonly string[];
  /** In the operator’s words. */
  readonly consent: string;
  /** What the file says of all its readers by its name, or null. */
  readonly fileStatus: string | null;
  readonly now: Instant;
}

export type ImportRow =
  | { readonly ok: true; readonly subscriber: NewSubscriber }
  /** `field` is the column’s heading, or null where the row as a whole is at fault; `reason` a sentence. */
  | { readonly ok: false; readonly field: string | null; readonly reason: string };

/** What a row of a file says of a reader, checked against what there is. Never throws. */
export function parseImportRow(record: CsvRecord, header: ImportHeader, rules: ImportRules): ImportRow {
  const { headings, indexes } = header;
  const refused = (field: ImportField | null, reason: string): ImportRow => {
    const run = record.kind === 'cells' && record.lastLine > record.line;
    const hint = run ? ` The row runs to line ${record.lastLine}: is a quote missing?` : '';
    const index = field === null ? undefined : indexes.get(field);
    return { ok: false, field: index === undefined ? field : (headings[index] ?? field), reason: reason + hint };
  };
  if (record.kind === 'broken') return refused(null, record.reason);
  const { cells } = record;
  if (cells.length > headings.length) {
    return refused(
      null,
      `The row has ${cells.length} cells, the first line ${headings.length}: a cell with a separator needs quotes.`,
    );
  }
  const spoilt = cells.findIndex((cell) => cell.includes('\0'));
  if (spoilt >= 0)
    return { ok: false, field: headings[spoilt] ?? null, reason: 'The cell holds a NUL character; remove it.' };
  for (const [field, index] of indexes) {
    if (cells[index]?.includes('\ufffd'))
      return refused(field, 'The cell isn’t in UTF-8. Save the file as “CSV UTF-8”.');
  }
  const cell = (field: ImportField): string => unguardFormula(cells[indexes.get(field) ?? -1] ?? '');

  const status = statusOf(cell, rules.fileStatus);
  if (status === null) return refused('status', unknownStatus);
  if (status.kind === 'refused') return refused('status', status.reason);
  const subscriptions = readSubscriptionCells(cell, status, rules, indexes.has('left'));
  if (!subscriptions.ok) return refused(subscriptions.field, subscriptions.reason);
  const createdAt = parseImportTime(cell('created_at'));
  const consentedAt = parseImportTime(cell('consented_at'));
  if (createdAt === null && cell('created_at') !== '') return refused('created_at', unknownTime);
  if (consentedAt === null && cell('consented_at') !== '') return refused('consented_at', unknownTime);
  const parsed = parseReaderFields(
    {
      email: cell('email'),
      name: cell('name') || [cell('first_name'), cell('last_name')].join(' '),
      languages: listOf(cell('languages')),
      countries: listOf(cell('countries')),
      topics: listOf(cell('topics')),
      newsletters: subscriptions.newsletters,
      timezone: cell('timezone'),
    },
    rules.choices,
  );
  if (!parsed.ok) return refused(parsed.field, parsed.reason);
  const agreedAt = consentedAt ?? (status.kind === 'left' ? null : createdAt);
  return {
    ok: true,
    subscriber: {
      ...parsed.reader,
      ...subscriptions.wishes,
      left: status.kind === 'left',
      ...(status.kind === 'suspended' ? { state: 'suspended' as const } : {}),
      ...(status.kind === 'suppressed' ? { suppressed: status.reason } : {}),
      unsaid: unsaidOf(header, cell('languages')),
      ...(createdAt === null ? {} : { createdAt: earlier(createdAt, rules.now) }),
      ...(agreedAt === null ? {} : { consentedAt: earlier(agreedAt, rules.now) }),
      source: 'import',
      consent: rules.consent,
      sample: false,
    },
  };
}

const unknownStatus =
  'This status isn’t known. Known: active, left, unsubscribed, paused, suspended, bounced, complained, suppressed, pending.';
const unknownTime = 'This isn’t a time. Write it like 2026-11-27T08:00:00Z.';

/** All that a row says of the status: what keeps mail away counts most. */
const byWeight: readonly ImportStatus['kind'][] = ['suppressed', 'left', 'refused', 'suspended', 'paused', 'active'];

function statusOf(cell: (field: ImportField) => string, fileStatus: string | null): ImportStatus | null {
  const said = parseImportStatus(cell('status'));
  if (said === null) return null;
  const all: (ImportStatus | null)[] = [
    said,
    fileStatus === null ? null : parseImportStatus(fileStatus),
    cell('suppressed') === '' ? null : { kind: 'suppressed', reason: oneLine(cell('suppressed')) },
    cell('bounced_at') === '' ? null : { kind: 'suppressed', reason: 'address_gone' },
    cell('left_at') === '' ? null : { kind: 'left' },
    /^(?:false|no|0)$/i.test(cell('receives')) ? { kind: 'left' } : null,
  ];
  for (const kind of byWeight) {
    const found = all.find((status) => status?.kind === kind);
    if (found) return found;
  }
  return said;
}

function unsaidOf({ indexes }: ImportHeader, languages: string): NonNullable<NewSubscriber['unsaid']> {
  return [
    ...(languages === '' ? (['languages'] as const) : []),
    ...(['countries', 'topics'] as const).filter((field) => !indexes.has(field)),
  ];
}

function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}

function oneLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 200);
}
