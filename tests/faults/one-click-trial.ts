import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { createFaultNewsroom } from './fault-newsroom.ts';
import { seededRandom, shuffled } from './seeded-random.ts';
import { startSilkpostChild } from './silkpost-child.ts';

export interface OneClickReport {
  readonly kills: number;
  readonly posts: number;
  /** Readers whose POST was answered 200. */
  readonly answered: number;
  readonly violations: readonly string[];
}

export interface OneClickWishes {
  readonly readers: number;
  readonly kills: number;
  readonly seed: number;
  readonly onProgress?: (kills: number, done: number) => void;
}

/** POSTs at a time. */
const posters = 10;

/**
 * Every reader's mail provider posts their one-click link (RFC 8058) to `silkpost serve`, which is killed (SIGKILL) at
 * random instants. Whoever was answered 200 must have left, at once and after every kill; the others try again.
 */
export async function tryOneClick({
  readers,
  kills: wanted,
  seed,
  onProgress,
}: OneClickWishes): Promise<OneClickReport> {
  const random = seededRandom(seed);
  const newsroom = await createFaultNewsroom({ readers, ratePerSecond: 100, connections: 1 });
  const violations: string[] = [];
  try {
    const waiting = shuffled([...(await newsroom.leaveLinks())], random);
    const answered = new Set<number>();
    const port = await freePort();
    let kills = 0;
    let posts = 0;
    while (waiting.length > 0) {
      const child = startSilkpostChild(['serve', '--dir', newsroom.dir], { SILKPOST_PORT: String(port) });
      if (!(await child.waitFor('ready'))) throw new Error((await child.ended).said);
      const isLast = kills >= wanted;
      // As many as leave enough for the kills that are to come.
      const share = Math.ceil((2 * waiting.length * random()) / Math.max(1, wanted - kills));
      let left = isLast ? Number.POSITIVE_INFINITY : share;
      const post = async (): Promise<void> => {
        while (left > 0) {
          const next = waiting.pop();
          if (!next) return;
          left -= 1;
          posts += 1;
          const [id, path] = next;
          const status = await postOneClick(`http://127.0.0.1:${port}${path}`);
          if (status === 200) answered.add(id);
          else waiting.unshift(next);
          if (status !== 200 && status !== null) violations.push(`reader ${id} was answered ${status}`);
          if (status === null) return;
        }
        // The last ones are under way when it dies.
        if (!isLast) child.kill('SIGKILL');
      };
      await Promise.all(Array.from({ length: posters }, post));
      if (isLast || waiting.length === 0) child.kill('SIGTERM');
      else await pause(random() * 5).then(() => child.kill('SIGKILL'));
      if ((await child.ended).signal === 'SIGKILL') kills += 1;
      const stillThere = await newsroom.room.database
        .selectFrom('subscription')
        .select('subscriber_id')
        .where('state', '!=', 'left')
        .execute();
      const forgotten = stillThere.filter(({ subscriber_id: id }) => answered.has(id));
      if (forgotten.length > 0)
        violations.push(`after kill ${kills} ${forgotten.length} who were answered are readers again`);
      if (violations.length > 10) break;
      onProgress?.(kills, answered.size);
    }
    return { kills, posts, answered: answered.size, violations };
  } finally {
    await newsroom.remove();
  }
}

/** As a provider posts it; null where there was no answer. */
async function postOneClick(url: string): Promise<number | null> {
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    return status;
  } catch {
    return null;
  }
}
