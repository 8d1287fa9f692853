import { createRequire } from 'node:module';
import { guardFormula } from './formula-guard.ts';
import type { ImportedRow } from './import.ts';

const require = createRequire(import.meta.url);
/** Loaded with the first report as CSV. */
const loadCsv = (): typeof import('csv-stringify/sync') => require('csv-stringify/sync');

export type ImportReportFormat = 'csv' | 'jsonl';

/** The first line of a report. */
export function importReportHead(format: ImportReportFormat): string {
  return format === 'csv' ? 'line,outcome,email,column,reason\r\n' : '';
}

/** What became of each row, a line each; no cell is a formula to a spreadsheet. */
export function formatImportReport(rows: readonly ImportedRow[], format: ImportReportFormat): string {
  if (format === 'jsonl') {
    return rows
      .map(
        ({ line, outcome, email, field: column, reason }) =>
          `${JSON.stringify({ line, outcome, email, column, reason })}\n`,
      )
      .join('');
  }
  const cells = rows.map(({ line, outcome, email, field, reason }) => [
    String(line),
    outcome,
    ...[email, field ?? '', reason].map(guardFormula),
  ]);
  return loadCsv().stringify(cells, { record_delimiter: 'windows' });
}
