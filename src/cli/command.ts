import type { Command } from 'commander';
import { type App, type AppOptions, openApp } from '../app.ts';
import { readConfig } from '../config/index.ts';
import { AppError } from '../errors.ts';
import type { ExitCode } from './exit-codes.ts';
import { createFaultLog } from './person-log.ts';
import type { Terminal } from './terminal.ts';

/** What a command gets from the process that runs it. */
export interface Invocation {
  readonly terminal: Terminal;
  readonly environment: NodeJS.ProcessEnv;
  /** Sets the exit code of a command that came to its end. */
  end(code: ExitCode): void;
}

/** The options that every command has. */
export interface PlaceOptions {
  readonly dir: string;
  readonly data?: string;
  readonly outbox?: boolean;
}

/** Gives a command `--dir` and `--data`. */
export function withPlace(command: Command): Command {
  return command
    .option('--dir <dir>', "the publication's folder", '.')
    .option('--data <dir>', 'where the database, keys and outbox are (default: var in the folder)');
}

/** Gives a command that may send `--outbox`. */
export function withOutbox(command: Command): Command {
  return command.option('--outbox', 'write .eml files even where a relay is configured');
}

/** Opens the app of the named publication, hands it to `work`, and closes it whatever happens. */
export async function withApp<Result>(
  invocation: Invocation,
  place: PlaceOptions,
  work: (app: App) => Promise<Result>,
  overrides: AppOptions = {},
): Promise<Result> {
  const config = readConfig({
    dir: place.dir,
    data: place.data,
    // A command that sends nothing needs no relay.
    outbox: place.outbox ?? true,
    environment: invocation.environment,
  });
  const app = await openApp(config, { log: createFaultLog(invocation.terminal), ...overrides });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/**
 * As `withApp`, for a command that may send. Once a relay has been used, the outbox has to be asked for: a variable that
 * got lost must not turn an edition into files.
 *
 * @throws AppError `conflict` where it wasn't, `invalid` where a key that signs is missing.
 */
export function withSendingApp<Result>(
  invocation: Invocation,
  place: PlaceOptions,
  work: (app: App) => Promise<Result>,
): Promise<Result> {
  return withApp(invocation, { ...place, outbox: place.outbox ?? false }, async (app) => {
    await checkSending(app, place);
    return work(app);
  });
}

export async function checkSending(app: App, place: PlaceOptions): Promise<void> {
  await app.postRoom.openKeys();
  if (app.transport.name !== 'outbox' || place.outbox) return;
  const editions = await app.editions.listEditions({ limit: 50 });
  const relayed = editions.find(({ transport }) => transport !== null && transport !== 'outbox');
  if (relayed === undefined) return;
  throw new AppError(
    'conflict',
    `Mail went through ${relayed.transport} before, and SILKPOST_SMTP_URL is not set now. Set it, or say --outbox.`,
  );
}

/** Options that may be said several times: `--newsletter weekly --newsletter daily`. */
export function collect(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}
