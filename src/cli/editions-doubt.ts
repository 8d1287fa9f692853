import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import type { Edition } from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { describeCounts, needsAttention } from '../schedule/index.ts';
import { count } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { exitCodes, UsageError } from './exit-codes.ts';
import { recorded } from './recorded.ts';

interface ResolveOptions extends PlaceOptions {
  readonly accept?: boolean;
  readonly resend?: boolean;
  readonly log?: string;
}

/** `silkpost editions retry` and `resolve`: what readers didn't get, and what nobody knows. */
export function addDoubtCommands(
  editions: Command,
  invocation: Invocation,
  getEdition: (app: App, id: string) => Promise<Edition>,
): void {
  withPlace(editions.command('retry'))
    .description('send an edition again to those who did not get it, never to those in doubt')
    .argument('<id>')
    .requiredOption('--missing', 'exactly those whose delivery failed, expired or was cancelled for what holds no more')
    .option('--yes', 'do not ask')
    .action((id: string, options: PlaceOptions & { yes?: boolean }) =>
      withApp(invocation, options, async (app) => retry(app, await getEdition(app, id), options, invocation)),
    );

  withPlace(editions.command('resolve'))
    .description('settle deliveries in doubt: by the relay’s log, or one by your word')
    .argument('<id>')
    .argument('[delivery]', 'the number that editions show --deliveries prints')
    .option('--accept', 'the relay has taken it')
    .option('--resend', 'the relay has not taken it, or the reader may get it twice: send it again')
    .option('--log <file>', "the relay's log: Postfix', or Amazon SES' events as lines of JSON; - reads stdin")
    .action((id: string, delivery: string | undefined, options: ResolveOptions) =>
      withApp(invocation, options, async (app) =>
        resolve(app, await getEdition(app, id), delivery, options, invocation),
      ),
    );
}

async function retry(app: App, edition: Edition, options: { yes?: boolean }, invocation: Invocation): Promise<void> {
  const { terminal } = invocation;
  await app.aftercare.noteWithdrawn(edition);
  const readers = await app.ledger.countMissing(edition.id);
  if (await app.ledger.hasWithdrawn(edition.id)) {
    terminal.say('Whose copy holds an article that was withdrawn is left out, until it is published again.');
  }
  if (readers === 0) {
    terminal.say(`Nobody is missing: nothing of ${edition.id} is sent again.`);
    return;
  }
  if ((await app.desk.findDoubt(edition)) === 'restored') {
    terminal.say('The database may be older than the last mail: whoever got it since is missing for this one.');
  }
  if (edition.state === 'paused') {
    terminal.say(`${edition.id} is paused and stays so: nothing leaves until silkpost editions resume ${edition.id}.`);
  }
  if (
    !options.yes &&
    !(await terminal.confirm(`Send ${edition.id} to ${count(readers, 'reader')} who did not get it?`))
  ) {
    terminal.say('Nothing was sent.');
    return;
  }
  const deed = { action: 'editions.retry', subject: edition.id, after: { readers } };
  const queued = await recorded(app, deed, () => app.aftercare.retryMissing(edition));
  if ((await app.editions.findEdition(edition.id))?.state === 'paused') {
    terminal.say(`${edition.id} is queued for ${count(queued, 'reader')} who did not get it, and still paused.`);
    return;
  }
  terminal.say(`${edition.id} is being sent to ${count(queued, 'reader')} who did not get it.`);
  terminal.say('A running worker does that; otherwise say silkpost run.');
}

async function resolve(
  app: App,
  edition: Edition,
  delivery: string | undefined,
  options: ResolveOptions,
  invocation: Invocation,
): Promise<void> {
  const ways = [options.accept, options.resend, options.log].filter((way) => way !== undefined);
  if (ways.length !== 1 || (options.log === undefined) === (delivery === undefined)) {
    throw new UsageError('Say resolve ID --log FILE, or resolve ID DELIVERY with --accept or --resend.');
  }
  if (delivery !== undefined && !/^\d{1,15}$/.test(delivery)) {
    throw new UsageError(
      `“${delivery}” is no number of a delivery; editions show ${edition.id} --deliveries prints them.`,
    );
  }
  if (options.log !== undefined) await resolveByLog(app, edition, options.log, invocation);
  else await resolveOne(app, edition, Number(delivery), options.resend ?? false, invocation);
  const counts = await app.editions.getCounts(edition.id);
  invocation.terminal.say(`${describeCounts(counts)}.`);
  if (needsAttention(counts)) invocation.end(exitCodes.attention);
}

async function resolveOne(
  app: App,
  edition: Edition,
  deliveryId: number,
  resend: boolean,
  { terminal }: Invocation,
): Promise<void> {
  const word = resend ? 'resend' : 'accept';
  const deed = { action: `editions.doubt.${word}`, subject: edition.id, before: { delivery: deliveryId } };
  await recorded(app, deed, () => app.aftercare.settle(edition, deliveryId, word));
  terminal.say(
    resend
      ? `Delivery ${deliveryId} is sent again, by a running worker or the next silkpost run.`
      : `Delivery ${deliveryId} counts as sent.`,
  );
}

async function resolveByLog(app: App, edition: Edition, file: string, { terminal }: Invocation): Promise<void> {
  const deed = { action: 'editions.doubt.log', subject: edition.id };
  const { settled, left } = await recorded(app, deed, () => app.aftercare.settleByLog(edition, linesOf(file)));
  for (const { delivery, truth, line } of settled) {
    terminal.out(`${delivery.id}  ${delivery.address ?? '(erased)'}  ${truth}  ${line}`);
  }
  if (left > 0) {
    terminal.say(
      `The log says nothing of ${left} in doubt. That proves nothing where it doesn’t reach from before the try until after it.`,
    );
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    throw new AppError('invalid', `The log ${file} can’t be read: ${sentenceOf(error)}.`, { cause: error });
  }
}
