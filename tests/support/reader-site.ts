import {
  createAddressChangeStore,
  createLetterStore,
  createOwnDataStore,
  createPreferenceStore,
} from '../../src/storage/index.ts';
import type { NewSubscriber } from '../../src/subscribers/index.ts';
import {
  createEraseReader,
  createLetterDesk,
  createLinkToken,
  type LinkPayload,
  type LinkPurpose,
  readerChoices,
} from '../../src/subscribers/index.ts';
import { createWebReaders } from '../../src/web/web-readers.ts';
import { createWebRequests } from '../../src/web/web-requests.ts';
import { type RawAnswer, rawRequest } from './http.ts';
import { newReader, openReaderStore } from './reader-store.ts';
import { serve, type TestWebOptions, testWebApp } from './web-app.ts';

/** The site over HTTP on a real database with one reader, `ann@example.com`, of `weekly` and `daily`. */
export async function openReaderSite(changes: Partial<NewSubscriber> = {}, options: TestWebOptions = {}) {
  const { store, keys, database } = await openReaderStore();
  const memory = testWebApp(options);
  const { clock, site, newsletters } = memory;
  const desk = {
    store,
    preferences: createPreferenceStore(database),
    keys,
    clock,
    choices: readerChoices(site, newsletters),
    timezone: site.timezone,
  };
  const letters = createLetterDesk(createLetterStore(database, keys), clock, () => {});
  const requests = createWebRequests(
    {
      store,
      changes: createAddressChangeStore(database, keys),
      ownData: createOwnDataStore(database),
      eraseReader: createEraseReader({ store, eraseMails: async () => 0, clock }),
      letters,
      keys,
      clock,
    },
    memory.log,
  );
  const { url } = await serve({ ...memory, readers: createWebReaders(desk), requests });
  await store.addSubscribers(
    [newReader('ann@example.com', { newsletters: ['weekly', 'daily'], ...changes })],
    clock.now(),
  );
  const subscriberId = (await store.findByEmail('ann@example.com'))?.subscriber.id ?? 0;

  const tokenFor = (purpose: LinkPurpose, newsletter: string | null = null, more: Partial<LinkPayload> = {}): string =>
    createLinkToken(keys, purpose, { subscriberId, newsletter, ...more });
  return {
    url,
    clock,
    keys,
    database,
    store,
    desk,
    subscriberId,
    tokenFor,
    preferencesPath: `/preferences/${tokenFor('preferences')}`,
    leavePath: `/unsubscribe/${tokenFor('unsubscribe', 'weekly')}`,
    /** By newsletter: state, rhythm and when a pause ends. */
    async wishes() {
      const found = await store.findById(subscriberId);
      return Object.fromEntries(
        found?.subscriptions.map(({ newsletter, state, rhythm, pausedUntil }) => [
          newsletter,
          [state, rhythm, state === 'paused' ? pausedUntil : null],
        ]) ?? [],
      );
    },
    /** The letters that wait, oldest first. */
    letters: () => database.selectFrom('letter').select(['kind', 'address', 'lang', 'payload']).orderBy('id').execute(),
    /** Everything in the database that a reader's link could change. */
    async dump(): Promise<string> {
      const tables = ['subscriber', 'subscription', 'consent', 'suppression', 'address_change', 'letter'] as const;
      return JSON.stringify(await Promise.all(tables.map((table) => database.selectFrom(table).selectAll().execute())));
    },
    get: (path: string): Promise<RawAnswer> => rawRequest(url, path),
    post: (path: string, fields: Record<string, string> | [string, string][] | string): Promise<RawAnswer> =>
      rawRequest(url, path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: typeof fields === 'string' ? fields : String(new URLSearchParams(fields)),
      }),
  };
}
