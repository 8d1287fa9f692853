import { createReadStream } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { openRehearsal } from '../storage/index.ts';
import {
  formatImportReport,
  type ImportedRow,
  type ImportHeader,
  type ImportReportFormat,
  type ImportResult,
  importReportHead,
  importSubscribers as readCsv,
  readerChoices,
} from '../subscribers/index.ts';
import { collect, type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts';
import { recorded } from './recorded.ts';
import { deskOf, getKnown, type SubscriberDesk, usualNewsletters } from './subscribers.ts';

export interface ImportCommandOptions {
  readonly consent: string;
  /** For rows that name none; the first newsletter where empty. */
  readonly newsletter?: readonly string[];
  /** `COLUMN=FIELD` each. */
  readonly map?: readonly string[];
  /** A file for what became of each row. */
  readonly report?: string;
  readonly dryRun?: boolean;
}

/** Rows that are told on the terminal; the report has them all. */
const toldRows = 50;

/** `silkpost subscribers import FILE --consent TEXT` */
export function addImportCommand(subscribers: Command, invocation: Invocation): void {
  withPlace(subscribers.command('import'))
    .description('readers from CSV with a header: ours, or as listmonk, Mailchimp, Ghost and Buttondown export it')
    .argument('<file>', '- for stdin')
    .requiredOption('--consent <text>', 'where these readers agreed, in your words')
    .option('--newsletter <name>', 'for rows that name none; may be said several times', collect, [])
    .option('--map <column=field>', 'what a column holds; may be said several times', collect, [])
    .option('--report <file>', 'write what became of each row, as CSV or (.jsonl) JSON lines')
    .option('--dry-run', 'say what would become of each row; change nothing')
    .option('--json', 'print the sums as one JSON document')
    .action((file: string, options: PlaceOptions & ImportCommandOptions & { json?: boolean }) =>
      withApp(invocation, options, async (app) => {
        const work = (desk: SubscriberDesk) => importSubscribers(desk, file, options);
        const deed = { action: 'readers.import', subject: 'file', after: { consent: options.consent } };
        const { result, exitCode } = await (options.dryRun
          ? rehearsed(app, invocation, work)
          : recorded(app, deed, () => work(deskOf(app, invocation))));
        if (options.json) invocation.terminal.out(JSON.stringify(result));
        invocation.end(exitCode);
      }),
    );
}

async function rehearsed<Result>(
  app: App,
  invocation: Invocation,
  work: (desk: SubscriberDesk) => Promise<Result>,
): Promise<Result> {
  const rehearsal = await openRehearsal(app.config.paths.database, app.keys);
  try {
    return await work({ ...deskOf(app, invocation), store: rehearsal.store });
  } finally {
    await rehearsal.close();
  }
}

/**
 * Exit code 1 where rows were left out.
 *
 * @throws AppError `invalid` for a file that can't be read or isn't the CSV that is asked for.
 */
export async function importSubscribers(
  desk: SubscriberDesk,
  file: string,
  options: ImportCommandOptions,
): Promise<{ exitCode: ExitCode; result: ImportResult }> {
  const choices = readerChoices(desk.site, desk.newsletters);
  const named = options.newsletter ?? [];
  for (const name of named) getKnown(name, choices.newsletters);
  const source = await openSource(file);
  const report = options.report === undefined ? null : await openReport(options.report, file);
  let refused = 0;
  await desk.store.expectMany();
  try {
    const result = await readCsv({
      input: source.input,
      fileName: basename(file),
      consent: options.consent,
      choices,
      newsletters: named.length > 0 ? named : usualNewsletters(desk),
      columns: mappingOf(options.map ?? []),
      store: desk.store,
      clock: desk.clock,
      onHeader: (header) => sayHeader(desk, header),
      async onRows(rows, soFar) {
        await report?.write(rows);
        for (const row of rows.filter(({ outcome }) => outcome === 'refused')) {
          refused += 1;
          if (refused <= toldRows) desk.terminal.say(refusalLine(file, row));
        }
        desk.terminal.status(`${soFar.rows} rows${source.share()}`);
      },
    });
    if (refused > toldRows) {
      desk.terminal.say(`… and ${refused - toldRows} more rows${report ? '' : '; --report FILE writes them all'}.`);
    }
    desk.terminal.say(sumOf(result, options.dryRun ?? false));
    return { exitCode: result.refused > 0 ? exitCodes.fault : exitCodes.done, result };
  } finally {
    await report?.close();
  }
}

function mappingOf(words: readonly string[]): Map<string, string> {
  return new Map(
    words.map((word) => {
      const at = word.lastIndexOf('=');
      if (at < 1) throw new UsageError(`--map takes COLUMN=FIELD, such as "E-mail=email"; “${word}” isn’t that.`);
      return [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

function sayHeader({ terminal }: SubscriberDesk, { format, headings, indexes, ignored }: ImportHeader): void {
  const used = [...indexes].map(([field, index]) => {
    const heading = headings[index] ?? '';
    return heading === field ? field : `${heading} as ${field}`;
  });
  terminal.say(
    `${format.name === null ? 'A list of readers' : `An export of ${format.name}`}. Columns used: ${used.join(', ')}.`,
  );
  if (format.note !== undefined) terminal.say(format.note);
  const more = ignored.length > 20 ? ` and ${ignored.length - 20} more` : '';
  if (ignored.length > 0) terminal.say(`Columns not used: ${ignored.slice(0, 20).join(', ')}${more}`);
}

function refusalLine(file: string, { line, field, reason }: ImportedRow): string {
  return `${file}:${line}: ${field === null ? '' : `${field}: `}${reason}`;
}

function sumOf(
  { rows, added, updated, unchanged, left, suppressed, refused }: ImportResult,
  isRehearsal: boolean,
): string {
  const sum =
    `${rows} rows: ${added} added, ${updated} changed, ${unchanged} as they were, ${left} have left and stay out, ` +
    `${suppressed} suppressed, ${refused} left out.`;
  return isRehearsal ? `Nothing is changed. It would be ${sum}` : sum;
}

/** Bytes, and how much of them has been read, where that is known. */
interface Source {
  readonly input: AsyncIterable<Uint8Array | string>;
  /** `, 42 %` or nothing. */
  share(): string;
}

async function openSource(file: string): Promise<Source> {
  const size =
    file === '-'
      ? 0
      : await stat(file).then(
          ({ size: bytes }) => bytes,
          () => 0,
        );
  const stream = file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 });
  let read = 0;
  async function* chunks(): AsyncGenerator<Uint8Array | string> {
    try {
      for await (const chunk of stream) {
        read += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw new AppError('invalid', `${file} can't be read: ${sentenceOf(error)}.`, { cause: error });
    }
  }
  return { input: chunks(), share: () => (size === 0 ? '' : `, ${Math.floor((100 * read) / size)} %`) };
}

interface Report {
  write(rows: readonly ImportedRow[]): Promise<void>;
  close(): Promise<void>;
}

/** For its owner alone: it holds addresses. */
async function openReport(path: string, source: string): Promise<Report> {
  if (resolve(path) === resolve(source)) throw new UsageError('The report would overwrite the file that is imported.');
  const format: ImportReportFormat = /\.(?:jsonl|ndjson)$/i.test(path) ? 'jsonl' : 'csv';
  let handle: FileHandle;
  try {
    handle = await open(path, 'w', 0o600);
  } catch (error) {
    throw new AppError('invalid', `The report ${path} can't be written: ${sentenceOf(error)}.`, { cause: error });
  }
  await handle.write(importReportHead(format));
  return {
    async write(rows) {
      await handle.write(formatImportReport(rows, format));
    },
    close: () => handle.close(),
  };
}
