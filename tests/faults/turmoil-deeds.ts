import { sql } from 'kysely';
import type { Clock } from '../../src/clock.ts';
import { type EditionState, openEditionStates } from '../../src/digest/index.ts';
import { AppError } from '../../src/errors.ts';
import { createAftercare } from '../../src/schedule/index.ts';
import { createAddressChangeStore, createPreferenceStore, createSubscriberStore } from '../../src/storage/index.ts';
import { type NewSubscriber, openKeys } from '../../src/subscribers/index.ts';
import { freezeWeekly, type MailRoom } from '../support/mailing.ts';

/** What somebody did; written when it begins, and again with `end` when it is done. Times are epoch milliseconds. */
export interface Deed {
  readonly number: number;
  readonly name: string;
  readonly start: number;
  /** Left out: it isn't done, or the process was killed before it could say so. */
  readonly end?: number;
  /** Whom it keeps mail from, or lets have it again: `reader 7`, `to someone@example.com`, `edition …`. */
  readonly about: string;
  readonly effect: 'shuts' | 'opens' | 'none';
  /** Deliveries of which it was said that they are to be sent once more. */
  readonly resent: readonly number[];
  /** Deliveries of which it was said that the relay has taken them. */
  readonly accepted: readonly number[];
  /** What went wrong that nobody foresaw. */
  readonly fault?: string;
}

export interface TurmoilOptions {
  readonly room: MailRoom;
  readonly folder: string;
  readonly transport: string;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** How many addresses there are to choose from. */
  readonly pool: number;
  readonly name: string;
}

type Plan = Omit<Deed, 'number' | 'name' | 'start' | 'end'> & { readonly work: () => Promise<unknown> };

/** What operators and readers do while editions go out, all of it at random. */
export async function createTurmoilDeeds(options: TurmoilOptions) {
  const { room, folder, transport, clock, random, pool, name } = options;
  const { database, ledger, editions } = room;
  const keys = await openKeys(folder);
  const readers = createSubscriberStore(database, keys);
  const changes = createAddressChangeStore(database, keys);
  const preferences = createPreferenceStore(database);
  const aftercare = createAftercare({ ledger, heedWithdrawals: async () => {}, newsletters: [], clock });
  let count = 0;

  const upTo = (most: number): number => Math.floor(random() * most);
  const quiet = { effect: 'none', resent: [], accepted: [] } as const;
  const anAddress = (): string => `reader${upTo(pool)}@${random() < 0.5 ? 'example.com' : 'mail.example.org'}`;

  async function aReader(): Promise<{ id: number; email: string } | null> {
    const { rows } = await sql<{ id: number; email: string }>`
      select id, email from subscriber where email is not null
      order by id limit 1 offset ${upTo(pool)}`.execute(database);
    return rows[0] ?? null;
  }

  async function anEdition(states: readonly EditionState[] | null): Promise<string | null> {
    const found = await editions.listEditions({ limit: 5, ...(states ? { states } : {}) });
    return found[upTo(found.length)]?.id ?? null;
  }

  const newReader = (email: string, source: 'import' | 'operator'): NewSubscriber => ({
    email,
    name: null,
    languages: [random() < 0.7 ? 'en' : 'fa'],
    countries: random() < 0.5 ? [] : [random() < 0.5 ? 'armenia' : 'georgia'],
    topics: [],
    timezone: null,
    newsletters: ['weekly'],
    source,
    consent: 'Made up.',
    sample: false,
  });

  async function ofReader(make: (reader: { id: number; email: string }) => Plan): Promise<Plan | null> {
    const reader = await aReader();
    return reader && make(reader);
  }

  async function ofEdition(states: readonly EditionState[] | null, make: (id: string) => Plan): Promise<Plan | null> {
    const id = await anEdition(states);
    return id === null ? null : make(id);
  }

  async function settle(word: 'accept' | 'resend', isOne: boolean): Promise<Plan | null> {
    const id = await anEdition(null);
    const edition = id === null ? null : await editions.findEdition(id);
    if (!edition) return null;
    const doubtful: number[] = [];
    for await (const delivery of ledger.listDeliveries(edition.id, { states: ['in_doubt'] }))
      doubtful.push(delivery.id);
    const chosen = isOne ? doubtful.slice(0, 1) : doubtful;
    if (chosen.length === 0) return null;
    const isResend = word === 'resend';
    return {
      about: `edition ${edition.id}`,
      effect: isResend ? 'opens' : 'none',
      resent: isResend ? chosen : [],
      accepted: isResend ? [] : chosen,
      work: async () => {
        for (const delivery of chosen) await aftercare.settle(edition, delivery, word);
      },
    };
  }

  /** By how often each is done. */
  const kinds: readonly (readonly [number, string, () => Promise<Plan | null>])[] = [
    [
      20,
      'leave',
      () =>
        ofReader(({ id }) => ({
          ...quiet,
          about: `reader ${id}`,
          effect: 'shuts',
          work: () => readers.leave(id, 'weekly', 'one-click', clock.now()),
        })),
    ],
    [
      15,
      'rejoin',
      () =>
        ofReader(({ id, email }) => ({
          ...quiet,
          about: `reader ${id}`,
          effect: 'opens',
          work: () => readers.addSubscribers([newReader(email, 'operator')], clock.now()),
        })),
    ],
    [
      5,
      'pause for good',
      () =>
        ofReader(({ id }) => ({
          ...quiet,
          about: `reader ${id}`,
          effect: 'opens', // unless it took: there may be nothing to pause
          work: () => preferences.ease(id, 'weekly', { pausedUntil: null }, 'page', clock.now()),
        })),
    ],
    [
      5,
      'suppress',
      async () => {
        const email = (await aReader())?.email ?? anAddress();
        return {
          ...quiet,
          about: `to ${email}`,
          effect: 'shuts',
          work: () => readers.suppress(email, 'asked', clock.now()),
        };
      },
    ],
    [
      8,
      'lift',
      async () => {
        const { rows } = await sql<{ email: string }>`
          select email from subscriber join suppression using (address_key) where email is not null
          order by random() limit 1`.execute(database);
        const email = rows[0]?.email;
        return email === undefined
          ? null
          : { ...quiet, about: `to ${email}`, effect: 'opens', work: () => readers.liftSuppression(email) };
      },
    ],
    [
      3,
      'erase',
      () =>
        ofReader(({ id }) => ({
          ...quiet,
          about: `reader ${id}`,
          effect: 'shuts',
          work: () => readers.erase(id, { keepOut: random() < 0.3 }, clock.now()),
        })),
    ],
    [
      6,
      'move',
      () =>
        ofReader(({ id }) => ({
          ...quiet,
          about: `reader ${id}`,
          work: async () => {
            const change = await changes.keepChange(id, anAddress(), clock.now());
            const wording = { text: 'Yes.', lang: 'en', version: '1' };
            return changes.applyChange(change, wording, clock.now());
          },
        })),
    ],
    [
      4,
      'import',
      async () => {
        const some = Array.from({ length: 1 + upTo(20) }, () => newReader(anAddress(), 'import'));
        return { ...quiet, about: 'readers', work: () => readers.addSubscribers(some, clock.now()) };
      },
    ],
    [
      3,
      'pause',
      () =>
        ofEdition(['sending'], (id) => ({
          ...quiet,
          about: `edition ${id}`,
          effect: 'shuts',
          work: () => ledger.pauseEdition(id, 'operator', clock.now()),
        })),
    ],
    [
      16,
      'resume',
      () =>
        ofEdition(['paused', 'held'], (id) => ({
          ...quiet,
          about: `edition ${id}`,
          effect: 'opens',
          work: () => ledger.resumeEdition(id, clock.now()),
        })),
    ],
    [
      1,
      'cancel',
      () =>
        ofEdition(openEditionStates, (id) => ({
          ...quiet,
          about: `edition ${id}`,
          effect: 'shuts',
          work: () => ledger.cancelEdition(id, clock.now()),
        })),
    ],
    [
      4,
      'retry',
      () =>
        ofEdition(null, (id) => ({
          ...quiet,
          about: `edition ${id}`,
          effect: 'opens',
          work: async () => {
            const edition = await editions.findEdition(id);
            return edition && aftercare.retryMissing(edition);
          },
        })),
    ],
    [2, 'accept', () => settle('accept', random() < 0.5)],
    [3, 'resend', () => settle('resend', random() < 0.5)],
    [
      2,
      'withdraw',
      async () => {
        const gone = new Map(random() < 0.5 ? [] : [[random() < 0.5 ? 'armenia' : 'georgia', 'en'] as const]);
        return { ...quiet, about: 'articles', work: () => ledger.heedWithdrawn(gone, clock.now()) };
      },
    ],
    [
      12,
      'send',
      async () => ({
        ...quiet,
        about: 'readers',
        work: () =>
          freezeWeekly(room, { transport, now: clock.now(), expiresMs: (10 + upTo(300)) * 60_000, size: 200 }),
      }),
    ],
  ];
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0);

  function choose() {
    let at = random() * total;
    for (const kind of kinds) {
      at -= kind[0];
      if (at < 0) return kind;
    }
    return kinds[0];
  }

  return {
    /** Does something, and tells when it begins and when it is done. */
    async doOne(tell: (deed: Deed) => void): Promise<void> {
      const kind = choose();
      const plan = await kind?.[2]();
      if (!kind || !plan) return;
      const { work, ...rest } = plan;
      count += 1;
      const deed: Deed = { ...rest, number: count, name: `${name}: ${kind[1]}`, start: Date.now() };
      tell(deed);
      try {
        await work();
        tell({ ...deed, end: Date.now() });
      } catch (error) {
        // Refused, in a sentence: that is what should happen where two people want different things.
        if (error instanceof AppError && error.code !== 'internal')
          return tell({ ...deed, end: Date.now(), effect: deed.effect === 'shuts' ? 'none' : deed.effect });
        tell({
          ...deed,
          end: Date.now(),
          fault: error instanceof Error ? (error.stack ?? error.message) : String(error),
        });
      }
    },
  };
}
