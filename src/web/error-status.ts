import { AppError, BusyError, type ErrorCode, NoRoomError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';

const statuses: Readonly<Record<ErrorCode, number>> = {
  invalid: 400,
  unauthorized: 403,
  not_found: 404,
  conflict: 409,
  internal: 500,
  unavailable: 503,
};

/** The HTTP status of anything that was thrown. */
export function statusOf(error: unknown): number {
  if (error instanceof BusyError || error instanceof NoRoomError) return statuses.unavailable;
  return error instanceof AppError ? statuses[error.code] : 500;
}

/**
 * Logs what kept a request from its answer: as an error only what is ours, since anybody may ask for what isn't there.
 *
 * @param area The beginning of the path, without what may be a reader's token.
 */
export function logFailed(log: Log, area: string, error: unknown): void {
  const status = statusOf(error);
  const fields = { status, area, error: sentenceOf(error) };
  if (status < 500) log.info('request', fields);
  else log.error('request', fields);
}
