import { createHmac } from 'node:crypto';
import { readConfig } from '../../src/config/index.ts';
import { createMailTokens } from '../../src/delivery/index.ts';
import { createArrivalStore, createSubscriberStore, openDatabase } from '../../src/storage/index.ts';
import { deliveryKey, openKeys } from '../../src/subscribers/index.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost, startSilkpost } from '../support/silkpost-process.ts';

export interface ArrivalWishes {
  readonly arrivals: number;
  readonly kills: number;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface ArrivalReport {
  readonly acknowledged: number;
  readonly kills: number;
  /** Answered 200 and not in the database, or without its consequence. */
  readonly lost: number;
  /** In the database more than once. */
  readonly repeated: number;
  readonly unhandled: number;
}

const secret = 'a secret of thirty-two characters';
const connections = 8;

interface Event {
  readonly address: string;
  readonly body: string;
  readonly timestamp: string;
  readonly signature: string;
}

/**
 * Complaints are posted to the real program while it is killed (SIGKILL) at random instants and started again, and are
 * posted again, as a provider would, until they are answered; then everything is looked for in the database.
 */
export async function tryArrivals({ arrivals, kills, random }: ArrivalWishes): Promise<ArrivalReport> {
  const dir = await smallPublication();
  const waiting = Array.from({ length: arrivals }, (_, index) => `reader${index}@example.com`);
  let again: Event[] = [];
  let acknowledged = 0;
  let killed = 0;
  while (waiting.length > 0 || again.length > 0) {
    const program = await startSilkpost(['serve', '--dir', dir], { SILKPOST_HOOK_SECRET: secret });
    const left = waiting.length + again.length;
    // So that the kills are spread over all of them.
    const until = killed < kills ? Math.ceil((left / (kills - killed + 1)) * 2 * random()) : Number.POSITIVE_INFINITY;
    let answered = 0;
    let isKilled = false;
    const unanswered: Event[] = [];
    const post = async (): Promise<void> => {
      while (!isKilled) {
        const address = again.length > 0 ? null : waiting.shift();
        const event = address === null ? again.shift() : address === undefined ? undefined : signed(address);
        if (event === undefined) return;
        if (await send(program.url, event)) {
          acknowledged += 1;
          answered += 1;
        } else unanswered.push(event);
        if (answered >= until && !isKilled) {
          isKilled = true;
          killed += 1;
          program.kill('SIGKILL');
        }
      }
    };
    await Promise.all(Array.from({ length: connections }, post));
    again = [...unanswered, ...again];
    program.kill(isKilled ? 'SIGKILL' : 'SIGTERM');
    await program.ended;
  }
  return { acknowledged, kills: killed, ...(await count(dir, arrivals)) };
}

function signed(address: string): Event {
  const body = JSON.stringify({ type: 'complaint', address });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
  return { address, body, timestamp, signature };
}

/** Whether it was answered: 409 says that it had been kept before the answer was lost. */
async function send(url: string, { body, timestamp, signature }: Event): Promise<boolean> {
  try {
    const headers = { 'silkpost-timestamp': timestamp, 'silkpost-signature': signature };
    const answer = await fetch(`${url}/hooks/generic`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    return answer.status === 200 || answer.status === 409;
  } catch {
    return false;
  }
}

async function count(dir: string, arrivals: number): Promise<Pick<ArrivalReport, 'lost' | 'repeated' | 'unhandled'>> {
  // The next process that looks finishes what the killed ones left.
  await runSilkpost(['bounce', '--retry', '--dir', dir]);
  const { paths } = readConfig({ dir, environment: {} });
  const database = await openDatabase(paths.database);
  try {
    const keys = await openKeys(paths.data);
    const store = createArrivalStore(database, keys, createMailTokens(deliveryKey(keys)));
    const subscribers = createSubscriberStore(database, keys);
    const kept = await store.listArrivals({
      states: ['new', 'handled', 'ignored', 'quarantined'],
      limit: arrivals * 2,
    });
    let lost = 0;
    for (let index = 0; index < arrivals; index += 1) {
      if (!(await subscribers.isSuppressed(`reader${index}@example.com`))) lost += 1;
    }
    const unhandled = kept.filter(({ state }) => state !== 'handled').length;
    return { lost, repeated: kept.length - arrivals, unhandled };
  } finally {
    await database.destroy();
  }
}
