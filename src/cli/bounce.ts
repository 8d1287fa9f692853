import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { type ArrivalRecord, maxRawBytes } from '../delivery/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { type BounceRoom, withBounceRoom } from '../rooms/index.ts';
import { type Invocation, type PlaceOptions, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { createFaultLog } from './person-log.ts';
import { readStart } from './read-start.ts';
import { visible } from './visible.ts';

interface BounceOptions extends PlaceOptions {
  readonly list?: boolean;
  readonly all?: boolean;
  readonly show?: string;
  readonly retry?: boolean;
  readonly json?: boolean;
  readonly jsonl?: boolean;
}

/** Of a listing; older ones are found by their number. */
const mostListed = 1000;

/** `silkpost bounce`: one message on stdin, as a mail server pipes it; and a look at what came. */
export function addBounceCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('bounce'))
    .description('take one message that came back on stdin; end with 75 where the mail server should bring it again')
    .option('--list', 'what came back and isn’t understood')
    .option('--all', 'with --list: everything that came back')
    .option('--show <id>', 'print a message as it came')
    .option('--retry', 'look again at what isn’t understood')
    .option('--json', 'with --list: print one JSON document')
    .option('--jsonl', 'with --list: print a JSON document a line')
    .action(async (options: BounceOptions) => {
      const inRoom = <Result>(work: (room: BounceRoom) => Promise<Result>): Promise<Result> => {
        const { dir, data } = options;
        const config = readConfig({ dir, data, outbox: true, environment: invocation.environment });
        return withBounceRoom(config, { clock: systemClock, log: createFaultLog(invocation.terminal) }, work);
      };
      if (options.list) return inRoom((room) => list(room, options, invocation));
      if (options.show !== undefined) return inRoom((room) => show(room, options.show ?? '', invocation));
      if (options.retry) return inRoom((room) => retry(room, invocation));
      return takeIn(inRoom, process.stdin, invocation);
    });
}

/**
 * Whatever is wrong, the message isn't: no end but 0 and 75 would make the mail server throw it away.
 *
 * Done once it is in the database. What follows from it may wait for the next process that looks.
 */
async function takeIn(
  inRoom: (work: (room: BounceRoom) => Promise<void>) => Promise<void>,
  input: Readable & { isTTY?: boolean },
  { terminal, end }: Invocation,
): Promise<void> {
  if (input.isTTY) terminal.say('Reading one message from the terminal; Ctrl-D ends it.');
  let isKept = false;
  try {
    const raw = await readStart(input, maxRawBytes);
    if (raw.length === 0) throw new AppError('invalid', 'There is no message on stdin.');
    await inRoom(async ({ desk }) => {
      await desk.take('mail', raw);
      isKept = true;
      await desk.handleOpen();
    });
  } catch (error) {
    terminal.say(`silkpost: ${sentenceOf(error)}`);
    end(isKept ? exitCodes.done : exitCodes.again);
  }
}

async function list({ arrivals }: BounceRoom, options: BounceOptions, { terminal, end }: Invocation): Promise<void> {
  const states = options.all
    ? (['new', 'handled', 'ignored', 'quarantined'] as const)
    : (['new', 'quarantined'] as const);
  const rows = await arrivals.listArrivals({ states, limit: mostListed });
  if (options.json) terminal.out(JSON.stringify(rows, null, 2));
  else if (options.jsonl) for (const row of rows) terminal.out(JSON.stringify(row));
  else {
    for (const row of rows) terminal.out(describe(row));
    if (rows.length === 0)
      terminal.say(options.all ? 'Nothing has come back.' : 'Everything that came back is understood.');
  }
  if (rows.some(({ state }) => state === 'quarantined')) end(exitCodes.attention);
}

function describe({ id, receivedAt, source, state, kind, note }: ArrivalRecord): string {
  return [id, receivedAt, source, state, kind ?? '', note ?? ''].join('  ').trimEnd();
}

async function show({ arrivals }: BounceRoom, id: string, { terminal }: Invocation): Promise<void> {
  const raw = /^\d{1,15}$/.test(id) ? await arrivals.findRaw(Number(id)) : null;
  if (raw === null) throw new AppError('not_found', `Nothing that came back has the number ${id}.`);
  process.stdout.write(terminal.stdoutIsTerminal ? visible(raw.toString()) : raw);
}

async function retry({ arrivals, desk }: BounceRoom, { terminal, end }: Invocation): Promise<void> {
  const waiting = await arrivals.retryQuarantined();
  await desk.handleOpen();
  const left = (await arrivals.listArrivals({ states: ['quarantined'], limit: mostListed })).length;
  terminal.say(`${waiting} looked at again; ${left} not understood.`);
  if (left > 0) end(exitCodes.attention);
}
