import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { smallPublication } from '../support/publication-folder.ts';

// The small publication's weekly goes out on Fridays at 07:00 in Tbilisi.
const thursday = '2026-11-26T12:00:00.000Z';
const friday = '2026-11-27T03:00:00.000Z';

interface Newsroom {
  readonly dir: string;
  readonly app: App;
  readonly clock: FixedClock;
}

async function newsroom(at = thursday, environment: Record<string, string> = {}, dir?: string): Promise<Newsroom> {
  const folder = dir ?? (await smallPublication());
  const clock = fixedClock(at);
  const app = await openApp(readConfig({ dir: folder, environment }), { clock });
  onTestFinished(() => app.close());
  return { dir: folder, app, clock };
}

async function addReader(
  app: App,
  email: string,
  changes: { languages?: string[]; countries?: string[] } = {},
): Promise<void> {
  await app.subscribers.addSubscribers(
    [
      {
        email,
        name: null,
        languages: changes.languages ?? ['en'],
        countries: changes.countries ?? [],
        topics: [],
        timezone: null,
        newsletters: ['weekly'],
        source: 'operator',
        consent: 'test',
        sample: false,
      },
    ],
    app.clock.now(),
  );
}

async function publish({ dir, app }: Newsroom, slug: string, date: string, country = 'georgia'): Promise<void> {
  await writeFile(
    join(dir, 'content', `${slug}.md`),
    `---\ntitle: About ${slug}\nsummary: What happened.\ndate: ${date}\ncountries: [${country}]\n---\n\nThe text of ${slug}.\n`,
  );
  await app.rebuild();
}

async function outbox({ dir }: Newsroom): Promise<string[]> {
  const names = await readdir(join(dir, 'var', 'outbox'), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith('.eml'));
}

describe('an edition on schedule', () => {
  it('goes out once at its time with what is new, also where two schedulers run', async () => {
    const room = await newsroom();
    const other = await newsroom(thursday, {}, room.dir);
    await addReader(room.app, 'ann@example.com');
    await addReader(room.app, 'fereshteh@example.com', { languages: ['fa'] });
    await publish(room, 'bridge', '2026-11-26');
    await other.app.rebuild();
    expect(await room.app.desk.runDue()).toEqual([]);

    room.clock.set(friday);
    other.clock.set(friday);
    expect(await room.app.desk.runDue()).toHaveLength(1);
    expect(await other.app.desk.runDue()).toEqual([]);
    await room.app.postRoom.sendUntilIdle(null, () => {});

    const editions = await room.app.editions.listEditions({ newsletter: 'weekly' });
    expect(editions.map(({ key, state }) => [key, state])).toEqual([['2026-11-27T0300Z', 'sent']]);
    expect(await room.app.editions.getCounts(editions[0]?.id ?? '')).toMatchObject({ candidates: 2, sent: 2 });
    expect(await outbox(room)).toHaveLength(2);

    room.clock.set('2026-11-27T03:05:00.000Z');
    expect(await room.app.desk.runDue()).toEqual([]);
  });

  it('is skipped, and recorded, when nothing is new', async () => {
    const room = await newsroom();
    await addReader(room.app, 'ann@example.com');
    await room.app.desk.runDue();
    room.clock.set(friday);
    await room.app.desk.runDue();
    const [edition] = await room.app.editions.listEditions();
    expect(edition).toMatchObject({ key: '2026-11-27T0300Z', state: 'skipped', reason: 'nothing_new' });
    expect(await outbox(room)).toEqual([]);
  });

  it('is caught up within its grace, and held after it', async () => {
    const room = await newsroom();
    await addReader(room.app, 'ann@example.com');
    await publish(room, 'bridge', '2026-11-26');
    await room.app.desk.runDue();
    room.clock.set('2026-11-27T05:00:00.000Z');
    expect(await room.app.desk.runDue()).toMatchObject([{ key: '2026-11-27T0300Z', state: 'sending' }]);
    await room.app.postRoom.sendUntilIdle(null, () => {});

    room.clock.set('2026-12-01T12:00:00.000Z');
    await publish(room, 'tunnel', '2026-12-01');
    room.clock.set('2026-12-04T05:00:01.000Z');
    expect(await room.app.desk.runDue()).toMatchObject([{ key: '2026-12-04T0300Z', state: 'held', reason: 'missed' }]);
    expect(await outbox(room)).toHaveLength(1);
    expect(await room.app.desk.runDue()).toEqual([]);

    await room.app.editions.moveEdition('weekly-2026-12-04T0300Z', 'approved', {
      reason: 'operator',
      now: room.clock.now(),
    });
    await room.app.desk.runDue();
    await room.app.postRoom.sendUntilIdle(null, () => {});
    expect(await outbox(room)).toHaveLength(2);
  });

  it('carries no story twice, no story older than 14 days, and one whose date is late', async () => {
    const room = await newsroom();
    await addReader(room.app, 'ann@example.com');
    await publish(room, 'archive', '2020-01-01');
    await publish(room, 'bridge', '2026-11-26');
    room.clock.set(friday);
    await room.app.desk.runDue();
    await room.app.desk.runDue();
    const storiesOf = async (key: string): Promise<string[]> => {
      const [variant] = await room.app.editions.listVariants(`weekly-${key}`);
      const stories = (variant?.stories ?? []).map(({ key }) => key);
      return stories.map((story) => room.app.catalog.published().findById(story)?.slug ?? '');
    };
    await room.app.postRoom.sendUntilIdle(null, () => {});
    expect(await storiesOf('2026-11-27T0300Z')).toEqual(['bridge']);

    // Dated before the last edition, but first seen after it.
    room.clock.set('2026-12-01T00:00:00.000Z');
    await publish(room, 'late', '2026-11-25');
    room.clock.set('2026-12-04T03:00:00.000Z');
    await room.app.desk.runDue();
    expect(await storiesOf('2026-12-04T0300Z')).toEqual(['late']);
  });

  it('still carries what came out before an alert that named its one story', async () => {
    const room = await newsroom();
    await addReader(room.app, 'ann@example.com');
    await publish(room, 'bridge', '2026-11-26');
    await publish(room, 'quake', '2026-11-26');
    const [weekly] = room.app.config.newsletters;
    if (!weekly) throw new Error('the small publication has a newsletter');
    const selection = { since: null, slugs: ['quake'] };
    const alert = await room.app.desk.open({ newsletter: weekly, dueAt: thursday, trigger: 'manual', selection });
    await room.app.desk.release(alert);
    await room.app.postRoom.sendUntilIdle(null, () => {});
    room.clock.set(friday);
    await room.app.desk.runDue();
    const [variant] = await room.app.editions.listVariants('weekly-2026-11-27T0300Z');
    const slugs = variant?.stories.map(({ key }) => room.app.catalog.published().findById(key)?.slug);
    expect(slugs).toEqual(['bridge']);
  });

  it('freezes its text: an edit, a deletion or a new template afterwards changes nothing', async () => {
    const room = await newsroom();
    await addReader(room.app, 'ann@example.com');
    await publish(room, 'bridge', '2026-11-26');
    await room.app.desk.runDue();
    room.clock.set(friday);
    const [edition] = await room.app.desk.runDue();
    await writeFile(join(room.dir, 'content', 'bridge.md'), 'no longer an article');
    await writeFile(join(room.dir, 'templates', 'digest.mjml.liquid'), '{{ broken');
    await room.app.rebuild();
    await room.app.postRoom.sendUntilIdle(null, () => {});
    expect(await room.app.editions.getCounts(edition?.id ?? '')).toMatchObject({ candidates: 1, sent: 1 });
  });

  it('leaves out a reader whose choices nothing fits, and says so', async () => {
    const room = await newsroom();
    await addReader(room.app, 'ann@example.com', { countries: ['armenia'] });
    await addReader(room.app, 'bob@example.com');
    await publish(room, 'bridge', '2026-11-26', 'georgia');
    await room.app.desk.runDue();
    room.clock.set(friday);
    const [edition] = await room.app.desk.runDue();
    await room.app.postRoom.sendUntilIdle(null, () => {});
    expect(await room.app.editions.getCounts(edition?.id ?? '')).toMatchObject({ candidates: 2, sent: 1, excluded: 1 });
    const reasons = [];
    for await (const delivery of room.app.ledger.listDeliveries(edition?.id ?? '')) reasons.push(delivery.reason);
    expect(reasons).toEqual(['nothing_for_reader', null]);
  });

  it('is held with a reason where links would not be safe or the template is broken', async () => {
    const relay = await newsroom(thursday, { SILKPOST_SMTP_URL: 'smtp://relay.example:587' });
    await addReader(relay.app, 'ann@example.com');
    await publish(relay, 'bridge', '2026-11-26');
    await relay.app.desk.runDue();
    relay.clock.set(friday);
    expect(await relay.app.desk.runDue()).toMatchObject([{ state: 'held', reason: 'insecure_url' }]);

    const broken = await newsroom();
    await addReader(broken.app, 'ann@example.com');
    await publish(broken, 'bridge', '2026-11-26');
    await writeFile(join(broken.dir, 'templates', 'digest.mjml.liquid'), '<mjml>{{ no.such.thing }}</mjml>');
    await broken.app.desk.runDue();
    broken.clock.set(friday);
    expect(await broken.app.desk.runDue()).toMatchObject([{ state: 'held', reason: 'template' }]);
  });

  it('is held, not tried again each minute, where an article named by hand is gone at its time', async () => {
    const room = await newsroom();
    await addReader(room.app, 'ann@example.com');
    await publish(room, 'bridge', '2026-11-26');
    const [weekly] = room.app.config.newsletters;
    if (!weekly) throw new Error('the small publication has a newsletter');
    const selection = { since: null, slugs: ['bridge'] };
    await room.app.desk.open({ newsletter: weekly, dueAt: '2026-11-26T13:00:00.000Z', trigger: 'manual', selection });
    await writeFile(
      join(room.dir, 'content', 'bridge.md'),
      '---\ntitle: a\nsummary: b\ndate: 2026-11-26\nstatus: withdrawn\n---\n',
    );
    await room.app.rebuild();
    room.clock.set('2026-11-26T13:00:00.000Z');
    expect(await room.app.desk.runDue()).toMatchObject([{ state: 'held', reason: 'template' }]);
    expect(await room.app.desk.runDue()).toEqual([]);
    expect(await outbox(room)).toEqual([]);
  });

  it('sends nothing for times before a newsletter or a relay was first seen', async () => {
    const room = await newsroom('2026-11-27T03:30:00.000Z');
    await addReader(room.app, 'ann@example.com');
    await publish(room, 'bridge', '2026-11-26');
    expect(await room.app.desk.runDue()).toEqual([]);
    expect(await outbox(room)).toEqual([]);
  });
});
