import type { Command } from 'commander';
import type { App } from '../app.ts';
import { AppError } from '../errors.ts';
import { parseEmailAddress, parseSuppressionReason, type Suppression } from '../subscribers/index.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { readerSubject, recorded } from './recorded.ts';

/** `silkpost suppressions …`: the addresses that get no mail. */
export function addSuppressionsCommand(program: Command, invocation: Invocation): void {
  const suppressions = program.command('suppressions').description('addresses that get no mail, whatever is sent');
  const run = (place: PlaceOptions, work: (app: App) => Promise<void>): Promise<void> =>
    withApp(invocation, place, work);

  withPlace(suppressions.command('list'))
    .description('all of them; the address is known where a subscriber still has it')
    .option('--json', 'print one JSON document')
    .option('--jsonl', 'print a JSON document a line')
    .action((options: PlaceOptions & { json?: boolean; jsonl?: boolean }) =>
      run(options, (app) => list(app, options, invocation)),
    );

  withPlace(suppressions.command('add'))
    .description('keep an address out from now on')
    .argument('<email>')
    .requiredOption('--reason <reason>', 'in your words; “complaint” can’t be lifted again')
    .action((email: string, options: PlaceOptions & { reason: string }) =>
      run(options, (app) => add(app, addressOf(email), options.reason, invocation)),
    );

  withPlace(suppressions.command('lift'))
    .description('let an address in again; not after a complaint')
    .argument('<email>')
    .action((email: string, place: PlaceOptions) => run(place, (app) => lift(app, addressOf(email), invocation)));
}

async function list(
  { subscribers }: App,
  options: { json?: boolean; jsonl?: boolean },
  { terminal }: Invocation,
): Promise<void> {
  const all: Suppression[] = [];
  let count = 0;
  for await (const suppression of subscribers.listSuppressions()) {
    count += 1;
    if (options.json) all.push(suppression);
    else if (options.jsonl) terminal.out(JSON.stringify(suppression));
    else {
      const { email, addressKey, reason, since } = suppression;
      terminal.out([email ?? `(${addressKey.slice(0, 12)}…)`, reason, since].join('\t'));
    }
  }
  if (options.json) terminal.out(JSON.stringify(all, null, 2));
  else terminal.say(count === 1 ? '1 address' : `${count} addresses`);
}

async function add(app: App, email: string, reason: string, { terminal }: Invocation): Promise<void> {
  const { subscribers, clock } = app;
  const text = parseSuppressionReason(reason);
  if (text === null) throw new AppError('invalid', 'A reason is one line of at most 200 characters.');
  const known = await subscribers.isSuppressed(email);
  // The reason stays with the suppression: it may tell of the reader, and the audit log outlives what is forgotten.
  const change = { before: { suppressed: known }, after: { suppressed: true } };
  const deed = { action: 'suppressions.add', subject: await readerSubject(app, email), ...change };
  await recorded(app, deed, () => subscribers.suppress(email, text, clock.now()));
  terminal.say(known ? `${email} was suppressed already.` : `${email} gets no mail from now on.`);
}

async function lift(app: App, email: string, { terminal, end }: Invocation): Promise<void> {
  const change = { before: { suppressed: true }, after: { suppressed: false } };
  const deed = { action: 'suppressions.lift', subject: await readerSubject(app, email), ...change };
  const lifting = await recorded(app, deed, () => app.subscribers.liftSuppression(email));
  switch (lifting) {
    case 'lifted':
      terminal.say(`${email} may get mail again, from the next edition on.`);
      return;
    case 'none':
      terminal.say(`${email} isn’t suppressed; nothing is changed.`);
      return;
    case 'complaint':
      terminal.say(
        `${email} has complained of our mail. Only the reader’s own new subscription, confirmed by mail, lifts that; nothing is changed.`,
      );
      end(exitCodes.fault);
      return;
    default:
      lifting satisfies never;
  }
}

function addressOf(email: string): string {
  const parsed = parseEmailAddress(email.trim());
  if (!parsed.ok) throw new AppError('invalid', parsed.reason);
  return parsed.address.text;
}
