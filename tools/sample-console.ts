import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Clock, type Instant, plusMs, toInstant } from '../src/clock.ts';
import type { Edition } from '../src/digest/index.ts';
import {
  type ConsoleOptions,
  openConsole,
  openEmptyConsole,
  type SignedIn,
  type TestConsole,
} from '../tests/support/console.ts';
import { rawRequest } from '../tests/support/http.ts';
import { newReader } from '../tests/support/reader-store.ts';
import { type Script, startSmtpSink } from '../tests/support/smtp-sink.ts';

export interface SampleConsole extends TestConsole {
  /** The draft of the next weekly, arranged a little. */
  readonly draft: Edition;
  /** Paused half-way. */
  readonly paused: Edition;
  /** Sent, with some who were refused and one in doubt. */
  readonly sent: Edition;
  close(): Promise<void>;
}

const dayMs = 24 * 3_600_000;
const languages = ['en', 'ru', 'hy', 'ka', 'az', 'fa', 'tr'];
const readersPerDay = 14;

/**
 * The sample publication's console on a Friday in February 2023, when its articles were news: the weekly's draft is
 * there, one edition has gone out and another is paused, and readers have come for three months.
 *
 * @param repository Absolute path of the folder with the sample.
 */
export async function openSampleConsole(repository: string): Promise<SampleConsole> {
  const folder = await mkdtemp(join(tmpdir(), 'silkpost-console-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  for (const name of ['silkpost.yaml', 'content', 'templates', 'logo.png', 'icon.png']) {
    await cp(join(repository, name), join(folder, name), { recursive: true });
  }
  const file = join(folder, 'silkpost.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace('\nmail:\n', '\nmail:\n  rate: 1000/s\n'));
  const sink = await startSmtpSink({ script: relay, closeLater: (close) => closing.push(close) });
  const clock = movableClock('2022-11-28T08:00:00Z');
  const desk = await openConsole({
    folder,
    clock,
    environment: { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` },
    closeLater: (close) => closing.push(close),
  });
  await desk.app.rebuild();
  await addReaders(desk, clock);
  datePast(join(folder, 'var', 'silkpost.db'));
  clock.set('2023-02-23T14:30:00Z');
  await desk.app.rebuild();
  const sent = await send(desk, 'daily', ['tehran-embassy-attack', 'lachin-road']);
  clock.set('2023-02-24T00:40:00Z');
  await desk.app.rebuild();
  const paused = await pauseHalfWay(desk);
  await desk.app.desk.runDue();
  const [draft] = await desk.app.editions.listEditions({ newsletter: 'weekly', states: ['draft'] });
  if (draft === undefined) throw new Error('The weekly has no draft.');
  // The session that it began with is over by now.
  const owner = await desk.signIn('owner');
  await sendTests(draft, owner, { folder, clock, closeLater: (close) => closing.push(close) });
  return {
    ...desk,
    ...owner,
    draft,
    paused,
    sent,
    async close() {
      for (const close of closing.reverse()) await close();
    },
  };
}

/** Counters by day follow the machine's clock, which the readers came by long before. */
function datePast(file: string): void {
  const database = new DatabaseSync(file);
  database.exec(`delete from reader_day;
    insert into reader_day (newsletter, day, joined, "left", change)
    select newsletter, day, sum(joined), sum(gone), sum(joined) - sum(gone) from (
      select newsletter, substr(created_at, 1, 10) as day, 1 as joined, 0 as gone from subscription
        join subscriber on subscriber.id = subscriber_id
      union all select newsletter, substr(since, 1, 10), 0, 1 from subscription where state = 'left')
    group by newsletter, day`);
  database.close();
}

interface MovableClock extends Clock {
  set(instant: Instant): void;
}

/** A clock that goes on from where it was set. */
function movableClock(instant: Instant): MovableClock {
  let ahead = Date.parse(instant) - Date.now();
  return {
    now: () => toInstant(Date.now() + ahead),
    set(next) {
      ahead = Date.parse(next) - Date.now();
    },
  };
}

/** What the relay says to some readers, by the number in their address. */
const answers: Readonly<Record<string, string>> = {
  '17': '550 5.1.1 The email account that you tried to reach does not exist',
  '44': '550 5.1.1 No such user here',
  '101': '552 5.2.2 Mailbox full',
  '230': '451 4.7.1 Greylisted, please try again later',
  '231': '451 4.7.1 Greylisted, please try again later',
  '232': '421 4.3.2 Service shutting down',
  '404': '550 5.7.1 Message refused by local policy',
};

const relay: Script = ({ phase, to }) => {
  const number = /^reader(\d+)@/.exec(to)?.[1] ?? '';
  // Nobody knows whether it has taken this one.
  if (number === '365') return phase === 'dot' ? 'drop' : null;
  const answer = answers[number];
  return answer !== undefined && phase === 'rcpt' ? { answer } : null;
};

/** Some more each day, and now and then somebody leaves. */
async function addReaders({ app }: TestConsole, clock: MovableClock): Promise<void> {
  const { subscribers } = app;
  const [begin, end] = [clock.now(), '2023-02-23T08:00:00.000Z'];
  let made = 0;
  for (let day = 0; plusMs(begin, day * dayMs) < end; day += 1) {
    const now = plusMs(begin, day * dayMs);
    clock.set(now);
    const count = readersPerDay + ((day * 7) % 11) - 5;
    const news = Array.from({ length: count }, (_, index) => newReaderOf(made + index));
    await subscribers.addSubscribers(news, now);
    made += count;
    const leaver = day % 3 === 0 ? await subscribers.findByEmail(`reader${day * 4}@courier.test`) : null;
    if (leaver) await subscribers.leaveAll(leaver.subscriber.id, 'page', now);
  }
}

function newReaderOf(number: number): ReturnType<typeof newReader> {
  const lang = languages[(number * 3 + Math.floor(number / 5)) % languages.length] ?? 'en';
  return newReader(`reader${number}@courier.test`, {
    languages: lang === 'en' ? ['en'] : [lang, 'en'],
    countries: number % 4 === 0 ? ['georgia'] : [],
    newsletters: number % 3 === 0 ? ['weekly', 'daily'] : ['weekly'],
    consent: 'Asked for it at the spring fair.',
  });
}

/** Copies of the draft into the outbox, as whoever has no relay yet sends them. */
async function sendTests(draft: Edition, { cookie }: SignedIn, options: ConsoleOptions): Promise<void> {
  const { app, url } = await openEmptyConsole(options);
  await app.rebuild();
  for (const lang of ['en', 'ka', 'fa', 'hy']) {
    await rawRequest(url, `/console/editions/${draft.id}/test`, {
      method: 'POST',
      headers: { cookie, origin: url, 'content-type': 'application/x-www-form-urlencoded' },
      body: String(new URLSearchParams({ addresses: `desk-${lang}@courier.test`, lang, choice: 'all' })),
    });
  }
}

async function openByHand({ app }: TestConsole, name: string, slugs: readonly string[]): Promise<Edition> {
  const newsletter = app.config.newsletters.find((one) => one.name === name);
  if (newsletter === undefined) throw new Error(`There is no newsletter ${name}.`);
  const selection = { since: null, slugs };
  const edition = await app.desk.open({ newsletter, dueAt: app.clock.now(), trigger: 'manual', selection });
  return app.desk.release(edition);
}

async function send(desk: TestConsole, name: string, slugs: readonly string[]): Promise<Edition> {
  const edition = await openByHand(desk, name, slugs);
  await desk.app.postRoom.sendUntilIdle(edition.id, () => {});
  return edition;
}

async function pauseHalfWay(desk: TestConsole): Promise<Edition> {
  const { app } = desk;
  const edition = await openByHand(desk, 'weekly', ['icj-order']);
  const enough = new AbortController();
  await app.postRoom.sendUntilIdle(
    edition.id,
    ({ candidates, sent }) => {
      if (sent > candidates / 2) enough.abort();
    },
    enough.signal,
  );
  await app.ledger.pauseEdition(edition.id, 'operator', app.clock.now());
  return edition;
}
