import { userInfo } from 'node:os';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import type { Actor, Deed } from '../operators/index.ts';
import { addressKey, parseEmailAddress } from '../subscribers/index.ts';

/** Whoever runs a command, as the audit log calls them. */
export function commandActor(): Actor {
  return { id: null, name: `command line (${userName()})`, email: null };
}

/** Does what a command was asked for, and records it first. */
export function recorded<Result>(
  app: Pick<App, 'audit'>,
  deed: Omit<Deed, 'operator'>,
  act: () => Promise<Result> | Result,
  made?: (result: Result) => string,
): Promise<Result> {
  return app.audit.around({ operator: commandActor(), ...deed }, act, made);
}

/**
 * A reader as the audit log names one: by number, or, for an address that nobody has, by its keyed hash.
 *
 * @throws AppError `invalid` for what is no address.
 */
export async function readerSubject({ subscribers, keys }: App, text: string): Promise<string> {
  const parsed = parseEmailAddress(text.trim());
  if (!parsed.ok) throw new AppError('invalid', parsed.reason);
  const email = parsed.address.text;
  const found = await subscribers.findByEmail(email);
  return found === null ? addressKey(keys, email) : String(found.subscriber.id);
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // Containers run as users that no list knows.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
