import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { toInstant } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import type { Edition } from '../../src/digest/index.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';

// The small publication's weekly goes out on Fridays at 07:00 in Tbilisi, with a grace of two hours.
const thursday = '2026-11-26T12:00:00.000Z';
const friday = '2026-11-27T03:00:00.000Z';
const nextFriday = '2026-12-04T03:00:00.000Z';

const ana = { id: null, name: 'Ana' };

interface Room {
  readonly app: App;
  readonly clock: FixedClock;
  /** Moves the clock without time passing. */
  jump(ms: number): void;
}

/** Opens the publication as a process that starts at this time. */
async function start(dir: string, at: string): Promise<Room> {
  const clock = fixedClock(at);
  let jumpedMs = 0;
  const passedMs = () => Date.parse(clock.now()) - jumpedMs;
  const app = await openApp(readConfig({ dir, environment: {} }), { clock, passedMs });
  onTestFinished(() => app.close().catch(() => {}));
  await app.rebuild();
  return {
    app,
    clock,
    jump(ms) {
      jumpedMs += ms;
      clock.set(toInstant(Date.parse(clock.now()) + ms));
    },
  };
}

/** A publication with two readers and an article that is new on the Friday. */
async function newsroom(): Promise<string> {
  const dir = await smallPublication();
  await publish(dir, 'bridge', '2026-11-26');
  const { app } = await start(dir, thursday);
  const reader = { name: null, languages: ['en'], countries: [], topics: [], timezone: null, newsletters: ['weekly'] };
  await app.subscribers.addSubscribers(
    ['ann@example.com', 'bob@example.com'].map((email) => ({
      ...reader,
      email,
      source: 'operator',
      consent: 'test',
      sample: false,
    })),
    app.clock.now(),
  );
  await app.desk.runDue();
  await app.close();
  return dir;
}

async function publish(dir: string, slug: string, date: string): Promise<void> {
  const text = `---\ntitle: About ${slug}\nsummary: What happened.\ndate: ${date}\ncountries: [georgia]\n---\n\nThe text.\n`;
  await writeFile(join(dir, 'content', `${slug}.md`), text);
}

/** A worker that stays, for a moment. */
async function work({ app }: Room): Promise<void> {
  const running = await app.postRoom.start();
  await running.stop();
}

async function send({ app }: Room): Promise<void> {
  await app.desk.runDue();
  await app.postRoom.sendUntilIdle(null, () => {});
}

async function mails(dir: string): Promise<number> {
  const names = await readdir(join(dir, 'var', 'outbox'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.eml')).length;
}

const databaseOf = (dir: string): string => join(dir, 'var', 'silkpost.db');

async function takeSnapshot(dir: string): Promise<string> {
  const copy = join(dir, 'snapshot.db');
  const database = new DatabaseSync(databaseOf(dir));
  database.exec(`vacuum into '${copy}'`);
  database.close();
  return copy;
}

async function putInPlace(dir: string, snapshot: string): Promise<void> {
  for (const end of ['-wal', '-shm']) await rm(`${databaseOf(dir)}${end}`, { force: true });
  await copyFile(snapshot, databaseOf(dir));
}

async function stateOf({ app }: Room, id: string): Promise<unknown> {
  const edition = await app.editions.findEdition(id);
  return edition && [edition.state, edition.reason];
}

const first = 'weekly-2026-11-27T0300Z';

describe('an old snapshot of the database, put in place', () => {
  it('in the middle of an edition sends none of it again, until a person approves', async () => {
    const dir = await newsroom();
    const before = await start(dir, friday);
    await before.app.desk.runDue();
    const snapshot = await takeSnapshot(dir);
    before.clock.set('2026-11-27T03:00:05.000Z');
    await send(before);
    expect(await mails(dir)).toBe(2);
    await before.app.close();

    await putInPlace(dir, snapshot);
    await rm(join(dir, 'var', 'outbox'), { recursive: true });
    const after = await start(dir, '2026-11-27T03:01:00.000Z');
    await send(after);
    await work(after);
    expect(await stateOf(after, first)).toEqual(['held', 'restored']);
    expect(await mails(dir)).toBe(0);
    expect(await after.app.editions.getCounts(first)).toMatchObject({ candidates: 2, queued: 2 });

    const edition = await after.app.editions.findEdition(first);
    if (edition) await after.app.desk.approve(edition, ana);
    await send(after);
    expect(await mails(dir)).toBe(2);
    expect(await stateOf(after, first)).toEqual(['sent', null]);
  });

  it('from before an edition holds that one, though its time was not missed by more than its grace', async () => {
    const dir = await newsroom();
    const snapshot = await takeSnapshot(dir);
    const before = await start(dir, friday);
    await send(before);
    expect(await mails(dir)).toBe(2);
    await before.app.close();

    await putInPlace(dir, snapshot);
    const after = await start(dir, '2026-11-27T03:30:00.000Z');
    await send(after);
    await work(after);
    expect(await stateOf(after, first)).toEqual(['held', 'restored']);
    expect(await mails(dir)).toBe(2);
  });

  it('from the week before holds each edition, also after another restart, until a person says that it has gone out', async () => {
    const dir = await newsroom();
    const snapshot = await takeSnapshot(dir);
    const before = await start(dir, friday);
    await send(before);
    await before.app.close();

    await putInPlace(dir, snapshot);
    const after = await start(dir, '2026-12-01T12:00:00.000Z');
    await send(after);
    expect(await stateOf(after, first)).toEqual(['held', 'restored']);
    await after.app.close();
    const again = await start(dir, nextFriday);
    await send(again);
    const second = 'weekly-2026-12-04T0300Z';
    expect(await stateOf(again, second)).toEqual(['held', 'restored']);
    expect(await mails(dir)).toBe(2);

    const edition = await again.app.editions.findEdition(second);
    if (edition) await again.app.desk.skip(edition);
    again.clock.set('2026-12-10T12:00:00.000Z');
    await publish(dir, 'tunnel', '2026-12-10');
    await again.app.rebuild();
    again.clock.set('2026-12-11T03:00:00.000Z');
    await send(again);
    const third = 'weekly-2026-12-11T0300Z';
    expect(await stateOf(again, third)).toEqual(['sent', null]);
    // The story of the lost edition isn't told again.
    const [variant] = await again.app.editions.listVariants(third);
    const slugs = variant?.stories.map(({ key }) => again.app.catalog.published().findById(key)?.slug);
    expect(slugs).toEqual(['tunnel']);
  });
});

describe('an old snapshot with an edition that waited for a person', () => {
  /** A snapshot in which the edition is paused; afterwards it was resumed and went out to both readers. */
  async function resumedSince(): Promise<{ dir: string; snapshot: string }> {
    const dir = await newsroom();
    const before = await start(dir, friday);
    await before.app.desk.runDue();
    await before.app.ledger.pauseEdition(first, 'operator', friday);
    const snapshot = await takeSnapshot(dir);
    before.clock.set('2026-11-27T03:00:05.000Z');
    await before.app.desk.resume(await get(before, first));
    await send(before);
    expect(await mails(dir)).toBe(2);
    await before.app.close();
    return { dir, snapshot };
  }

  async function get({ app }: Room, id: string): Promise<Edition> {
    const edition = await app.editions.findEdition(id);
    if (!edition) throw new Error(`no ${id}`);
    return edition;
  }

  it('refuses to resume what was paused in it, also before anything else has looked', async () => {
    const { dir, snapshot } = await resumedSince();
    await putInPlace(dir, snapshot);
    const after = await start(dir, '2026-11-27T03:01:00.000Z');
    const paused = await get(after, first);
    expect(paused.state).toBe('paused');
    await expect(after.app.desk.resume(paused)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Look into the relay’s log first'),
    });
    expect(await stateOf(after, first)).toEqual(['held', 'restored']);
    await expect(after.app.desk.resume(await get(after, first))).rejects.toMatchObject({ code: 'conflict' });
    await send(after);
    expect(await mails(dir)).toBe(2);
  });

  it('asks again before it approves what was held in it for another reason', async () => {
    const dir = await newsroom();
    const late = await start(dir, '2026-11-27T06:00:00.000Z');
    await send(late);
    expect(await stateOf(late, first)).toEqual(['held', 'missed']);
    const snapshot = await takeSnapshot(dir);
    late.clock.set('2026-11-27T06:00:05.000Z');
    await late.app.desk.approve(await get(late, first), ana);
    await send(late);
    expect(await mails(dir)).toBe(2);
    await late.app.close();

    await putInPlace(dir, snapshot);
    const after = await start(dir, '2026-11-27T06:01:00.000Z');
    await expect(after.app.desk.approve(await get(after, first), ana)).rejects.toMatchObject({ code: 'conflict' });
    expect(await stateOf(after, first)).toEqual(['held', 'restored']);
    await send(after);
    expect(await mails(dir)).toBe(2);
    await after.app.desk.approve(await get(after, first), ana);
    expect(await stateOf(after, first)).toEqual(['approved', 'operator']);
  });

  it('holds the next edition also where it is from before the first beat', async () => {
    const dir = await newsroom();
    const database = new DatabaseSync(databaseOf(dir));
    database.exec('delete from ledger_beat');
    database.close();
    await rm(`${databaseOf(dir)}-beat`);
    const snapshot = await takeSnapshot(dir);
    const before = await start(dir, friday);
    await send(before);
    expect(await mails(dir)).toBe(2);
    await before.app.close();

    await putInPlace(dir, snapshot);
    const after = await start(dir, '2026-11-27T03:30:00.000Z');
    await send(after);
    expect(await stateOf(after, first)).toEqual(['held', 'restored']);
    expect(await mails(dir)).toBe(2);
  });
});

describe('a restart', () => {
  it('after a weekend off holds nothing of a weekly newsletter', async () => {
    const dir = await newsroom();
    const before = await start(dir, friday);
    await send(before);
    await work(before);
    await before.app.close();

    await publish(dir, 'tunnel', '2026-11-30');
    const after = await start(dir, '2026-11-30T06:00:00.000Z');
    await work(after);
    after.clock.set(nextFriday);
    await send(after);
    expect(await stateOf(after, 'weekly-2026-12-04T0300Z')).toEqual(['sent', null]);
    expect(await mails(dir)).toBe(4);
  });

  it('in the middle of an edition goes on within the grace, and waits for a person after it', async () => {
    const dir = await newsroom();
    const before = await start(dir, '2026-11-27T02:59:50.000Z');
    await work(before);
    before.clock.set(friday);
    await before.app.desk.runDue();
    const frozen = await takeSnapshot(dir);
    await before.app.close();
    await rm(`${databaseOf(dir)}-beat`);
    await putInPlace(dir, frozen);

    const soon = await start(dir, '2026-11-27T04:59:00.000Z');
    await soon.app.desk.runDue();
    expect(await stateOf(soon, first)).toEqual(['sending', null]);
    await soon.app.close();

    await rm(`${databaseOf(dir)}-beat`);
    await putInPlace(dir, frozen);
    const late = await start(dir, '2026-11-27T05:01:00.000Z');
    await send(late);
    expect(await stateOf(late, first)).toEqual(['held', 'restored']);
    expect(await mails(dir)).toBe(0);
  });

  it('by cron once a day is no reason to hold anything', async () => {
    const dir = await newsroom();
    const once = await start(dir, friday);
    await send(once);
    expect(await stateOf(once, first)).toEqual(['sent', null]);
  });
});

describe('a clock that jumps by a day', () => {
  const dayMs = 24 * 3_600_000;

  it('forwards sends nothing before its time, and holds what is being sent', async () => {
    const dir = await newsroom();
    const room = await start(dir, thursday);
    await work(room);
    room.jump(dayMs);
    await send(room);
    await work(room);
    expect(await stateOf(room, first)).toEqual(['held', 'clock']);
    expect(await mails(dir)).toBe(0);
  });

  it('forwards in the middle of an edition holds it before anything expires', async () => {
    const dir = await newsroom();
    const room = await start(dir, friday);
    await room.app.desk.runDue();
    room.jump(3 * dayMs);
    await room.app.postRoom.sendUntilIdle(null, () => {});
    await work(room);
    expect(await stateOf(room, first)).toEqual(['held', 'clock']);
    expect(await room.app.editions.getCounts(first)).toMatchObject({ queued: 2, failed: 0 });
    expect(await mails(dir)).toBe(0);

    room.jump(-3 * dayMs);
    const edition = await room.app.editions.findEdition(first);
    if (edition) await room.app.desk.approve(edition, ana);
    await room.app.postRoom.sendUntilIdle(null, () => {});
    expect(await stateOf(room, first)).toEqual(['sent', null]);
    expect(await mails(dir)).toBe(2);
  });

  it('backwards sends nothing twice', async () => {
    const dir = await newsroom();
    const room = await start(dir, friday);
    await send(room);
    expect(await mails(dir)).toBe(2);
    room.jump(-dayMs);
    await send(room);
    await work(room);
    room.clock.set(friday);
    await send(room);
    expect(await mails(dir)).toBe(2);
    expect(await stateOf(room, first)).toEqual(['sent', null]);
  });

  it('backwards in the middle of an edition holds it, also where it jumped while nothing ran', async () => {
    const dir = await newsroom();
    const before = await start(dir, friday);
    await before.app.desk.runDue();
    await before.app.close();
    const after = await start(dir, '2026-11-26T03:00:00.000Z');
    await send(after);
    expect(await stateOf(after, first)).toEqual(['held', 'clock']);
    expect(await mails(dir)).toBe(0);
  });
});
