// A publication with a ledger of any size, for `npm run bench -- console` and to look at queries' plans:
// node bench/console/fill.ts DIR ARTICLES READERS EDITIONS [LARGE]
// LARGE editions, 3 by default, have a delivery to each reader; of the others the sums are kept, as after a year. Prints
// what there is to ask for, as one line of JSON; the database is DIR/var/silkpost.db.
import { DatabaseSync } from 'node:sqlite';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { createTotpSecret } from '../../src/operators/index.ts';
import { openDatabase } from '../../src/storage/index.ts';
import { readerCounts } from '../../src/storage/migrations/0019-reader-counts.ts';
import { openKeys } from '../../src/subscribers/index.ts';
import { generateArticles } from '../generate-articles.ts';
import { fillEditions } from './fill-editions.ts';
import { fillReaders } from './fill-readers.ts';
import { fillShelves } from './fill-shelves.ts';
import type { LedgerFacts } from './ledger-facts.ts';
import { withoutIndexes } from './without-indexes.ts';

const [dir = '', articles = '10000', readers = '1000000', editions = '1000', large = '3'] = process.argv.slice(2);
await generateArticles({ dir, count: Number(articles), seed: 7 });
const config = readConfig({ dir, environment: {} });

const { cookie, edition, slugs } = await makeFirst();
const keys = await openKeys(config.paths.data);
const connection = new DatabaseSync(config.paths.database);
connection.exec('pragma journal_mode = delete; pragma synchronous = off; pragma cache_size = -1000000');
withoutIndexes(connection, ['subscriber', 'subscription', 'consent', 'suppression', 'delivery'], () => {
  connection.exec('begin');
  const now = new Date();
  fillReaders(connection, keys, { count: Number(readers), now });
  const filled = fillEditions(connection, { like: edition, slugs, count: Number(editions), large: Number(large), now });
  const outboxFile = fillShelves(connection, { now, outbox: config.paths.outbox, edition: filled.sent });
  connection.exec('commit');
  const facts: LedgerFacts = {
    cookie,
    article: slugs[0] ?? '',
    outboxFolder: filled.sent,
    outboxFile,
    ...filled,
    reader: Math.ceil(Number(readers) / 2),
  };
  console.log(JSON.stringify(facts));
});
for (const { name } of connection
  .prepare(`select name from sqlite_master where name in
  ('reader_count', 'reader_day', 'subscriber_count', 'examination') and type = 'table'`)
  .all()) {
  connection.exec(`drop table ${String(name)}`);
}
connection.close();
const database = await openDatabase(config.paths.database);
await readerCounts.up(database);
await database.destroy();

/** The real program makes an operator, and an edition that the others are copies of. */
async function makeFirst() {
  const app = await openApp(config);
  await app.catalog.refresh();
  const now = app.clock.now();
  const { store, sessions } = app.operatorRoom;
  const operator = await store.addOperator(
    { name: 'Ana', email: 'ana@example.com', role: 'owner', timezone: 'Asia/Tbilisi' },
    now,
  );
  const [newsletter] = app.config.newsletters;
  const slugs = app.catalog
    .published()
    .stories.slice(0, 12)
    .map(({ original }) => original.slug);
  if (operator === null || newsletter === undefined || slugs.length === 0)
    throw new Error('It has been filled before.');
  await store.setTotp(operator.id, { secret: createTotpSecret(), step: 0, recoveryHashes: ['a code'] }, -1);
  const token = await sessions.begin(operator.id, { client: null, agent: 'npm run bench' });
  const selection = { since: '2013-01-01T00:00:00.000Z', slugs: null };
  await app.subscribers.addSubscribers(
    config.site.languages.map((lang) => ({
      email: `first-${lang}@example.com`,
      name: null,
      languages: [lang],
      countries: [],
      topics: [],
      timezone: null,
      newsletters: [newsletter.name],
      source: 'operator',
      consent: 'For the bench.',
      sample: false,
    })),
    now,
  );
  const edition = await app.desk.release(await app.desk.open({ newsletter, dueAt: now, trigger: 'manual', selection }));
  await app.close();
  return { cookie: `silkpost-session=${token}`, edition: edition.id, slugs };
}
