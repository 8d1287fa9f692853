import { createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { type App, openApp } from '../app.ts';
import { type Config, readConfig } from '../config/index.ts';
import { prepareStencils } from '../delivery/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { createJsonLog } from '../log.ts';
import { tellOfMailbox } from '../rooms/index.ts';
import { startServer, type WebServer, webAppOf, welcomeUrlOf } from '../web/index.ts';
import { writeOpmlFiles } from '../web/work.ts';
import { checkSending, type Invocation, type PlaceOptions, withOutbox, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { createPersonLog } from './person-log.ts';
import { createRebuildLog } from './rebuild-log.ts';
import { addSampleReaders, composeSampleEdition } from './sample.ts';
import { describeStart } from './start-report.ts';
import { stopSignal } from './stop-signal.ts';

/** Which parts of the program a command runs. */
interface Parts {
  readonly web: boolean;
  readonly mail: boolean;
}

/** `silkpost start`, `serve` and `worker`: the parts that keep running. */
export function addStartCommands(program: Command, invocation: Invocation): void {
  const add = (name: string, description: string, parts: Parts): void => {
    withOutbox(withPlace(program.command(name)))
      .description(description)
      .action((options: PlaceOptions) => start(options, parts, invocation));
  };
  add('start', 'everything in one: feeds, schedule, delivery, web', { web: true, mail: true });
  add('serve', 'the web part and the feeds alone', { web: true, mail: false });
  add('worker', 'schedule and delivery alone', { web: false, mail: true });
}

/**
 * From so many articles on memory is what counts: about 100 MB less of it for half as much time again at each saved file.
 */
const largeArchive = 30_000;

async function start(options: PlaceOptions, parts: Parts, invocation: Invocation): Promise<void> {
  const stop = stopSignal();
  const config = await readRunningConfig(options, invocation);
  const forPerson = invocation.terminal.stdoutIsTerminal;
  const log = forPerson ? createPersonLog(invocation.terminal) : createJsonLog(config.logLevel);
  const app = await openApp(config, { log, serves: true });
  try {
    if (parts.mail) await checkSending(app, options);
    // The port first: a taken one has to be said before anything is composed.
    const server = parts.web ? await startServer(webAppOf(app), config.web) : null;
    try {
      await runParts(app, parts, server, stop, invocation);
    } finally {
      await server?.close();
    }
  } finally {
    await app.close();
  }
}

async function runParts(
  app: App,
  parts: Parts,
  server: WebServer | null,
  stop: AbortSignal,
  invocation: Invocation,
): Promise<void> {
  const { log } = app;
  // What a whole archive took to be read isn't kept for the months that follow.
  setFlagsFromString('--optimize-for-size');
  const built = await app.rebuild({});
  if (built.articles < largeArchive) setFlagsFromString('--no-optimize-for-size');
  const logRebuild = createRebuildLog(log);
  logRebuild(built);
  await writeOpmlFiles(app);
  // One process of a pair sends the pings: of `serve` and `worker` the first.
  if (parts.web) app.hubs.start();
  const watcher = app.watch((rebuilt) => {
    logRebuild(rebuilt);
    if (parts.mail) void heedWithdrawals(app);
  });
  if (parts.mail) await warnOfOtherTransports(app);
  const samples = parts.mail ? await addSampleReaders(app) : null;
  // Before the schedule runs, so that the two don't make editions at the same moment.
  if (samples !== null && !stop.aborted) await composeSampleEdition(app, samples);
  const mail = parts.mail ? await app.postRoom.start() : null;
  const watch = parts.mail ? null : app.postRoom.watchWorkers();
  const bounces = parts.mail ? startBounces(app) : null;
  try {
    if (parts.web) await lookAhead(app);
    void finishFeeds(app);
    const url = server === null ? null : app.config.site.url;
    const welcomeUrl = server === null ? null : await makeWelcomeUrl(app);
    if (welcomeUrl !== null) log.info('console', { url: welcomeUrl });
    log.info('ready', { ...(url === null ? {} : { url }), transport: app.transport.name, pid: process.pid });
    // Only now: it would keep what follows a start waiting, and is asked for by people alone.
    if (parts.web) void prepareStencils();
    if (invocation.terminal.stdoutIsTerminal) {
      for (const line of describeStart(app, built, samples, { ...parts, welcomeUrl })) invocation.terminal.out(line);
    }
    await new Promise<void>((resolve, reject) => {
      if (stop.aborted) resolve();
      stop.addEventListener('abort', () => resolve(), { once: true });
      mail?.failed.catch(reject);
    });
    log.info('stopping', { reason: String(stop.reason) });
  } finally {
    await watcher.close();
    await mail?.stop();
    await watch?.stop();
    await bounces?.stop();
  }
  const doubtful = await app.postRoom.countInDoubt();
  if (doubtful > 0) {
    const many = doubtful === 1 ? 'One delivery is' : `${doubtful} deliveries are`;
    invocation.terminal.say(`${many} in doubt; silkpost editions show lists them.`);
    invocation.end(exitCodes.attention);
  }
}

/** Works out what the console’s first page isn’t to wait for: schedules, and what earlier editions held. */
async function lookAhead({ config, desk }: App): Promise<void> {
  for (const newsletter of config.newsletters) {
    // An article that a draft names may be gone: its page says so.
    await desk
      .nextBrief(newsletter, 'each')
      .then(desk.select)
      .catch(() => {});
  }
}

/** Where the first owner begins, while nobody may sign in to the console. */
async function makeWelcomeUrl({ operatorRoom, config }: App): Promise<string | null> {
  const token = await operatorRoom.desk.makeFirstLink();
  return token === null ? null : welcomeUrlOf(config.site, token);
}

/** Reads what comes back; operators are told of a mailbox that can't be read for long. */
function startBounces({ bounceRoom, postRoom, clock, log }: App): { stop(): Promise<void> } {
  const tellIfLasting = tellOfMailbox(postRoom.notices, clock);
  return bounceRoom.start((sentence, inARow) => {
    log.warn('problem', { message: sentence });
    tellIfLasting(sentence, inARow);
  });
}

/** What can wait until everything is served. */
async function finishFeeds({ finish, log }: App): Promise<void> {
  try {
    const { written, ms } = await finish();
    if (written > 0) log.info('archives', { written, ms });
  } catch (error) {
    log.error('problem', { message: sentenceOf(error) });
  }
}

async function warnOfOtherTransports(app: App): Promise<void> {
  for (const { id, transport } of await app.editions.listEditions({ states: ['sending', 'paused'] })) {
    if (transport === app.transport.name) continue;
    app.log.warn('problem', {
      message: `${id} was begun by ${transport} and waits for it; silkpost editions cancel ${id} gives the rest up.`,
    });
  }
}

/** With port 0 a free port is chosen first, so that links carry it. */
async function readRunningConfig(options: PlaceOptions, invocation: Invocation): Promise<Config> {
  const read = (environment: NodeJS.ProcessEnv): Config =>
    readConfig({ dir: options.dir, data: options.data, outbox: options.outbox, environment });
  const config = read(invocation.environment);
  if (config.web.port !== 0) return config;
  const port = await findFreePort(config.web.host);
  return read({ ...invocation.environment, SILKPOST_PORT: String(port), SILKPOST_PORT_FILE: '' });
}

function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => {
      reject(new AppError('unavailable', `Silkpost can't listen on ${host}: ${error.message}.`, { cause: error }));
    });
    probe.listen(0, host, () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/** At once, rather than at the schedule's next tick. */
async function heedWithdrawals({ postRoom, log }: App): Promise<void> {
  await postRoom.heedWithdrawals().catch((error: unknown) => log.error('problem', { message: sentenceOf(error) }));
}
