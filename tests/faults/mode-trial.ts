import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, plusMs, systemClock } from '../../src/clock.ts';
import {
  createNodemailerTransport,
  createSmtpTransport,
  type Delivery,
  type Relay,
  type RelayTransportOptions,
  type Transport,
} from '../../src/delivery/index.ts';
import type { EditionCounts } from '../../src/digest/index.ts';
import { sentenceOf } from '../../src/errors.ts';
import type { Log } from '../../src/log.ts';
import {
  addReaders,
  collect,
  freezeWeekly,
  type MailRoom,
  manyReaders,
  openMailRoom,
  sumOf,
  workerOn,
} from '../support/mailing.ts';
import type { Arrival } from './fault-connection.ts';
import { cloudsTheOneBefore, type FaultMode, isVictim } from './fault-mode.ts';
import type { FaultServer } from './fault-relay.ts';

const connections = 3;
/** How often a worker comes back to a relay that it can't use, when somebody waits. In each run as many messages as there
 * are connections come into doubt, and those that are under way by then. */
const runs = 3;
const readers = 12;
/** Where every one is struck: more than may come into doubt. */
const manyStruck = 24;

/** What sends in a trial, by its name in `mail.transport`. */
export const transports: Readonly<Record<string, (options: RelayTransportOptions) => Transport>> = {
  nodemailer: createNodemailerTransport,
  smtp: createSmtpTransport,
  'smtp, pipelineNext': (options) => createSmtpTransport({ ...options, pipelineNext: true }),
};

export interface TrialWishes {
  readonly mode: FaultMode;
  /** A name among `transports`. */
  readonly transport: string;
  /** Whether the relay announces PIPELINING. */
  readonly pipelining: boolean;
  readonly seed: number;
}

/** What one mode did to an edition sent by one transport. */
export interface Trial {
  /** After the fault, and after it was over. */
  readonly struck: EditionCounts;
  readonly healed: EditionCounts;
  /** Sentences; none: every reader was accounted for. */
  readonly violations: readonly string[];
}

/** Three hours on: what was put off is due again. */
export const laterClock: Clock = { now: () => plusMs(systemClock.now(), 3 * 3600_000) };

/**
 * Sends an edition through a relay that misbehaves, and again when the relay is well, and compares the ledger with the
 * server's log each time.
 */
export async function tryMode(server: FaultServer, wishes: TrialWishes): Promise<Trial> {
  const { mode, transport, pipelining, seed } = wishes;
  const folder = await mkdtemp(join(tmpdir(), 'silkpost-fault-'));
  const room = await openMailRoom(folder);
  const relay = await server.open(mode, { folder, seed, pipelining });
  const violations: string[] = [];
  try {
    await addReaders(room, manyReaders(mode.size ? 5 : mode.strikes === 'always' ? manyStruck : readers));
    const frozen = { transport: relay.relay.name, ...(mode.size ? { size: mode.size } : {}) };
    const { id } = await freezeWeekly(room, frozen);
    const told = await send(room, relay.relay, transport, systemClock);
    const struck = await account(room, id, relay.arrivals(), violations);
    violations.push(...judgeStruck(wishes, struck.rows, told));

    await relay.heal();
    if ((await room.editions.findEdition(id))?.state === 'paused')
      await room.ledger.resumeEdition(id, laterClock.now());
    await send(room, relay.healed, transport, laterClock);
    const healed = await account(room, id, relay.arrivals(), violations);
    for (const { state, address } of healed.rows) {
      if (!['sent', 'failed', 'in_doubt'].includes(state))
        violations.push(`${address} is still ${state} with a relay that is well`);
    }
    if (healed.counts.in_doubt !== struck.counts.in_doubt)
      violations.push('doubt came or went while the relay was well');
    return { struck: struck.counts, healed: healed.counts, violations };
  } finally {
    await relay.close();
    await room.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends what is due; returns what an operator was told. */
async function send(room: MailRoom, relay: Relay, transport: string, clock: Clock): Promise<string[]> {
  const told: string[] = [];
  const tell = (_event: string, fields?: Readonly<Record<string, unknown>>): void => {
    told.push(String(fields?.['message'] ?? ''));
  };
  const log: Log = { info() {}, warn: tell, error: tell };
  const create = transports[transport];
  if (!create) throw new Error(`There is no transport ${transport}.`);
  const made = create({
    relay,
    connections,
    messagesPerConnection: 100,
    drainMs: 1000,
    backOffMs: 10,
    // Long enough for a healthy answer on a busy machine: a timer that is late fires before what has arrived is read.
    timeouts: { connectMs: 4000, greetingMs: 4000, answerMs: 4000 },
    onTrouble: (sentence) => told.push(sentence),
  });
  try {
    await workerOn(room, made, { log, clock }).runUntilIdle(null);
  } catch (error) {
    told.push(sentenceOf(error));
  } finally {
    await made.close();
  }
  return told;
}

interface Account {
  readonly counts: EditionCounts;
  readonly rows: readonly Delivery[];
}

/** What must hold whatever a relay does. */
async function account(
  room: MailRoom,
  editionId: string,
  arrivals: readonly Arrival[],
  violations: string[],
): Promise<Account> {
  const counts = await room.editions.getCounts(editionId);
  const rows = await collect(room.ledger.listDeliveries(editionId));
  if (sumOf(counts) !== counts.candidates) violations.push(`${sumOf(counts)} accounted for of ${counts.candidates}`);
  if (counts.claimed + counts.attempting > 0)
    violations.push(`${counts.claimed} claimed and ${counts.attempting} attempting at rest`);
  violations.push(...compareWithLog(rows, arrivals));
  for (const { address, state, reply, attempts } of rows) {
    // A domain that is left alone for a while has readers who were never tried.
    const isTried = attempts > 0 || state !== 'deferred';
    if (['deferred', 'failed', 'in_doubt'].includes(state) && isTried && !reply)
      violations.push(`${address} is ${state} without a reason`);
  }
  return { counts, rows };
}

/** Holds a ledger against what the server has: nothing twice, nothing unaccounted for. */
export function compareWithLog(rows: readonly Delivery[], arrivals: readonly Arrival[]): string[] {
  const violations: string[] = [];
  const kept = new Map<string, string>();
  for (const { messageId, to, stored } of arrivals) {
    if (!stored) continue;
    if (kept.has(messageId)) violations.push(`${messageId} was stored twice`);
    kept.set(messageId, to);
  }
  for (const { address, state, messageId } of rows) {
    const to = kept.get(messageId ?? '');
    kept.delete(messageId ?? '');
    if (to === undefined && state === 'sent') violations.push(`${address} is sent, and the server has nothing`);
    if (to !== undefined && state !== 'sent' && state !== 'in_doubt')
      violations.push(`${address} is ${state}, and the server has it`);
    if (to !== undefined && to !== address) violations.push(`what ${address} was sent went to ${to}`);
  }
  for (const messageId of kept.keys()) violations.push(`${messageId} is in no row`);
  return violations;
}

/** What a user would notice of this mode, beyond what always holds. */
function judgeStruck(wishes: TrialWishes, rows: readonly Delivery[], told: readonly string[]): string[] {
  const { mode } = wishes;
  const isClouded = wishes.transport === 'smtp, pipelineNext' && wishes.pipelining && cloudsTheOneBefore(mode);
  const violations: string[] = [];
  const struck = mode.strikes === 'readers' ? rows.filter(({ address }) => isVictim(address ?? '')) : rows;
  for (const { address, state, reply } of rows) {
    const isStruck = mode.strikes !== 'readers' || isVictim(address ?? '');
    // An edition that is paused for what relays say about us leaves the others where they are.
    const others = [
      'sent',
      ...(mode.struck.includes('queued') ? ['queued', 'deferred'] : []),
      ...(mode.strays ? ['deferred'] : []),
    ];
    const allowed = [...(isStruck ? mode.struck : others), ...(isClouded ? ['in_doubt'] : [])];
    if (!allowed.includes(state)) violations.push(`${address} is ${state} (${reply}), not ${allowed.join(' or ')}`);
    if (isStruck && mode.reply && reply !== null && !reply?.includes(mode.reply))
      violations.push(`${address} has the reply ${reply}`);
  }
  const unsent = rows.filter(({ state, reply }) => state === 'queued' || (state === 'deferred' && !reply));
  if (unsent.length > 0 && told.length === 0 && unsent.some(({ reply }) => !reply))
    violations.push('readers wait, and nobody was told why');
  const inDoubt = rows.filter(({ state }) => state === 'in_doubt').length;
  // A reader with whom the connection ends is tried twice; each time there may be one before.
  const each = isClouded && mode.step !== 'dot' ? 2 : 1;
  const bound =
    mode.strikes === 'once' ? 1 : mode.strikes === 'readers' ? each * struck.length : (2 * connections - 1) * runs;
  if (inDoubt > bound) violations.push(`${inDoubt} in doubt, more than ${bound}`);
  return violations;
}
