import { readConfig } from '../../src/config/index.ts';
import { createSignUpStore, createSubscriberStore, openDatabase } from '../../src/storage/index.ts';
import { openKeys } from '../../src/subscribers/index.ts';

/** What a publication knows of an address that somebody types in. */
export const kinds = ['new', 'pending', 'active', 'suppressed'] as const;

export type Kind = (typeof kinds)[number];

/** The address of a kind with this number; none is asked about twice, since letters to one address are limited. */
export function addressOf(kind: Kind, number: number): string {
  return `${kind}${String(number).padStart(6, '0')}@example.com`;
}

/** Fills a publication's database with `count` addresses of each kind that it knows. */
export async function fillDatabase(publication: string, count: number): Promise<void> {
  const { paths, newsletters } = readConfig({ dir: publication, environment: {} });
  const database = await openDatabase(paths.database);
  const keys = await openKeys(paths.data);
  const now = new Date().toISOString();
  const numbers = Array.from({ length: count }, (_, number) => number);
  const lists = { languages: ['en'], countries: [], topics: [] };
  const names = newsletters.map(({ name }) => name);

  const addition = { name: null, timezone: null, newsletters: names, source: 'import' as const, sample: false };
  const known = { ...addition, ...lists, consent: 'for measuring' };
  await createSubscriberStore(database, keys).addSubscribers(
    numbers.flatMap((number) => [
      { ...known, email: addressOf('active', number) },
      { ...known, email: addressOf('suppressed', number), suppressed: 'complaint' },
    ]),
    now,
  );

  const signUps = createSignUpStore(database, keys);
  const wording = { text: 'I ask for it.', lang: 'en', version: '1' };
  const wishes = { ...lists, newsletters: names, rhythm: 'each' as const };
  for (const number of numbers) {
    await signUps.keepSignUp({ email: addressOf('pending', number), wishes, wording, how: 'form', ip: null }, now);
  }
  await signUps.settleSignUps(now);
  // Their letters have gone out before the measuring begins.
  await database.updateTable('letter').set({ state: 'sent', settled_at: now }).execute();
  await database.destroy();
}
