import { AppError, BusyError, NoRoomError } from '../errors.ts';

/** What a command's end means to the shell. */
export const exitCodes = {
  /** Done; also: nothing new. */
  done: 0,
  /** Input or setup is at fault. */
  fault: 1,
  /** The call's words are off; also: no terminal and no `--yes`. */
  usage: 2,
  /** Done, but a person is needed: something failed, is deferred, in doubt or held. */
  attention: 3,
  /** A mail server should bring it again later (EX_TEMPFAIL of sysexits.h). */
  again: 75,
  /** A fault of Silkpost itself. */
  internal: 70,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A refusal to go on without being asked properly. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof BusyError || error instanceof NoRoomError) return exitCodes.fault;
  if (error instanceof AppError && error.code !== 'internal') return exitCodes.fault;
  return exitCodes.internal;
}
