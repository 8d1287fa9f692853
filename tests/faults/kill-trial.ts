import { setTimeout as pause } from 'node:timers/promises';
import type { EditionCounts } from '../../src/digest/index.ts';
import { collect, type MailRoom, sumOf } from '../support/mailing.ts';
import { thinking } from './fault-mode.ts';
import { createFaultNewsroom, letterDomain } from './fault-newsroom.ts';
import type { FaultServer } from './fault-relay.ts';
import { compareWithLog } from './mode-trial.ts';
import { seededRandom } from './seeded-random.ts';
import { type SilkpostChild, startSilkpostChild } from './silkpost-child.ts';

export interface KillWishes {
  readonly kills: number;
  readonly readers: number;
  readonly ratePerSecond: number;
  readonly connections: number;
  readonly seed: number;
  /** Lines of `silkpost.yaml` under `mail`. */
  readonly settings: readonly string[];
  /** Processes that send at the same time; one of them is killed at a time. Default 1. */
  readonly workers?: number;
  /** Editions that go out at the same time, each of a newsletter of its own; default 1. */
  readonly editions?: number;
  /** Letters to single readers that are handed in meanwhile, one after each kill at most ten; default 0. */
  readonly letters?: number;
  /** How many each connection of a process that is killed may leave in doubt; default 1. */
  readonly doubtEach?: number;
  readonly onProgress?: (kills: number, done: number) => void;
}

export interface KillReport {
  readonly kills: number;
  readonly readers: number;
  readonly sent: number;
  readonly inDoubt: number;
  /** Of those in doubt, how many the server has. */
  readonly inDoubtStored: number;
  readonly mostAfterOneKill: number;
  readonly violations: readonly string[];
}

/** Of ten kills one falls before the worker is ready: while it opens the ledger and looks for what was lost. */
const earlyShare = 0.1;

/**
 * Sends editions by the real program, `silkpost worker`, which is killed (SIGKILL) at random instants and started
 * again each time; then holds the ledger against the log of the server that got the mail.
 */
export async function tryKills(server: FaultServer, wishes: KillWishes): Promise<KillReport> {
  const { readers, connections, ratePerSecond, workers = 1, editions = 1, letters = 0, doubtEach = 1 } = wishes;
  const random = seededRandom(wishes.seed);
  const newsroom = await createFaultNewsroom({ ...wishes, newsletters: editions }, wishes.settings);
  const relay = await server.open(thinking, { folder: newsroom.dir, seed: wishes.seed });
  const violations: string[] = [];
  const children: SilkpostChild[] = [];
  try {
    const variables = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${relay.port}?tls=none` };
    const ids = await newsroom.freezeEditions(variables.SILKPOST_SMTP_URL);
    const countAll = () => addUp(newsroom.room, ids);
    /** Of one process that was killed. */
    const mostLost = connections * doubtEach;
    let kills = 0;
    let inDoubt = 0;
    let mostAfterOneKill = 0;
    let posted = 0;
    let readyMs = 1000;
    for (;;) {
      while (children.length < workers) children.push(startSilkpostChild(['worker', '--dir', newsroom.dir], variables));
      // The one that was started last isn't ready yet.
      const [victim] = random() < 0.5 ? children.splice(-1) : children.splice(0, 1);
      if (!victim) throw new Error('There is no worker.');
      const startedAt = performance.now();
      const before = await countAll();
      const left = before.queued + before.claimed;
      if (kills >= wishes.kills || left === 0) {
        children.push(victim);
        break;
      }
      if (random() < earlyShare) await pause(random() * readyMs);
      else if (await victim.waitFor('ready')) {
        if (workers === 1) readyMs = performance.now() - startedAt;
        // So that the kills are spread over what is left of the send.
        await pause(((2 * left) / ratePerSecond / (wishes.kills - kills)) * 1000 * random());
      }
      victim.kill('SIGKILL');
      const { signal, code, said } = await victim.ended;
      if (signal !== 'SIGKILL') {
        violations.push(`The worker ended with ${code}: ${said.slice(-500)}`);
        break;
      }
      kills += 1;
      const counts = await countAll();
      // Those that the last workers found, and those that are open now.
      const more = counts.in_doubt - inDoubt;
      mostAfterOneKill = Math.max(mostAfterOneKill, more, workers === 1 ? counts.attempting : 0);
      if (Math.max(more, counts.attempting) > mostLost * workers) {
        violations.push(
          `kill ${kills}: ${more} more in doubt and ${counts.attempting} open with ${workers} × ${connections} connections`,
        );
      }
      inDoubt = counts.in_doubt;
      for (let some = 0; some < 10 && posted < letters; some += 1, posted += 1) await newsroom.askForLink(posted);
      wishes.onProgress?.(kills, counts.sent + counts.in_doubt);
    }
    while (!(await areSent(newsroom.room, ids)) && violations.length === 0) await pause(100);
    for (const child of children) {
      await child.waitFor('ready');
      child.kill('SIGTERM');
      const { signal, code, said } = await child.ended;
      if (code !== 0 && code !== 3) violations.push(`The worker ended with ${code ?? signal}: ${said.slice(-500)}`);
    }
    await newsroom.sendLetters(variables.SILKPOST_SMTP_URL);
    const counts = await countAll();
    const rows = (await Promise.all(ids.map((id) => collect(newsroom.room.ledger.listDeliveries(id))))).flat();
    const [ofLetters, arrivals] = partition(relay.arrivals(), ({ to }) => to.endsWith(`@${letterDomain}`));
    violations.push(...compareWithLog(rows, arrivals));
    if (counts.sent + counts.in_doubt !== readers * editions)
      violations.push(`${counts.sent} sent and ${counts.in_doubt} in doubt of ${readers * editions}`);
    if (counts.in_doubt > kills * mostLost) violations.push(`${counts.in_doubt} in doubt after ${kills} kills`);
    if (rows.filter(({ state }) => state === 'in_doubt').length !== counts.in_doubt)
      violations.push('not everybody in doubt is listed');
    const served = new Set(ofLetters.filter((arrival) => arrival.stored).map(({ to }) => to));
    if (served.size !== posted) violations.push(`${served.size} of ${posted} letters arrived`);
    const stored = new Set(arrivals.filter((arrival) => arrival.stored).map(({ messageId }) => messageId));
    const inDoubtStored = rows.filter(
      ({ state, messageId }) => state === 'in_doubt' && stored.has(messageId ?? ''),
    ).length;
    const { sent, in_doubt } = counts;
    return { kills, readers, sent, inDoubt: in_doubt, inDoubtStored, mostAfterOneKill, violations };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(children.map(({ ended }) => ended));
    await relay.close();
    await newsroom.remove();
  }

  async function addUp(room: MailRoom, ids: readonly string[]): Promise<EditionCounts> {
    const all = await Promise.all(ids.map((id) => room.editions.getCounts(id)));
    for (const [index, counts] of all.entries())
      if (sumOf(counts) !== counts.candidates)
        violations.push(`${ids[index]}: ${sumOf(counts)} accounted for of ${counts.candidates}`);
    return all.reduce((sum, counts) => ({
      candidates: sum.candidates + counts.candidates,
      excluded: sum.excluded + counts.excluded,
      queued: sum.queued + counts.queued,
      claimed: sum.claimed + counts.claimed,
      attempting: sum.attempting + counts.attempting,
      sent: sum.sent + counts.sent,
      deferred: sum.deferred + counts.deferred,
      failed: sum.failed + counts.failed,
      in_doubt: sum.in_doubt + counts.in_doubt,
      cancelled: sum.cancelled + counts.cancelled,
    }));
  }
}

async function areSent({ editions }: MailRoom, ids: readonly string[]): Promise<boolean> {
  const all = await Promise.all(ids.map((id) => editions.findEdition(id)));
  return all.every((edition) => edition?.state === 'sent');
}

function partition<Item>(items: readonly Item[], isLeft: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(isLeft), items.filter((item) => !isLeft(item))];
}
