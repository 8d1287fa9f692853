import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../../src/app.ts';
import { plusMs, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { createLetterStore, createSubscriberStore } from '../../src/storage/index.ts';
import { createLinkToken, importSubscribers, openKeys, readerChoices } from '../../src/subscribers/index.ts';
import { type MailRoom, openMailRoom } from '../support/mailing.ts';
import { smallPublication } from '../support/publication-folder.ts';

export interface NewsroomWishes {
  readonly readers: number;
  readonly ratePerSecond: number;
  readonly connections: number;
  /** How many newsletters there are, with the same readers; default 1. */
  readonly newsletters?: number;
}

/** Whom letters to single readers go to: nobody of them gets editions. */
export const letterDomain = 'letters.example.com';

/** A publication with readers, for the real program to run on, and its ledger to be looked at from outside. */
export interface FaultNewsroom {
  readonly dir: string;
  readonly room: MailRoom;
  /** Composes and freezes an edition of each newsletter for every reader; nothing of it is sent yet. Returns their ids. */
  freezeEditions(smtpUrl: string): Promise<string[]>;
  /** Hands in a letter to a single reader, each number to another one. */
  askForLink(number: number): Promise<void>;
  /** Sends the letters that processes which were killed have held back. */
  sendLetters(smtpUrl: string): Promise<void>;
  /** The path of each reader's one-click link, by the reader's number in the database. */
  leaveLinks(): Promise<Map<number, string>>;
  remove(): Promise<void>;
}

/** `settings` are lines of `silkpost.yaml` under `mail`. */
export async function createFaultNewsroom(
  { readers, ratePerSecond, connections, newsletters = 1 }: NewsroomWishes,
  settings: readonly string[] = [],
): Promise<FaultNewsroom> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'silkpost-faults-')));
  await smallPublication(dir);
  const file = join(dir, 'silkpost.yaml');
  const yaml = await readFile(file, 'utf8');
  const mail = [`rate: ${ratePerSecond}/s`, `connections: ${connections}`, 'drain: 2s', ...settings];
  // No edition of its own comes in between.
  const schedule = `0 7 1 ${((new Date().getUTCMonth() + 6) % 12) + 1} *`;
  const others = Array.from({ length: newsletters - 1 }, (_, index) => `other${index + 1}`);
  const more = others.map((name) => `  ${name}:\n    title: { en: ${name} }\n    schedule: ${schedule}\n`);
  const later = yaml.replace('0 7 * * FRI', schedule).replace('mail:', `${more.join('')}mail:`);
  await writeFile(file, `${later}${mail.map((line) => `  ${line}\n`).join('')}`);
  for (const slug of ['bridge', 'tunnel']) {
    const text = `---\ntitle: About the ${slug}\nsummary: What happened.\ndate: 2023-01-02\ncountries: [georgia]\n---\n\nThe text.\n`;
    await writeFile(join(dir, 'content', `${slug}.md`), text);
  }
  await withApp({}, async ({ config, subscribers, clock }) => {
    await importSubscribers({
      input: emails(readers),
      consent: 'They are made up.',
      choices: readerChoices(config.site, config.newsletters),
      newsletters: ['weekly', ...others],
      store: subscribers,
      clock,
    });
  });
  const room = await openMailRoom(join(dir, 'var'));

  async function withApp<Result>(
    environment: Record<string, string>,
    work: (app: App) => Promise<Result>,
    clock = systemClock,
  ): Promise<Result> {
    const outbox = environment['SILKPOST_SMTP_URL'] === undefined;
    const app = await openApp(readConfig({ dir, environment, outbox }), { clock });
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  return {
    dir,
    room,
    freezeEditions: (smtpUrl) =>
      withApp({ SILKPOST_SMTP_URL: smtpUrl }, async ({ config, desk, clock, rebuild }) => {
        await rebuild();
        const ids: string[] = [];
        for (const newsletter of config.newsletters) {
          const selection = { since: null, slugs: ['bridge', 'tunnel'], again: true };
          const edition = await desk.open({ newsletter, dueAt: clock.now(), trigger: 'manual', selection });
          ids.push((await desk.release(edition)).id);
        }
        return ids;
      }),
    async askForLink(number) {
      const { database } = room;
      const address = `asker${number}@${letterDomain}`;
      const now = systemClock.now();
      const keys = await openKeys(join(dir, 'var'));
      const store = createSubscriberStore(database, keys);
      const reader = { email: address, name: null, languages: ['en'], countries: [], topics: [], timezone: null };
      const added = { ...reader, newsletters: [], source: 'operator', consent: 'Made up.', sample: false } as const;
      await store.addSubscribers([added], now);
      const found = await store.findByEmail(address);
      const letter = {
        kind: 'link',
        subscriberId: found?.subscriber.id ?? 0,
        address,
        lang: 'en',
        payload: {},
      } as const;
      await createLetterStore(database, keys).addLetter(letter, now);
    },
    sendLetters: (smtpUrl) =>
      withApp({ SILKPOST_SMTP_URL: smtpUrl }, ({ letterRoom }) => letterRoom.sendDue(new AbortController().signal), {
        now: () => plusMs(systemClock.now(), 3 * 3600_000),
      }),
    leaveLinks: () =>
      withApp({}, async ({ keys }) => {
        const rows = await room.database.selectFrom('subscriber').select('id').execute();
        return new Map(
          rows.map(({ id }) => [
            id,
            `/unsubscribe/${createLinkToken(keys, 'unsubscribe', { subscriberId: id, newsletter: 'weekly' })}`,
          ]),
        );
      }),
    async remove() {
      await room.close();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function* emails(count: number): AsyncIterable<string> {
  yield 'email\n';
  for (let index = 0; index < count; index++) yield `reader${index}@example.com\n`;
}
