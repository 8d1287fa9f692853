import { stringify } from 'csv-stringify/sync';
import { guardFormula } from './formula-guard.ts';
import type { ImportedRow } from './import.ts';

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
  return stringify(cells, { record_delimiter: 'windows' });
}
