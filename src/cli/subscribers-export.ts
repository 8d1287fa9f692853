import { type Command, Option } from 'commander';
import { type ExportStatus, exportStatuses, exportSubscribers as writeCsv } from '../subscribers/index.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { deskOf, filterOf, type SubscriberDesk } from './subscribers.ts';

interface ExportOptions {
  readonly newsletter?: string;
  /** Default: all. */
  readonly status?: readonly ExportStatus[];
}

/** `silkpost subscribers export`: CSV that the import takes back. */
export function addExportCommand(subscribers: Command, invocation: Invocation): void {
  withPlace(subscribers.command('export'))
    .description('readers as CSV on stdout, with all that the import takes back')
    .option('--newsletter <name>', 'only who hasn’t left this newsletter')
    .addOption(new Option('--status <status...>', 'only readers who are that').choices(exportStatuses))
    .action((options: PlaceOptions & ExportOptions) =>
      withApp(invocation, options, async (app) =>
        invocation.end((await exportSubscribers(deskOf(app, invocation), options)).exitCode),
      ),
    );
}

/** @throws AppError `invalid` for a newsletter that there isn’t. */
export async function exportSubscribers(
  desk: SubscriberDesk,
  { newsletter, status }: ExportOptions,
): Promise<{ exitCode: ExitCode; count: number }> {
  const count = await writeCsv(desk.store.exportSubscribers(filterOf(desk, newsletter)), desk.output, status);
  desk.terminal.say(count === 1 ? '1 subscriber' : `${count} subscribers`);
  return { exitCode: exitCodes.done, count };
}
