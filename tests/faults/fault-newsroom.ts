import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { createLinkToken, importSubscribers, readerChoices } from '../../src/subscribers/index.ts';
import { type MailRoom, openMailRoom } from '../support/mailing.ts';
import { smallPublication } from '../support/publication-folder.ts';

export interface NewsroomWishes {
  readonly readers: number;
  readonly ratePerSecond: number;
  readonly connections: number;
}

/** A publication with readers, for the real program to run on, and its ledger to be looked at from outside. */
export interface FaultNewsroom {
  readonly dir: string;
  readonly room: MailRoom;
  /** Composes and freezes an edition for every reader; nothing of it is sent yet. Returns its id. */
  freezeEdition(smtpUrl: string): Promise<string>;
  /** The path of each reader's one-click link, by the reader's number in the database. */
  leaveLinks(): Promise<Map<number, string>>;
  remove(): Promise<void>;
}

/** `settings` are lines of `silkpost.yaml` under `mail`. */
export async function createFaultNewsroom(
  { readers, ratePerSecond, connections }: NewsroomWishes,
  settings: readonly string[] = [],
): Promise<FaultNewsroom> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'silkpost-faults-')));
  await smallPublication(dir);
  const file = join(dir, 'silkpost.yaml');
  const yaml = await readFile(file, 'utf8');
  const mail = [`rate: ${ratePerSecond}/s`, `connections: ${connections}`, 'drain: 2s', ...settings];
  // No edition of its own comes in between.
  const later = yaml.replace('0 7 * * FRI', `0 7 1 ${((new Date().getUTCMonth() + 6) % 12) + 1} *`);
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
      newsletters: ['weekly'],
      store: subscribers,
      clock,
    });
  });
  const room = await openMailRoom(join(dir, 'var'));

  async function withApp<Result>(
    environment: Record<string, string>,
    work: (app: App) => Promise<Result>,
  ): Promise<Result> {
    const app = await openApp(readConfig({ dir, environment, outbox: environment['SILKPOST_SMTP_URL'] === undefined }));
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  }

  return {
    dir,
    room,
    freezeEdition: (smtpUrl) =>
      withApp({ SILKPOST_SMTP_URL: smtpUrl }, async ({ config, desk, clock, rebuild }) => {
        await rebuild();
        const [newsletter] = config.newsletters;
        if (!newsletter) throw new Error('The publication has no newsletter.');
        const selection = { since: null, slugs: ['bridge', 'tunnel'] };
        const edition = await desk.open({ newsletter, dueAt: clock.now(), trigger: 'manual', selection });
        return (await desk.release(edition)).id;
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
