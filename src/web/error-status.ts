import { AppError, type ErrorCode } from '../errors.ts';

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
  return error instanceof AppError ? statuses[error.code] : 500;
}
