/** What kind of fault an {@link AppError} is; commands map it to an exit code, pages to an HTTP status. */
export type ErrorCode = 'invalid' | 'not_found' | 'conflict' | 'unauthorized' | 'unavailable' | 'internal';

/** A fault with a sentence fit for the person who sees it. Expected outcomes are returned, never thrown. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, sentence: string, options?: { cause?: unknown }) {
    super(sentence, options);
    this.code = code;
  }
}

/**
 * The database gave no turn: what was asked for changed nothing, and may be tried again. No `AppError`, since nothing is
 * wrong with what was asked.
 */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** The disk has no room for what was to be kept: nothing was. No `AppError`, as with {@link BusyError}. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/** The sentence of anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
