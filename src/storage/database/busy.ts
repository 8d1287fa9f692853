import { BusyError, NoRoomError } from '../../errors.ts';

/** Whether SQLite gave up to wait for another process’s transaction (SQLITE_BUSY). */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes('database is locked');
}

/** Runs a statement. @throws what {@link explained} makes of the error. */
export function tried<Result>(statement: () => Result): Result {
  try {
    return statement();
  } catch (error) {
    throw explained(error);
  }
}

/** A BusyError where a statement had no turn, a NoRoomError on a full disk (SQLITE_FULL), else the error itself. */
export function explained(error: unknown): unknown {
  if (isBusy(error)) {
    return new BusyError(
      'Another process has kept the database to itself for a minute. One of Silkpost’s that stands still (stopped, asleep) has to go on or be ended.',
      { cause: error },
    );
  }
  if (error instanceof Error && error.message.includes('database or disk is full')) {
    return new NoRoomError('The disk that the database is on is full: nothing was kept of this. Make room.', {
      cause: error,
    });
  }
  return error;
}
