import { AppError } from '../errors.ts';
import { nearestKey } from '../nearest-key.ts';
import type { CsvRecord } from './csv-records.ts';
import {
  fieldOfHeading,
  type ImportField,
  type ImportFormat,
  importFields,
  normalHeading,
  recogniseFormat,
} from './import-format.ts';

/** What the first line of a file says of the others. */
export interface ImportHeader {
  readonly format: ImportFormat;
  readonly headings: readonly string[];
  /** Where each field’s column is. */
  readonly indexes: ReadonlyMap<ImportField, number>;
  /** Headings that mean nothing here. */
  readonly ignored: readonly string[];
}

const longestHeading = 60;

/**
 * Reads the headings, some of them as the operator says.
 *
 * @param given Field by heading, from `--map`.
 * @throws AppError `invalid` where no column, or two, hold the addresses, or `given` names what isn’t there.
 */
export function parseImportHeader(record: CsvRecord, given: ReadonlyMap<string, string>): ImportHeader {
  if (record.kind === 'broken')
    throw new AppError('invalid', `Line ${record.line}, which names the columns: ${record.reason}`);
  const { cells } = record;
  if (cells.some((cell) => /[\0\ufffd]/.test(cell))) {
    throw new AppError('invalid', 'The file isn’t in UTF-8. Save it as “CSV UTF-8” and import it again.');
  }
  const format = recogniseFormat(cells);
  const wanted = fieldsOf(given, cells);
  const taken = new Set(wanted.values());
  const indexes = new Map<ImportField, number>();
  const ignored: string[] = [];
  for (const [index, cell] of cells.entries()) {
    const own = wanted.get(index);
    const usual = fieldOfHeading(format, cell);
    const field = own ?? (usual !== undefined && !taken.has(usual) ? usual : undefined);
    if (field === undefined) ignored.push(shown(cell));
    else if (indexes.has(field)) throw twoColumns(field, cells, indexes.get(field), cell);
    else indexes.set(field, index);
  }
  if (!indexes.has('email')) {
    throw new AppError(
      'invalid',
      `The file’s first line names no column email. It has: ${listed(cells)}. Say which one holds the addresses: --map COLUMN=email.`,
    );
  }
  return { format, headings: cells.map(shown), indexes, ignored };
}

function fieldsOf(given: ReadonlyMap<string, string>, cells: readonly string[]): Map<number, ImportField> {
  const fields = new Map<number, ImportField>();
  for (const [heading, word] of given) {
    const index = cells.findIndex((cell) => normalHeading(cell) === normalHeading(heading));
    if (index < 0)
      throw new AppError('invalid', `The file has no column “${shown(heading)}”. It has: ${listed(cells)}.`);
    const field = importFields.find((known) => known === word.trim().toLowerCase());
    if (field === undefined) {
      const near = nearestKey(word.slice(0, longestHeading), importFields);
      const hint = near === null ? '' : ` Did you mean ${near}?`;
      throw new AppError('invalid', `A column can’t be “${shown(word)}”.${hint} Known: ${importFields.join(', ')}.`);
    }
    fields.set(index, field);
  }
  return fields;
}

function twoColumns(field: ImportField, cells: readonly string[], first: number | undefined, second: string): AppError {
  const both = `“${shown(cells[first ?? 0] ?? '')}” and “${shown(second)}”`;
  return new AppError(
    'invalid',
    `The file has two columns ${field}: ${both}. Say which one counts: --map COLUMN=${field}.`,
  );
}

function listed(cells: readonly string[]): string {
  const few = cells.slice(0, 20).map(shown).join(', ');
  return cells.length > 20 ? `${few} and ${cells.length - 20} more` : few;
}

function shown(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, longestHeading);
}
