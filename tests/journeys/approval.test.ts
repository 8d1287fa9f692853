import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { plusMs } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import type { Edition } from '../../src/digest/index.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';

// The small publication's weekly goes out on Fridays at 07:00 in Tbilisi; its draft is there three hours before.
const early = '2026-11-27T01:00:00.000Z';
const friday = '2026-11-27T03:00:00.000Z';
const ana = { id: 1, name: 'Ana' };
const ben = { id: 2, name: 'Ben' };

interface Newsroom {
  readonly dir: string;
  readonly app: App;
  readonly clock: FixedClock;
}

async function folderWith(keys: string): Promise<string> {
  const dir = await smallPublication();
  const file = join(dir, 'silkpost.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('schedule: 0 7 * * FRI', `schedule: 0 7 * * FRI\n    ${keys}`));
  return dir;
}

async function open(dir: string, at = early): Promise<Newsroom> {
  const clock = fixedClock(at);
  const app = await openApp(readConfig({ dir, environment: {} }), { clock });
  onTestFinished(() => app.close());
  return { dir, app, clock };
}

async function publish({ dir, app }: Pick<Newsroom, 'dir' | 'app'>, slug: string, text = 'The text.'): Promise<void> {
  await writeFile(
    join(dir, 'content', `${slug}.md`),
    `---\ntitle: About ${slug}\nsummary: What happened.\ndate: 2026-11-26\n---\n\n${text}\n`,
  );
  await app.rebuild();
}

/** One with a reader, an article and a draft. */
async function newsroom(keys: string): Promise<Newsroom & { readonly draft: Edition }> {
  const room = await open(await folderWith(keys));
  await room.app.subscribers.addSubscribers(
    [
      {
        email: 'reader@example.com',
        name: null,
        languages: ['en'],
        countries: [],
        topics: [],
        timezone: null,
        newsletters: ['weekly'],
        source: 'operator',
        consent: 'test',
        sample: false,
      },
    ],
    room.clock.now(),
  );
  await publish(room, 'bridge');
  const [draft] = await room.app.desk.runDue();
  if (draft?.state !== 'draft') throw new Error('There is no draft.');
  return { ...room, draft };
}

const get = async ({ app }: Pick<Newsroom, 'app'>, { id }: Edition): Promise<Edition> => {
  const found = await app.editions.findEdition(id);
  if (found === null) throw new Error('It is gone.');
  return found;
};

describe('a draft that is sent before its time', () => {
  it('keeps its minute where it is taken back and sent again while it is being composed', async () => {
    const room = await newsroom('approval: none');
    const { app, clock } = room;
    const early = await app.desk.sendEarly(room.draft, ana);
    clock.set(early.dueAt);
    let again: Promise<Edition> | null = null;
    await app.desk.release(early, {
      onReaders() {
        again ??= app.desk.undo(early).then(async () => app.desk.sendEarly(await get(room, early), ana));
      },
    });
    expect(await again).toMatchObject({ dueAt: plusMs(early.dueAt, 60_000) });
    expect(await get(room, early)).toMatchObject({ state: 'approved', frozenAt: null });
    await app.desk.runDue();
    expect(await get(room, early)).toMatchObject({ state: 'approved' });
    clock.set(plusMs(early.dueAt, 60_000));
    await app.desk.runDue();
    expect(await get(room, early)).toMatchObject({ state: 'sending' });
  });

  it('is not sent early within a minute of its time, after which it could not be taken back to it', async () => {
    const { app, draft, clock } = await newsroom('approval: none');
    clock.set(plusMs(friday, -60_000));
    await expect(app.desk.sendEarly(draft, ana)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is held where its time was missed, as another one', async () => {
    const room = await newsroom('approval: none');
    await room.app.desk.sendEarly(room.draft, ana);
    room.clock.set(plusMs(friday, 24 * 3_600_000));
    await room.app.desk.runDue();
    expect(await get(room, room.draft)).toMatchObject({ state: 'held' });
  });
});

describe('an edition that takes approval', () => {
  it('goes at its time once somebody has approved it', async () => {
    const room = await newsroom('approval: any');
    expect(await room.app.desk.approval.statusOf(room.draft)).toEqual({ kind: 'missing' });
    await room.app.desk.approve(room.draft, ana);
    expect(await room.app.desk.approval.statusOf(room.draft)).toMatchObject({
      kind: 'approved',
      approval: { by: ana },
    });
    expect((await get(room, room.draft)).state).toBe('draft');
    room.clock.set(friday);
    await room.app.desk.runDue();
    expect(await get(room, room.draft)).toMatchObject({ state: 'sending' });
  });

  it('is held at its time without, by two processes once, and told of; approving it lets it go', async () => {
    const room = await newsroom('approval: any');
    const other = await open(room.dir);
    await other.app.rebuild();
    for (const { clock } of [room, other]) clock.set(friday);
    await room.app.desk.runDue();
    const held = await get(room, room.draft);
    expect(held).toMatchObject({ state: 'held', reason: 'approval', frozenAt: null });
    expect(await other.app.desk.runDue()).toEqual([]);
    expect(await room.app.editions.listEditions({ newsletter: 'weekly' })).toHaveLength(1);
    expect(await room.app.postRoom.listNeeds()).toMatchObject([
      { kind: 'held', sentence: `${held.id} is held: nobody has approved it as it is now.` },
    ]);
    await other.app.desk.approve(held, ben);
    expect(await get(room, held)).toMatchObject({ state: 'approved' });
    await room.app.desk.runDue();
    expect(await other.app.desk.runDue()).toEqual([]);
    expect(await get(room, held)).toMatchObject({ state: 'sending' });
    expect((await room.app.editions.getCounts(held.id)).candidates).toBe(1);
  });

  it('is held where it has changed since, and says what; approved anew, it goes', async () => {
    const room = await newsroom('approval: any');
    await room.app.desk.approve(room.draft, ana);
    await publish(room, 'bridge', 'Another text.');
    await publish(room, 'road');
    const { draft, app } = room;
    expect(await app.desk.approval.statusOf(draft)).toMatchObject({
      kind: 'void',
      approval: { why: ['“About bridge” was edited in en', '“About road” was added'] },
    });
    room.clock.set(friday);
    await app.desk.runDue();
    expect(await get(room, draft)).toMatchObject({ state: 'held', reason: 'approval' });
    await app.desk.approve(await get(room, draft), ana);
    await app.desk.runDue();
    expect(await get(room, draft)).toMatchObject({ state: 'sending' });
  });

  it('is held where a template changed, also when nobody has looked before its time', async () => {
    const room = await newsroom('approval: any');
    await room.app.desk.approve(room.draft, ana);
    const file = join(room.dir, 'templates', 'digest.txt.liquid');
    await writeFile(file, `${await readFile(file, 'utf8')}\n`);
    room.clock.set(friday);
    await room.app.desk.runDue();
    expect(await get(room, room.draft)).toMatchObject({ state: 'held', reason: 'approval' });
    expect(await room.app.desk.approval.statusOf(await get(room, room.draft))).toMatchObject({
      approval: { why: ['a template was changed'] },
    });
  });

  it('is void where somebody arranged it, and is not approved as it isn’t any more', async () => {
    const room = await newsroom('approval: any');
    const { app, draft } = room;
    const seen = await app.desk.approval.fingerprintOf(draft);
    await app.desk.approve(draft, ana, seen);
    const edit = { kind: 'texts', subjects: { en: 'A bridge!' }, preheaders: {} } as const;
    await app.desk.arrange(draft, { edit, revision: draft.revision, by: 'Ben' });
    const arranged = await get(room, draft);
    expect(await app.desk.approval.statusOf(arranged)).toMatchObject({
      kind: 'void',
      approval: { why: ['the subject in en was changed'] },
    });
    await expect(app.desk.approve(arranged, ana, seen)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('goes to nobody where the approval is taken back while it is frozen, and is too late once it went', async () => {
    const room = await newsroom('approval: any');
    const { app, draft } = room;
    await app.desk.approve(draft, ana);
    const approved = await app.editions.moveEdition(draft.id, 'approved', { now: room.clock.now() });
    let withdrawn = Promise.resolve();
    const held = await app.desk.release(approved, {
      onFrozen: () => {
        withdrawn = app.desk.approval.withdraw(approved, ben);
      },
    });
    await withdrawn;
    expect(held).toMatchObject({ state: 'held', reason: 'approval', frozenAt: null });
    expect(await app.desk.approval.statusOf(held)).toMatchObject({ approval: { why: ['Ben took it back'] } });
    await app.desk.approve(held, ana);
    room.clock.set(friday);
    await app.desk.runDue();
    expect(await get(room, draft)).toMatchObject({ state: 'sending' });
    expect((await app.editions.getCounts(draft.id)).candidates).toBe(1);
    await expect(app.desk.approval.withdraw(draft, ben)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('takes another person’s where it says so', async () => {
    const room = await newsroom('approval: other');
    const { app, draft } = room;
    await app.audit.around(
      { operator: { ...ana, email: null }, action: 'editions.arrange', subject: draft.id },
      () => {},
    );
    await expect(
      app.audit.around({ operator: { ...ben, email: null }, action: 'editions.arrange', subject: draft.id }, () => {
        throw new Error('It came to nothing.');
      }),
    ).rejects.toThrow();
    await expect(app.desk.approve(draft, { ...ana, name: 'Renamed' })).rejects.toMatchObject({ code: 'conflict' });
    const released = { operator: { ...ben, email: null }, action: 'editions.release', subject: draft.id };
    await app.audit.around(released, () => app.desk.approve(draft, ben));
    expect(await app.desk.approval.statusOf(draft)).toMatchObject({ kind: 'approved' });
  });

  it('is approved by who sends it by hand where anybody may, and waits for another person where it says so', async () => {
    for (const [keys, state] of [
      ['approval: any', 'sending'],
      ['approval: other', 'held'],
    ] as const) {
      const { app } = await newsroom(keys);
      const [newsletter] = app.config.newsletters;
      if (!newsletter) throw new Error('There is no newsletter.');
      const edition = await app.desk.open({
        newsletter,
        dueAt: app.clock.now(),
        trigger: 'manual',
        selection: { since: null, slugs: null },
        openedBy: ana,
        approvedBy: ana,
      });
      expect(await app.desk.release(edition), keys).toMatchObject({ state });
      if (state === 'sending') continue;
      const opened = await get({ app }, edition);
      for (const again of [ana, { ...ana, name: 'Renamed' }]) {
        await expect(app.desk.approve(opened, again)).rejects.toMatchObject({ code: 'conflict' });
      }
      // Another person may bear the name that she had.
      await app.desk.approve(opened, { ...ben, name: ana.name });
    }
  });
});

describe('an edition that is held for what is found', () => {
  it('waits where its newsletter says so and something is blocking, until somebody lets it go', async () => {
    const room = await newsroom('preflight: hold');
    const { app, draft, clock } = room;
    await writeFile(
      join(room.dir, 'content', 'bridge.md'),
      '---\ntitle: About bridge\nsummary: TKTK\ndate: 2026-11-26\n---\n\nText.\n',
    );
    await app.rebuild();
    clock.set(friday);
    await app.desk.runDue();
    const held = await get(room, draft);
    expect(held).toMatchObject({ state: 'held', reason: 'preflight' });
    await app.desk.approve(held, ana);
    await app.desk.runDue();
    expect(await get(room, draft)).toMatchObject({ state: 'sending' });
  });

  it('goes where nothing is blocking', async () => {
    const room = await newsroom('preflight: hold');
    room.clock.set(friday);
    await room.app.desk.runDue();
    expect(await get(room, room.draft)).toMatchObject({ state: 'sending' });
  });
});
