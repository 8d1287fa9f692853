import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NodeSqliteDialect, openSqlite } from '../../src/storage/database/dialect.ts';
import {
  createArticleStore,
  createEditionStore,
  createFeedDocumentStore,
  openDatabase,
} from '../../src/storage/index.ts';
import { first } from '../../src/storage/migrations/0001-first.ts';
import { hubPings } from '../../src/storage/migrations/0002-hub-pings.ts';
import { publishing } from '../../src/storage/migrations/0003-publishing.ts';
import { engine } from '../../src/storage/migrations/0004-engine.ts';
import { bounces } from '../../src/storage/migrations/0005-bounces.ts';
import { upkeep } from '../../src/storage/migrations/0006-upkeep.ts';
import { packedArticles } from '../../src/storage/migrations/0007-packed-articles.ts';
import { exampleArticle, exampleRecord, plainRecord } from '../support/article-record.ts';
import { openMailRoom, piecesOf, workerOn } from '../support/mailing.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

type Migrations = Readonly<Record<string, Migration>>;

const firstVersion: Migrations = { '0001_first': first };
/** With articles in one column, just before they were packed. */
const unpackedVersion: Migrations = { ...firstVersion, '0002_hub_pings': hubPings, '0003_publishing': publishing };
/** Just before readers chose languages in order and rhythms. */
const oneLanguageVersion: Migrations = {
  ...unpackedVersion,
  '0004_engine': engine,
  '0005_bounces': bounces,
  '0006_upkeep': upkeep,
  '0007_packed_articles': packedArticles,
};

/** A database as an earlier version of Silkpost left it. */
async function earlierDatabase(
  file: string,
  migrations: Migrations,
  fill: (database: Kysely<unknown>) => Promise<void>,
): Promise<void> {
  const database = new Kysely<unknown>({ dialect: new NodeSqliteDialect(openSqlite(file)) });
  const provider = { getMigrations: async () => ({ ...migrations }) };
  const { error } = await new Migrator({ db: database, provider }).migrateToLatest();
  if (error) throw error;
  await fill(database);
  await database.destroy();
}

/** An article as the first version wrote it: with its texts, without what it didn't know. */
function firstArticle(slug: string, texts: { readonly html?: string; readonly text?: string }): string {
  const { archiveDate: _, withdrawnAt: _at, formerAddresses: _addresses, ...article } = exampleArticle({ slug });
  return JSON.stringify({ ...article, ...texts });
}

describe('openDatabase', () => {
  it('makes a file, and a log beside it, that nobody else can read', async () => {
    const folder = join((await temporaryFolder()).path, 'var');
    const database = await openDatabase(join(folder, 'silkpost.db'));
    onTestFinished(() => database.destroy());
    for (const name of ['', 'silkpost.db', 'silkpost.db-wal']) {
      const { mode } = await stat(join(folder, name));
      // Windows' files have no modes.
      expect(process.platform === 'win32' ? 0 : mode & 0o077, name).toBe(0);
    }
  });
});

describe('openDatabase on a database of the first version', () => {
  it('moves the texts out of the articles, and keeps all else', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    const html = "<p>Они встретились “в Тегеране” \u{1F54A}'s.</p>\n";
    await earlierDatabase(file, firstVersion, async (database) => {
      for (const [slug, texts, goneAt] of [
        ['talks', { html, text: 'They met.' }, null],
        ['gone', { html: '', text: '' }, '2024-01-01T00:00:00.000Z'],
      ] as const) {
        const { id } = exampleArticle({ slug });
        await sql`insert into article (id, path, size, mtime_ms, render_key, body_hash, article, gone_at)
          values (${id}, ${`${slug}.md`}, 100, 1681050600000.25, 'key', ${'b'.repeat(64)}, ${firstArticle(slug, texts)}, ${goneAt})`.execute(
          database,
        );
      }
    });

    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    const store = createArticleStore(database);
    const [talks, gone] = [exampleArticle({ slug: 'talks' }), exampleArticle({ slug: 'gone' })];
    const records = (await store.listRecords()).map(plainRecord);
    expect(records).toHaveLength(2);
    expect(records).toEqual(
      expect.arrayContaining([exampleRecord(talks), exampleRecord(gone, { goneAt: '2024-01-01T00:00:00.000Z' })]),
    );
    for (const { article } of records) {
      expect(article).not.toHaveProperty('html');
      expect(article).not.toHaveProperty('text');
      expect(article).toMatchObject({ formerAddresses: [], withdrawnAt: null, archiveDate: article.date });
    }
    // Of no version, so that they are rendered anew where the file is there, and serve until then.
    expect(await store.findBodies([talks.id, gone.id])).toEqual(
      expect.arrayContaining([
        { articleId: talks.id, version: '', html, problems: [] },
        { articleId: gone.id, version: '', html: '', problems: [] },
      ]),
    );
    expect(await store.listBodyProblems()).toEqual(new Map());
  });

  it('keeps when each document changed, and knows that it has to be made again', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    const hash = 'a'.repeat(64);
    await earlierDatabase(file, firstVersion, async (database) => {
      await sql`insert into feed_document (path, hash, changed_at)
        values ('/rss.xml', ${hash}, '2023-04-09T14:30:00.000Z')`.execute(database);
    });
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    expect(await createFeedDocumentStore(database).listDocuments()).toEqual([
      {
        path: '/rss.xml',
        hash,
        size: 0,
        changedAt: '2023-04-09T14:30:00.000Z',
        maxAge: 0,
        inputs: '',
        pieces: { start: 0, gap: 0, keys: '', lengths: [] },
      },
    ]);
  });

  it('can be opened again and again', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    await earlierDatabase(file, firstVersion, async () => {});
    for (let round = 0; round < 3; round++) await (await openDatabase(file)).destroy();
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    expect(await createArticleStore(database).listRecords()).toEqual([]);
  });

  it('is copied before, with all that was in it, and not again', async () => {
    const folder = (await temporaryFolder()).path;
    const file = join(folder, 'silkpost.db');
    await earlierDatabase(file, firstVersion, async (database) => {
      await sql`insert into suppression (address_key, reason, since) values ('a', 'operator', 'now')`.execute(database);
    });
    const said: unknown[] = [];
    const log = { info: (event: string, fields?: object) => said.push({ event, ...fields }) };
    for (let round = 0; round < 2; round++) await (await openDatabase(file, log)).destroy();
    expect(said).toEqual([
      { event: 'upgrade', copy: `${file}.0001_first`, message: expect.stringContaining('brought up to date') },
    ]);
    const copies = (await readdir(folder)).filter((name) => name.startsWith('silkpost.db.'));
    expect(copies).toEqual(['silkpost.db.0001_first']);
    expect((await stat(join(folder, 'silkpost.db.0001_first'))).mode & 0o777).toBe(0o600);
    const copy = new DatabaseSync(join(folder, 'silkpost.db.0001_first'), { readOnly: true });
    onTestFinished(() => copy.close());
    expect(copy.prepare('select address_key from suppression').all()).toMatchObject([{ address_key: 'a' }]);
    expect(copy.prepare('select name from kysely_migration').all()).toMatchObject([{ name: '0001_first' }]);
  });

  it('keeps only the newest three copies', async () => {
    const folder = (await temporaryFolder()).path;
    const file = join(folder, 'silkpost.db');
    await earlierDatabase(file, firstVersion, async () => {});
    for (const [index, name] of ['0002_hub_pings', '0003_publishing', '0004_engine'].entries()) {
      await writeFile(`${file}.${name}`, 'an earlier copy');
      await utimes(`${file}.${name}`, index, index);
    }
    await (await openDatabase(file)).destroy();
    const copies = (await readdir(folder)).filter((name) => name.startsWith('silkpost.db.')).sort();
    expect(copies).toEqual(['silkpost.db.0001_first', 'silkpost.db.0003_publishing', 'silkpost.db.0004_engine']);
  });
});

describe('openDatabase', () => {
  it('copies nothing of a new database', async () => {
    const folder = (await temporaryFolder()).path;
    await (await openDatabase(join(folder, 'silkpost.db'))).destroy();
    expect((await readdir(folder)).filter((name) => name.startsWith('silkpost.db.'))).toEqual([]);
  });

  it('refuses a database of a newer Silkpost with a sentence, and leaves it alone', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    await (await openDatabase(file)).destroy();
    const connection = new DatabaseSync(file);
    connection.exec(`insert into kysely_migration (name, timestamp) values ('9999_later', 'now')`);
    connection.close();
    await expect(openDatabase(file)).rejects.toThrow(/was made by a newer Silkpost: it has the schema 9999_later/);
    await expect(openDatabase(file)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('refuses one that lacks a step before its last with a sentence, and copies nothing', async () => {
    const folder = (await temporaryFolder()).path;
    const file = join(folder, 'silkpost.db');
    await earlierDatabase(file, { ...firstVersion, '0003_publishing': publishing }, async () => {});
    await expect(openDatabase(file)).rejects.toThrow(/has the schema 0003_publishing without 0002_hub_pings/);
    expect((await readdir(folder)).filter((name) => name.startsWith('silkpost.db.'))).toEqual([]);
  });
});

describe('openDatabase on a database from before articles were packed', () => {
  it('keeps every value of every article, and goes on with it', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    const [plain, rich] = [
      exampleArticle({ slug: 'plain', publishedAt: null }),
      exampleArticle({
        slug: 'rich',
        path: '2023/rich “\u{1F54A}”.md',
        title: "Они встретились “в Тегеране” \u{1F54A}'s",
        place: { name: 'تهران', lat: 35.6892, lon: 51.389 },
        image: { url: 'https://a.example/a.png', rasterUrl: null, alt: 'A "map"', width: 800 },
        audio: { url: 'https://a.example/a.mp3', type: 'audio/mpeg' },
        link: 'https://a.example/',
        sources: [{ title: 'A report' }],
        priority: 'lead',
        corrections: [{ date: '2023-04-10T00:00:00.000Z', text: 'It was Monday.' }],
        authors: [{ key: null, name: 'Ann', email: 'ann@example.com' }],
        countries: ['iran'],
        topics: ['security'],
        aliases: ['/old'],
        formerAddresses: ['en/old'],
        attachments: [{ name: 'a.png', path: '2023/a.png', bytes: 7 }],
        updated: '2023-04-10T00:00:00.000Z',
        archiveDate: '2023-04-08T00:00:00.000Z',
        withdrawnAt: '2023-04-11T00:00:00.000Z',
        storySlug: 'story',
      }),
    ];
    const records = [exampleRecord(plain), exampleRecord(rich, { goneAt: '2024-01-01T00:00:00.000Z' })];
    await earlierDatabase(file, unpackedVersion, async (database) => {
      for (const { article, path, size, mtimeMs, renderKey, bodyHash, goneAt } of records) {
        // Empty lists weren't written.
        const { aliases, ...rest } = article;
        const json = JSON.stringify(aliases.length === 0 ? rest : article);
        await sql`insert into article (id, path, size, mtime_ms, render_key, body_hash, article, gone_at)
          values (${article.id}, ${path}, ${size}, ${mtimeMs}, ${renderKey}, ${bodyHash}, ${json}, ${goneAt})`.execute(
          database,
        );
      }
    });
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    const store = createArticleStore(database);
    const found = await store.listRecords();
    expect(found.map(plainRecord)).toEqual(expect.arrayContaining(records));
    expect(found).toHaveLength(2);
    await store.saveRecords(found);
    expect((await store.listRecords()).map(plainRecord)).toEqual(found.map(plainRecord));
  });

  it('keeps which bytes of a document are which entry', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    await earlierDatabase(file, unpackedVersion, async (database) => {
      const pieces = JSON.stringify({
        start: 100,
        gap: 7,
        pieces: [
          ['z_-'.repeat(7), 600],
          ['a'.repeat(22), 81],
        ],
      });
      await sql`insert into feed_document (path, hash, changed_at, pieces)
        values ('/rss.xml', 'hash', '2023-04-09T14:30:00.000Z', ${pieces})`.execute(database);
    });
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    const [document] = await createFeedDocumentStore(database).listDocuments();
    const keys = `${'z_-'.repeat(7)} ${'a'.repeat(22)}`;
    expect(document?.pieces).toEqual({ start: 100, gap: 7, keys, lengths: [600, 81] });
  });
});

describe('openDatabase on a database whose readers had one language', () => {
  it('makes it the first of theirs, and keeps each consent as the word of who vouched', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    await earlierDatabase(file, firstVersion, async (database) => {
      await sql`insert into subscriber (id, email, address_key, lang, choice, state, created_at) values
        (7, 'ann@example.com', 'a', 'fa', '{"lang":"fa","countries":["iran"],"topics":[]}', 'active', '2026-01-01')`.execute(
        database,
      );
      await sql`insert into subscription values (7, 'weekly', 'active', '2026-01-01', 'import')`.execute(database);
      await sql`insert into consent (subscriber_id, what, source, at) values (7, 'At the fair.', 'import', '2026-01-01'),
        (7, 'A made-up reader.', 'sample', '2026-01-02')`.execute(database);
    });
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    expect(await database.selectFrom('subscriber').select(['lang', 'languages', 'choice']).execute()).toEqual([
      { lang: 'fa', languages: '["fa"]', choice: '{"languages":["fa"],"countries":["iran"],"topics":[]}' },
    ]);
    expect(await database.selectFrom('subscription').select(['rhythm', 'paused_until']).execute()).toEqual([
      { rhythm: 'each', paused_until: null },
    ]);
    const consent = {
      subscriber_id: 7,
      what: 'vouched',
      newsletters: '[]',
      lang: 'fa',
      version: '',
      ip: null,
      reference: null,
    };
    const lists = '{"languages":["fa"],"countries":["iran"],"topics":[]}';
    expect(await database.selectFrom('consent').selectAll().execute()).toEqual([
      { ...consent, id: 1, lists, wording: 'At the fair.', how: 'import', at: '2026-01-01' },
      { ...consent, id: 2, lists, wording: 'A made-up reader.', how: 'operator', at: '2026-01-02' },
    ]);
  });
});

describe('openDatabase on a database with editions of before stories said who told them', () => {
  const now = '2026-11-20T03:00:00.000Z';
  const bridge = 'tag:x,2026:en/bridge';
  const titled = (...titles: readonly string[]): string =>
    JSON.stringify({ stories: titles.map((title) => ({ storyKey: bridge, title, summary: 'S' })) });

  async function fill(database: Kysely<unknown>): Promise<void> {
    for (const [id, lang, slug, details] of [
      [bridge, 'en', { slug: 'bridge' }, { title: 'A bridge' }],
      ['tag:x,2026:ru/most', 'ru', { slug: 'most', storySlug: 'bridge' }, { title: 'Мост' }],
      ['tag:x,2026:hy/bridge', 'hy', { slug: 'bridge' }, { title: 'Կամուրջ' }],
    ] as const) {
      const article = { id, lang, ...slug, date: '2026-11-19T00:00:00.000Z', publishedAt: '2026-11-19T00:00:00.000Z' };
      await sql`insert into article (id, record, details)
        values (${id}, ${JSON.stringify({ article })}, ${JSON.stringify(details)})`.execute(database);
    }
    for (const [id, state] of [
      ['weekly-1', 'sent'],
      ['weekly-2', 'paused'],
    ] as const) {
      await sql`insert into edition (id, newsletter, key, state, "trigger", selection, due_at, created_at, frozen_at)
        values (${id}, 'weekly', ${id}, ${state}, 'schedule', '{}', ${now}, ${now}, ${now})`.execute(database);
      await sql`insert into edition_story (edition_id, story_key, position) values (${id}, ${bridge}, 0)`.execute(
        database,
      );
      // Edited since; not translated when it was frozen; told by its translation.
      for (const [lang, title] of [
        ['en', 'The bridge'],
        ['hy', 'A bridge'],
        ['ru', 'Мост'],
      ] as const) {
        await sql`insert into edition_pieces values (${id}, ${lang}, ${titled(title)})`.execute(database);
        await sql`insert into edition_variant values (${id}, ${title.length}, ${lang}, ${JSON.stringify([bridge])}, 'S', 'P')`.execute(
          database,
        );
      }
    }
  }

  it('finds the article that told each story, so that they stay in feeds and on the web', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    await earlierDatabase(file, oneLanguageVersion, fill);
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    const editions = createEditionStore(database);
    const texts = await editions.listTexts(['weekly-1', 'weekly-2'], ['en', 'hy', 'ru']);
    const story = { storyKey: bridge, summary: 'S' };
    for (const id of ['weekly-1', 'weekly-2']) {
      expect(texts.get(id)).toEqual([
        { lang: 'en', stories: [{ ...story, lang: 'en', title: 'The bridge' }] },
        { lang: 'hy', stories: [{ ...story, lang: 'en', title: 'A bridge' }] },
        { lang: 'ru', stories: [{ ...story, lang: 'ru', title: 'Мост' }] },
      ]);
      const told = (await editions.listVariants(id)).map(({ lang, stories }) => [lang, stories.map((one) => one.lang)]);
      expect(Object.fromEntries(told)).toEqual({ en: ['en'], hy: ['en'], ru: ['ru'] });
    }
  });

  it('knows of what still goes out which articles it holds, so that a withdrawn one can be kept back', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    await earlierDatabase(file, oneLanguageVersion, fill);
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    const rows = await database.selectFrom('edition_story').select(['edition_id', 'versions']).execute();
    const versions = Object.fromEntries(rows.map((row) => [row.edition_id, Object.keys(JSON.parse(row.versions))]));
    expect(versions).toEqual({
      'weekly-1': [],
      'weekly-2': expect.arrayContaining([bridge, 'tag:x,2026:ru/most', 'tag:x,2026:hy/bridge']),
    });
  });

  it('makes the table that some databases of the same names lack', async () => {
    const file = join((await temporaryFolder()).path, 'silkpost.db');
    await (await openDatabase(file)).destroy();
    const connection = new DatabaseSync(file);
    connection.exec(`drop table edition_withdrawal; delete from kysely_migration where name = '0028_told_before'`);
    connection.close();
    const database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    expect(await database.selectFrom('edition_withdrawal').selectAll().execute()).toEqual([]);
  });
});

describe('openDatabase on a database with an edition half sent', () => {
  it('lets a worker finish it, each reader once, and leaves the open one open', async () => {
    const { path: folder } = await temporaryFolder();
    const now = new Date().toISOString();
    const later = new Date(Date.parse(now) + 86_400_000).toISOString();
    const { besides: _, ...pieces } = piecesOf('en', ['bridge']);
    const choice = '{"lang":"en","countries":[],"topics":[]}';
    const states = ['sent', 'queued', 'sent', 'queued', 'deferred', 'sent', 'claimed', 'attempting'];
    await earlierDatabase(join(folder, 'silkpost.db'), oneLanguageVersion, async (database) => {
      await sql`insert into edition (id, newsletter, key, state, "trigger", selection, due_at, cutoff, transport, created_at,
          frozen_at, expires_at, candidates) values
        ('weekly-1', 'weekly', '1', 'sending', 'schedule', '{"since":null,"slugs":null}', ${now}, ${now}, 'outbox', ${now},
          ${now}, ${later}, ${states.length}),
        ('daily-1', 'daily', '1', 'draft', 'schedule', '{"since":null,"slugs":null}', ${later}, null, null, ${now},
          null, null, 0)`.execute(database);
      await sql`insert into edition_story values ('weekly-1', 'bridge', 0)`.execute(database);
      await sql`insert into edition_pieces values ('weekly-1', 'en', ${JSON.stringify(pieces)})`.execute(database);
      await sql`insert into edition_variant values ('weekly-1', 1, 'en', '["bridge"]', 'A bridge', 'More')`.execute(
        database,
      );
      await sql`insert into edition_choice values ('weekly-1', ${choice}, 1)`.execute(database);
      for (const [id, state] of states.entries()) {
        const email = `reader${id}@example.com`;
        await sql`insert into subscriber (id, email, address_key, lang, choice, state, created_at)
          values (${id + 1}, ${email}, ${email}, 'en', ${choice}, 'active', ${now})`.execute(database);
        await sql`insert into subscription values (${id + 1}, 'weekly', 'active', ${now}, 'import')`.execute(database);
        await sql`insert into consent (subscriber_id, what, source, at)
          values (${id + 1}, 'At the fair.', 'import', ${now})`.execute(database);
        const [worker, until] = state === 'claimed' || state === 'attempting' ? ['gone', now] : [null, null];
        await sql`insert into delivery (edition_id, subscriber_id, address, address_key, lang, variant, state, updated_at,
            lease_token, lease_until, worker)
          values ('weekly-1', ${id + 1}, ${email}, ${email}, 'en', 1, ${state}, ${now}, ${worker}, ${until}, ${worker})`.execute(
          database,
        );
      }
    });

    const room = await openMailRoom(folder);
    onTestFinished(() => room.close());
    const counts = { candidates: 8, sent: 3, queued: 2, deferred: 1, claimed: 1, attempting: 1 };
    expect(await room.editions.getCounts('weekly-1')).toMatchObject(counts);
    const mails: string[] = [];
    await workerOn(room, {
      name: 'outbox',
      async run(source, signal) {
        for (let attempt = await source.next(signal); attempt; attempt = await source.next(signal)) {
          const content = Buffer.concat(await attempt.message()).toString();
          expect(content).toContain('bridge in en.');
          expect(await source.begin(attempt)).toBe(true);
          mails.push(attempt.envelope.to);
          await source.settle([{ kind: 'sent', attempt, reply: '250 ok', phase: 'final_dot' }]);
        }
      },
      async close() {},
    }).runUntilIdle(null);
    expect(mails.toSorted()).toEqual([
      'reader1@example.com',
      'reader3@example.com',
      'reader4@example.com',
      'reader6@example.com',
    ]);
    expect(await room.editions.findEdition('weekly-1')).toMatchObject({ state: 'sent', rhythm: 'each' });
    expect(await room.editions.getCounts('weekly-1')).toMatchObject({ candidates: 8, sent: 7, in_doubt: 1, queued: 0 });
    expect(await room.editions.findDraft('daily')).toMatchObject({ id: 'daily-1', state: 'draft' });
    expect(await room.editions.findPending('weekly')).toBeNull();
    const consents = await room.database.selectFrom('consent').select(['what', 'wording']).execute();
    expect(consents).toEqual(states.map(() => ({ what: 'vouched', wording: 'At the fair.' })));
  });
});
