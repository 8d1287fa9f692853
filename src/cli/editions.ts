import type { Command } from 'commander';
import type { App } from '../app.ts';
import { type Edition, type EditionState, openEditionStates } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { Deed } from '../operators/index.ts';
import {
  describeCounts,
  describeState,
  explainHold,
  explainPause,
  explainWaiting,
  findWaiting,
  needsAttention,
} from '../schedule/index.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { describeArrangement, titleIn } from './arrangement-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { deliveryRow, describeDelivery } from './delivery-report.ts';
import { addDoubtCommands } from './editions-doubt.ts';
import { exitCodes } from './exit-codes.ts';
import { getNewsletter, parseRhythm } from './newsletter-options.ts';
import { commandActor, recorded } from './recorded.ts';
import type { Terminal } from './terminal.ts';

/** `silkpost editions …`: look at editions and decide on them. */
export function addEditionsCommand(program: Command, invocation: Invocation): void {
  const editions = program.command('editions').description('look at editions and decide on them');

  withPlace(editions.command('list'))
    .description('the newest editions')
    .option('--newsletter <name>', 'only of this newsletter')
    .option('--open', 'only those that are not over')
    .option('--json', 'print one JSON document')
    .action((options: PlaceOptions & { newsletter?: string; open?: boolean; json?: boolean }) =>
      withApp(invocation, options, (app) => list(app, options, invocation)),
    );

  withPlace(editions.command('show'))
    .description('one edition and what became of its deliveries')
    .argument('<id>', 'as editions list prints it')
    .option('--deliveries', 'every reader of it')
    .option('--json', 'print one JSON document')
    .option('--jsonl', 'with --deliveries: a JSON document a line')
    .action((id: string, options: PlaceOptions & ShowOptions) =>
      withApp(invocation, options, (app) => show(app, id, options, invocation)),
    );

  withPlace(editions.command('approve'))
    .description('let a held edition go out; a running worker sends it, or the next run')
    .argument('<id>')
    .action((id: string, options: PlaceOptions) =>
      withApp(invocation, options, async (app) => {
        const edition = await getEdition(app, id);
        await recorded(app, deedOn(edition, 'approve'), () => app.desk.approve(edition, commandActor()));
        const when =
          edition.state === 'held'
            ? 'A running worker sends it within a minute; otherwise say silkpost run.'
            : `It goes out at ${edition.dueAt}.`;
        invocation.terminal.say(`${id} is approved. ${when}`);
      }),
    );

  withPlace(editions.command('cancel'))
    .description('stop an edition; what is sent stays sent, what waits is cancelled')
    .argument('<id>')
    .action((id: string, options: PlaceOptions) =>
      withApp(invocation, options, async (app) => {
        const edition = await getEdition(app, id);
        const counts = await recorded(app, deedOn(edition, 'cancel'), () =>
          app.ledger.cancelEdition(edition.id, app.clock.now()),
        );
        invocation.terminal.say(`${id} is cancelled. ${describeCounts(counts)}.`);
        if (needsAttention(counts)) invocation.end(exitCodes.attention);
      }),
    );

  withPlace(editions.command('pause'))
    .description('stop an edition for a while; nothing more of it begins, what the relay is answering is finished')
    .argument('<id>')
    .action((id: string, options: PlaceOptions) =>
      withApp(invocation, options, async (app) => {
        const edition = await getEdition(app, id);
        const counts = await recorded(app, deedOn(edition, 'pause'), () =>
          app.ledger.pauseEdition(edition.id, 'operator', app.clock.now()),
        );
        invocation.terminal.say(`${id} is paused. ${describeCounts(counts)}.`);
        invocation.terminal.say(`silkpost editions resume ${id} lets it go on, cancel gives it up.`);
      }),
    );

  withPlace(editions.command('resume'))
    .description('let a paused edition go on; a running worker sends it, or the next run')
    .argument('<id>')
    .action((id: string, options: PlaceOptions) =>
      withApp(invocation, options, async (app) => {
        const edition = await getEdition(app, id);
        const counts = await recorded(app, deedOn(edition, 'resume'), () => app.desk.resume(edition));
        invocation.terminal.say(`${id} is being sent again. ${describeCounts(counts)}.`);
        invocation.terminal.say('A running worker goes on with it at once; otherwise say silkpost run.');
      }),
    );

  addDoubtCommands(editions, invocation, getEdition);

  withPlace(editions.command('skip'))
    .description("leave out an edition that has not gone out, or a newsletter's next one")
    .argument('<id-or-newsletter>')
    .option('--rhythm <rhythm>', "of a newsletter's editions those of the best of each day, week or month")
    .action((name: string, options: PlaceOptions & { rhythm?: string }) =>
      withApp(invocation, options, async (app) => {
        const rhythm = parseRhythm(options.rhythm ?? 'each');
        const edition = await recorded(app, { action: 'editions.skip', subject: name }, () => skip(app, name, rhythm));
        invocation.terminal.say(`${edition.id} (${edition.dueAt}) is skipped.`);
      }),
    );
}

interface ShowOptions {
  readonly deliveries?: boolean;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

function deedOn({ id, state }: Edition, deed: 'approve' | 'cancel' | 'pause' | 'resume'): Omit<Deed, 'operator'> {
  return { action: `editions.${deed}`, subject: id, before: { state } };
}

async function getEdition(app: App, id: string): Promise<Edition> {
  const edition = await app.editions.findEdition(id);
  if (edition) return edition;
  throw new AppError('not_found', `There is no edition ${id}. silkpost editions list names them.`);
}

async function list(
  app: App,
  options: { newsletter?: string; open?: boolean; json?: boolean },
  { terminal }: Invocation,
): Promise<void> {
  const states: readonly EditionState[] | undefined = options.open ? openEditionStates : undefined;
  const editions = await app.editions.listEditions({
    limit: 50,
    ...(options.newsletter === undefined ? {} : { newsletter: options.newsletter }),
    ...(states === undefined ? {} : { states }),
  });
  if (options.json) {
    const rows = await Promise.all(editions.map((edition) => summary(app, edition)));
    terminal.out(JSON.stringify({ editions: rows }, null, 2));
    return;
  }
  if (editions.length === 0) terminal.say('There are no editions yet.');
  const relays = await app.troubles.listTroubles();
  for (const edition of editions) {
    const counts = await app.editions.getCounts(edition.id);
    const rhythm = edition.rhythm === 'each' ? '' : `  ${edition.rhythm}`;
    terminal.out(`${edition.id}${rhythm}  ${describeState(edition, relays)}  ${describeCounts(counts)}`);
  }
}

async function summary(app: App, edition: Edition) {
  return {
    id: edition.id,
    newsletter: edition.newsletter,
    rhythm: edition.rhythm,
    key: edition.key,
    state: edition.state,
    reason: edition.reason,
    dueAt: edition.dueAt,
    arrangement: edition.arrangement,
    transport: edition.transport,
    waiting: findWaiting(edition, await app.troubles.listTroubles()),
    counts: await app.editions.getCounts(edition.id),
  };
}

async function show(app: App, id: string, options: ShowOptions, invocation: Invocation): Promise<void> {
  const { terminal } = invocation;
  const edition = await getEdition(app, id);
  const about = await summary(app, edition);
  if (options.json && !options.deliveries) {
    terminal.out(JSON.stringify(about, null, 2));
    return;
  }
  if (!options.json && !options.jsonl) {
    terminal.out(`${edition.id}  ${describeState(edition, await app.troubles.listTroubles())}`);
    const readers = edition.rhythm === 'each' ? '' : `, to readers who get it ${edition.rhythm}`;
    terminal.out(`for ${edition.dueAt}${readers}, by ${edition.transport ?? 'no transport yet'}`);
    terminal.out(describeCounts(about.counts));
    for (const line of describeArrangement(edition.arrangement, titleIn(app))) terminal.out(`  ${line}`);
    for (const variant of await app.editions.listVariants(id)) {
      terminal.out(`  ${variant.lang}: "${variant.subject}", ${variant.stories.length} articles`);
    }
    if (edition.state === 'held') terminal.say(explainHold(edition));
    if (edition.state === 'paused') terminal.say(explainPause(edition));
    if (about.waiting !== null) terminal.say(explainWaiting(about.waiting));
    if (about.counts.deferred > 0) await sayClosed(app, edition, terminal);
  }
  if (!options.deliveries) return;
  const rows = [];
  for await (const delivery of app.ledger.listDeliveries(id)) {
    if (options.json) rows.push(deliveryRow(delivery, edition));
    else if (options.jsonl) terminal.out(JSON.stringify(deliveryRow(delivery, edition)));
    else terminal.out(describeDelivery(delivery, edition));
  }
  if (options.json) terminal.out(JSON.stringify({ ...about, deliveries: rows }, null, 2));
}

/** Why so many are deferred that no relay was asked for. */
async function sayClosed(app: App, { transport }: Edition, terminal: Terminal): Promise<void> {
  for (const { relay, domain, until, said } of await app.troubles.listClosed(app.clock.now())) {
    if (relay !== transport) continue;
    terminal.say(`${domain} refuses mail because of the sender and gets none before ${until}: “${said ?? ''}”`);
  }
}

async function skip(app: App, name: string, rhythm: Rhythm): Promise<Edition> {
  const now = app.clock.now();
  const known = await app.editions.findEdition(name);
  if (known) return app.desk.skip(known);
  const newsletter = getNewsletter(app, name);
  const draft = await app.editions.findDraft(newsletter.name, rhythm);
  if (draft !== null) return app.desk.skip(draft);
  const edition = await app.editions.createEdition({
    newsletter: newsletter.name,
    rhythm,
    dueAt: app.nextDue(newsletter, rhythm),
    trigger: 'schedule',
    selection: { since: null, slugs: null },
    state: 'skipped',
    reason: 'operator',
    now,
    key: 'once',
  });
  if (edition) return edition;
  throw new AppError(
    'conflict',
    `The next edition of ${name} was decided on already; silkpost editions list shows it.`,
  );
}
