import { BusyError } from '../errors.ts';

/** Whether SQLite gave up to wait for another process’s transaction (SQLITE_BUSY). */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes('database is locked');
}

/** Runs a statement. @throws BusyError where it had no turn. */
export function unlessBusy<Result>(statement: () => Result): Result {
  try {
    return statement();
  } catch (error) {
    if (!isBusy(error)) throw error;
    throw new BusyError(
      'Another process has kept the database to itself for a minute. One of Silkpost’s that stands still (stopped, asleep) has to go on or be ended.',
      { cause: error },
    );
  }
}
