// An edition from the ledger to the relay, as the program sends it; readers and freeze are not timed:
// node bench/send/pipeline.ts PORT READERS CONNECTIONS FOLDER [next] [signed] [ahead]
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { plusMs, systemClock } from '../../src/clock.ts';
import { createEvidence, createSmtpTransport, createWorker, parseRelayUrl } from '../../src/delivery/index.ts';
import { everybody } from '../../src/digest/index.ts';
import { silentLog } from '../../src/log.ts';
import { createDeliveryLedger, createEditionStore, createPaceStore, openDatabase } from '../../src/storage/index.ts';
import { composer, pieces, preheader, stories, subject } from './edition.ts';
import { reportOn } from './sender-report.ts';

const [port = '', readers = '', connections = '', folder = '', ...modes] = process.argv.slice(2);
const count = Number(readers);
const file = join(folder, 'silkpost.db');
await rm(folder, { recursive: true, force: true });
const database = await openDatabase(file);
addReaders();
const editions = createEditionStore(database);
const ledger = createDeliveryLedger(database);
const relay = parseRelayUrl(`smtp://127.0.0.1:${port}?tls=none`);
const editionId = await freeze();
let sent = 0;
const worker = createWorker({
  ledger,
  transport: createSmtpTransport({
    relay,
    connections: Number(connections),
    messagesPerConnection: Number.POSITIVE_INFINITY,
    drainMs: 1000,
    pipelineNext: modes.includes('next'),
  }),
  findEvidence: createEvidence(join(folder, 'outbox')),
  compose: composer(editions, modes.includes('signed')),
  clock: systemClock,
  log: silentLog,
  paces: createPaceStore(database),
  ahead: modes.includes('ahead') ? 4 * Number(connections) : 0,
  onProgress(totals) {
    sent = totals.sent;
  },
});
await reportOn(
  count,
  async () => {
    await worker.runUntilIdle(editionId);
  },
  () => sent,
);
await database.destroy();
await rm(folder, { recursive: true });
if (sent !== count) throw new Error(`${sent} of ${count} were sent.`);

/** Straight into the tables: a million of them take seconds. */
function addReaders(): void {
  const connection = new DatabaseSync(file);
  const now = systemClock.now();
  const choice = JSON.stringify({ languages: ['en'], countries: [], topics: [] });
  connection.exec('begin');
  connection
    .prepare(`with recursive number (n) as (select 1 union all select n + 1 from number where n < ?)
      insert into subscriber (email, name, address_key, lang, languages, choice, timezone, state, sample, created_at)
      select 'reader' || n || '@example.com', null, 'key of reader' || n, 'en', '["en"]', ?, null, 'active', 0, ? from number`)
    .run(count, choice, now);
  connection
    .prepare(`insert into subscription (subscriber_id, newsletter, state, since, source)
      select id, 'weekly', 'active', ?, 'import' from subscriber`)
    .run(now);
  connection.exec('commit');
  connection.close();
}

async function freeze(): Promise<string> {
  const now = systemClock.now();
  const edition = await editions.createEdition({
    newsletter: 'weekly',
    dueAt: now,
    trigger: 'manual',
    selection: { since: null, slugs: null },
    state: 'approved',
    reason: null,
    now,
    key: 'another',
  });
  if (!edition) throw new Error('There is no edition.');
  await ledger.freeze({
    editionId: edition.id,
    revision: edition.revision,
    newsletter: 'weekly',
    rhythms: ['each'],
    audience: everybody,
    transport: relay.name,
    excludeReserved: false,
    cutoff: now,
    expiresAt: plusMs(now, 48 * 3_600_000),
    now,
    stories: stories.map(({ key }) => ({ key, versions: {} })),
    pieces: [pieces],
    again: true,
    variantFor: () => ({ lang: 'en', stories, subject, preheader }),
  });
  return edition.id;
}
