import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import { parseEmailAddress, type SubscriberStore, type SubscriberWithSubscriptions } from '../subscribers/index.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { recorded } from './recorded.ts';

interface EraseOptions extends PlaceOptions {
  readonly keepOut?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `silkpost subscribers erase ADDR|ID`: forgets who a reader is. */
export function addEraseCommand(subscribers: Command, invocation: Invocation): void {
  withPlace(subscribers.command('erase'))
    .description('forget who a reader is, for good; sums and consents stay, without address and name')
    .argument('<reader>', 'an address, or a subscriber’s number')
    .option('--keep-out', 'the reader asks never to get mail again: a keyed hash of the address stays')
    .option('--yes', 'without being asked')
    .option('--json', 'print one JSON document')
    .action((reader: string, options: EraseOptions) =>
      withApp(invocation, options, (app) => erase(app, reader, options, invocation)),
    );
}

async function erase(app: App, reader: string, options: EraseOptions, { terminal, end }: Invocation): Promise<void> {
  const { subscriber } = await getReader(app.subscribers, reader);
  const known = subscriber.email ?? `Subscriber ${subscriber.id}`;
  if (!options.yes && !(await terminal.confirm(`Erase ${known}? This can’t be undone.`))) {
    terminal.say('Nothing is changed.');
    return;
  }
  const keepOut = options.keepOut ?? false;
  const deed = { action: 'readers.erase', subject: String(subscriber.id), after: { keepOut } };
  const erased = await recorded(app, deed, () => app.eraseReader(subscriber.id, { keepOut }));
  const scrubbed = await app.subscribers.scrub();
  const { cancelled = 0, mails = 0 } = erased ?? {};
  if (options.json) terminal.out(JSON.stringify({ id: subscriber.id, cancelled, mails, scrubbed }));
  else {
    terminal.say(
      `Subscriber ${subscriber.id} is erased: ${cancelled} mails that were still to go are cancelled, ${mails} copies of mails removed.`,
    );
  }
  for (const copy of await findCopies(app.config.paths.database)) {
    terminal.say(`${copy} was made before and still tells of the reader; remove it once you don’t need it.`);
  }
  if (scrubbed) return;
  terminal.say(
    'The database could not be written anew, since another process was using it; unused parts of its file may still hold the address. The next daily clean-up does it, or the same command again.',
  );
  end(exitCodes.attention);
}

/**
 * By address or number.
 *
 * @throws AppError `invalid` for what is neither, `not_found` where nobody has it.
 */
export async function getReader(subscribers: SubscriberStore, reader: string): Promise<SubscriberWithSubscriptions> {
  if (/^\d{1,15}$/.test(reader)) {
    const found = await subscribers.findById(Number(reader));
    if (found === null) throw new AppError('not_found', `There is no subscriber ${reader}.`);
    return found;
  }
  const parsed = parseEmailAddress(reader.trim());
  if (!parsed.ok) throw new AppError('invalid', parsed.reason);
  const found = await subscribers.findByEmail(parsed.address.text);
  if (found === null) throw new AppError('not_found', `There is no subscriber ${parsed.address.text}.`);
  return found;
}

/** What was copied before the schema changed. */
async function findCopies(database: string): Promise<string[]> {
  const names = await readdir(dirname(database));
  const copy = new RegExp(`^${RegExp.escape(basename(database))}\\.\\d{4}_`);
  return names.filter((name) => copy.test(name)).map((name) => join(dirname(database), name));
}
