import type { Command } from 'commander';
import type { App } from '../app.ts';
import {
  type ComposedEdition,
  type Edition,
  type EditionCounts,
  type Newsletter,
  wholeLetter,
} from '../digest/index.ts';
import { AppError } from '../errors.ts';
import { describeCounts, explainHold, explainPause, needsAttention, shareDone } from '../schedule/index.ts';
import { parseEmailAddress } from '../subscribers/index.ts';
import { count } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withOutbox, withPlace, withSendingApp } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { audienceOf, getNewsletter, parseRhythm, selectionOf } from './newsletter-options.ts';
import { commandActor, recorded } from './recorded.ts';
import { describePlan } from './send-plan.ts';
import { stopSignal } from './stop-signal.ts';
import { parseTimeOption } from './time-option.ts';

interface SendOptions extends PlaceOptions {
  readonly articles?: string;
  readonly since?: string;
  readonly again?: boolean;
  readonly rhythm?: string;
  readonly lang?: readonly string[];
  readonly country?: readonly string[];
  readonly got?: string;
  readonly at?: string;
  readonly dryRun?: boolean;
  readonly test?: string;
  readonly detach?: boolean;
  readonly yes?: boolean;
}

/** `silkpost send NEWSLETTER`: an edition by hand. */
export function addSendCommand(program: Command, invocation: Invocation): void {
  withOutbox(withPlace(program.command('send')))
    .description('send an edition by hand, and stay until every delivery is final or deferred')
    .argument('<newsletter>', 'its name in silkpost.yaml')
    .option('--articles <slugs>', 'exactly these articles, separated by commas, in this order')
    .option('--since <date>', 'everything from this date on that no earlier edition had')
    .option('--again', 'also to those who had it in the last 30 days')
    .option('--rhythm <rhythm>', 'to readers who get the best of each day, week or month: daily, weekly, monthly')
    .option('--lang <lang...>', 'only to readers whose mail is in this language')
    .option('--country <key...>', 'only to readers who get this country, also because they chose none')
    .option('--got <edition>', 'only to those whom this edition reached or may have reached')
    .option('--at <time>', 'at this time instead of now (2026-11-27 07:00, 18:30)')
    .option('--dry-run', 'say what would go to whom, and send nothing')
    .option('--test <address>', 'send one copy to this address; no reader gets anything')
    .option('--detach', 'leave the sending to the running worker and end')
    .option('--yes', 'do not ask')
    .action((name: string, options: SendOptions) =>
      withSendingApp(invocation, options, (app) => send(app, getNewsletter(app, name), options, invocation)),
    );
}

async function send(app: App, newsletter: Newsletter, options: SendOptions, invocation: Invocation): Promise<void> {
  const { terminal } = invocation;
  const now = app.clock.now();
  const selection = selectionOf(app, options);
  const audience = await audienceOf(app, newsletter, options);
  const dueAt = options.at === undefined ? now : parseTimeOption(options.at, app.config.site.timezone, now);
  const rhythm = parseRhythm(options.rhythm ?? 'each');
  const issue = { newsletter, rhythm, dueAt, trigger: 'manual', selection, audience } as const;
  const me = commandActor();
  const refreshed = await app.rebuild({});
  if (refreshed.refused) {
    throw new AppError('conflict', 'Many articles are gone; look at content/, or run build --accept-removals first.');
  }
  const content = await app.desk.compose(issue, { onLanguage: (lang) => terminal.status(`rendering ${lang}`) });
  if (content === null) {
    terminal.say(`Nothing new for ${newsletter.name}: nothing was sent. Name articles with --articles or --since.`);
    return;
  }
  if (options.test !== undefined) {
    await sendTest(app, newsletter, content, options.test);
    terminal.say(`One copy went to ${options.test}, by ${app.transport.name}.`);
    return;
  }
  const plan = describePlan(app, newsletter, content);
  for (const line of plan.lines) terminal.say(line);
  if (options.dryRun) {
    terminal.say('Nothing was sent (--dry-run).');
    return;
  }
  if (options.detach && !(await app.postRoom.hasLiveWorker())) {
    throw new AppError('unavailable', 'No worker is running to leave this to. Start one, or leave --detach out.');
  }
  const when = options.at === undefined ? 'now' : `at ${dueAt}`;
  if (!options.yes && !(await terminal.confirm(`Send it to ${count(plan.readers, 'reader')} ${when}?`))) {
    terminal.say('Nothing was sent.');
    return;
  }
  const after = { readers: plan.readers, dueAt, rhythm };
  const edition = await recorded(
    app,
    { action: 'editions.send', subject: newsletter.name, after },
    () => app.desk.open({ ...issue, openedBy: me, approvedBy: me }),
    ({ id }) => id,
  );
  if (dueAt > now) {
    terminal.out(edition.id);
    terminal.say(`${edition.id} goes out at ${dueAt}, by start, worker or run.`);
    return;
  }
  const released = await app.desk.release(edition, {
    onFrozen: (readers) => terminal.status(`${count(readers, 'reader')} entered`),
  });
  terminal.out(released.id);
  await finish(app, released, options, invocation);
}

/** The publication's default language, with every story. */
async function sendTest(app: App, newsletter: Newsletter, content: ComposedEdition, text: string): Promise<void> {
  const address = parseEmailAddress(text);
  if (!address.ok) throw new AppError('invalid', `"${text}": ${address.reason}`);
  const [pieces] = content.pieces;
  if (!pieces) throw new AppError('internal', 'The edition was rendered in no language.');
  await app.postRoom.sendTest(newsletter.name, wholeLetter(pieces, content), address.address.text);
}

async function finish(app: App, edition: Edition, options: SendOptions, invocation: Invocation): Promise<void> {
  const { terminal } = invocation;
  if (edition.state === 'held') {
    terminal.say(`${edition.id} is held: ${explainHold(edition)}`);
    invocation.end(exitCodes.attention);
    return;
  }
  if (options.detach) {
    terminal.say('The running worker sends it.');
    return;
  }
  let announced = 0;
  const report = (counts: EditionCounts): void => {
    terminal.status(`${Math.floor(shareDone(counts) * 100)} % – ${describeCounts(counts)}`);
    const tenth = Math.floor(shareDone(counts) * 10);
    if (!terminal.interactive && tenth > announced && tenth < 10) {
      terminal.say(`${tenth * 10} % – ${describeCounts(counts)}`);
    }
    announced = Math.max(announced, tenth);
  };
  const stop = stopSignal();
  try {
    await app.postRoom.sendUntilIdle(edition.id, report, stop);
  } catch (error) {
    terminal.say(`${describeCounts(await app.editions.getCounts(edition.id))}.`);
    terminal.say(`silkpost start, worker or run goes on with it; editions cancel ${edition.id} gives it up.`);
    throw error;
  }
  await app.finish();
  const counts = await app.editions.getCounts(edition.id);
  terminal.say(`${describeCounts(counts)}.`);
  const now = await app.editions.findEdition(edition.id);
  if (now?.state === 'paused' || now?.state === 'held') {
    terminal.say(`${edition.id} is ${now.state}: ${now.state === 'held' ? explainHold(now) : explainPause(now)}`);
    invocation.end(exitCodes.attention);
  } else if (stop.aborted && shareDone(counts) < 1) {
    terminal.say(`Stopped. silkpost start, worker or run sends the rest; editions cancel ${edition.id} gives it up.`);
    invocation.end(exitCodes.attention);
  }
  if (app.transport.name === 'outbox') terminal.say(`Written to ${app.config.paths.outbox}/${edition.id}.`);
  if (needsAttention(counts)) {
    terminal.say(`silkpost editions show ${edition.id} --deliveries lists each reader.`);
    invocation.end(exitCodes.attention);
  }
}
