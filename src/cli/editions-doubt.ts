import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import type { App } from '../app.ts';
import { type Instant, plusMs } from '../clock.ts';
import { createRelayLog, type Delivery } from '../delivery/index.ts';
import type { Edition } from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { count } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { describeCounts, needsAttention } from './edition-report.ts';
import { exitCodes, UsageError } from './exit-codes.ts';

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
  const readers = await app.ledger.countMissing(edition.id);
  if (readers === 0) {
    terminal.say(`Nobody is missing: nothing of ${edition.id} is sent again.`);
    return;
  }
  if ((await app.desk.findDoubt(edition)) === 'restored') {
    terminal.say('The database may be older than the last mail: whoever got it since is missing for this one.');
  }
  if (
    !options.yes &&
    !(await terminal.confirm(`Send ${edition.id} to ${count(readers, 'reader')} who did not get it?`))
  ) {
    terminal.say('Nothing was sent.');
    return;
  }
  const now = app.clock.now();
  const queued = await app.ledger.retryMissing(edition.id, expiryOf(app, edition, now), now);
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
  const now = app.clock.now();
  const settled = await app.ledger.settleDoubt({
    editionId: edition.id,
    deliveryId,
    truth: resend ? 'queued' : 'sent',
    reply: resend ? 'sent again on an operator’s word' : 'accepted on an operator’s word',
    expiresAt: expiryOf(app, edition, now),
    now,
  });
  if (!settled) {
    throw new AppError(
      'not_found',
      `${edition.id} has no delivery ${deliveryId} in doubt; editions show ${edition.id} --deliveries lists them.`,
    );
  }
  terminal.say(
    resend
      ? `Delivery ${deliveryId} is sent again, by a running worker or the next silkpost run.`
      : `Delivery ${deliveryId} counts as sent.`,
  );
}

async function resolveByLog(app: App, edition: Edition, file: string, { terminal }: Invocation): Promise<void> {
  const doubtful = new Map<string, Delivery>();
  for await (const delivery of app.ledger.listDeliveries(edition.id, { states: ['in_doubt'] })) {
    if (delivery.messageId !== null) doubtful.set(delivery.messageId, delivery);
  }
  const log = createRelayLog(new Set(doubtful.keys()));
  try {
    const input = file === '-' ? process.stdin : createReadStream(file, 'utf8');
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) log.read(line);
  } catch (error) {
    throw new AppError('invalid', `The log ${file} can’t be read: ${sentenceOf(error)}.`, { cause: error });
  }
  const now = app.clock.now();
  for (const { messageId, truth, line } of log.traces()) {
    const delivery = doubtful.get(messageId);
    if (!delivery) continue;
    const settled = { editionId: edition.id, deliveryId: delivery.id, truth, reply: line, now };
    await app.ledger.settleDoubt({ ...settled, expiresAt: expiryOf(app, edition, now) });
    terminal.out(`${delivery.id}  ${delivery.address ?? '(erased)'}  ${truth}  ${line}`);
    doubtful.delete(messageId);
  }
  if (doubtful.size > 0) {
    terminal.say(
      `The log says nothing of ${doubtful.size} in doubt. That proves nothing where it doesn’t reach from before the try until after it.`,
    );
  }
}

function expiryOf(app: App, edition: Edition, now: Instant): Instant {
  const newsletter = app.config.newsletters.find(({ name }) => name === edition.newsletter);
  return plusMs(now, newsletter?.expiresMs ?? 48 * 3_600_000);
}
