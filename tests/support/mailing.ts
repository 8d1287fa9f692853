import { join } from 'node:path';
import { type Clock, plusMs, systemClock } from '../../src/clock.ts';
import type { AudienceStore, PaceStore, ReaderChoice, Worker, WorkerOptions } from '../../src/delivery/index.ts';
import {
  createMessageComposer,
  createWorker,
  type DeliveryLedger,
  type DkimSigner,
  type Transport,
} from '../../src/delivery/index.ts';
import type {
  EditionAudience,
  EditionCounts,
  EditionPieces,
  EditionStore,
  StoryPieces,
} from '../../src/digest/index.ts';
import { assembleVariant, everybody, slotMark } from '../../src/digest/index.ts';
import { silentLog } from '../../src/log.ts';
import type { Site } from '../../src/site.ts';
import {
  createAudienceStore,
  createDeliveryLedger,
  createEditionStore,
  createPaceStore,
  type Database,
  openDatabase,
} from '../../src/storage/index.ts';
import { type Rhythm, rhythms } from '../../src/subscribers/index.ts';

export const site: Site = {
  title: { en: 'The Dispatch' },
  description: { en: 'News' },
  url: 'https://dispatch.example',
  formerUrls: [],
  authority: null,
  timezone: 'Asia/Tbilisi',
  languages: ['en', 'fa'],
  publisher: { name: 'Dispatch', address: 'Tbilisi' },
  image: null,
  icon: null,
  privacyUrl: null,
  countries: {},
  topics: {},
  authors: {},
};

/** A database with the stores that sending needs. */
export interface MailRoom {
  readonly database: Database;
  readonly editions: EditionStore;
  readonly ledger: DeliveryLedger;
  readonly audience: AudienceStore;
  readonly paces: PaceStore;
  close(): Promise<void>;
}

export async function openMailRoom(folder: string): Promise<MailRoom> {
  const database = await openDatabase(join(folder, 'silkpost.db'));
  return {
    database,
    editions: createEditionStore(database),
    ledger: createDeliveryLedger(database),
    audience: createAudienceStore(database),
    paces: createPaceStore(database),
    close: () => database.destroy(),
  };
}

export interface NewReader {
  readonly email: string;
  readonly name?: string;
  readonly lang?: string;
  readonly countries?: readonly string[];
  readonly state?: string;
  readonly subscription?: string;
}

/** Adds readers of `weekly`; returns their ids. */
export async function addReaders({ database }: MailRoom, readers: readonly NewReader[]): Promise<number[]> {
  const at = systemClock.now();
  return database.transaction().execute(async (tx) => {
    const ids: number[] = [];
    for (const reader of readers) {
      const choice: ReaderChoice = {
        languages: [reader.lang ?? 'en'],
        countries: reader.countries ?? [],
        topics: [],
      };
      const { id } = await tx
        .insertInto('subscriber')
        .values({
          email: reader.email,
          name: reader.name ?? null,
          address_key: `key of ${reader.email.toLowerCase()}`,
          lang: reader.lang ?? 'en',
          languages: JSON.stringify(choice.languages),
          choice: JSON.stringify(choice),
          timezone: null,
          state: reader.state ?? 'active',
          sample: 0,
          created_at: at,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      await tx
        .insertInto('subscription')
        .values({
          subscriber_id: id,
          newsletter: 'weekly',
          state: reader.subscription ?? 'active',
          since: at,
          source: 'import',
        })
        .execute();
      ids.push(id);
    }
    return ids;
  });
}

/** `reader0@example.com` … */
export function manyReaders(count: number): NewReader[] {
  return Array.from({ length: count }, (_, index) => ({ email: `reader${index}@example.com` }));
}

const unsubscribe = slotMark('unsubscribeUrl');
const preferences = slotMark('preferencesUrl');

/** An edition's pieces with these stories, each of the country that its key names; `size` bytes of text each. */
export function piecesOf(lang: string, storyKeys: readonly string[], size = 200): EditionPieces {
  const html = `${'word '.repeat(Math.min(size, 20_000) / 5)}`;
  const nothing = { html: '', text: '' };
  const story = (storyKey: string): StoryPieces => {
    const body = `${storyKey} in ${lang}. ${'word '.repeat(size / 5)}`;
    const piece = { html: `<p>${storyKey} in ${lang}. ${html}</p>\n`, text: `${body}\n` };
    return {
      storyKey,
      lang,
      groupKey: storyKey,
      title: `Title of ${storyKey}`,
      summary: `Summary of ${storyKey}`,
      words: 10,
      sources: [],
      lead: piece,
      picture: nothing,
      item: piece,
      corrections: nothing,
    };
  };
  return {
    lang,
    top: { html: '<html><body>', text: 'The Dispatch\n\n' },
    stories: storyKeys.map(story),
    besides: [],
    groups: storyKeys.map((key) => ({ key, open: nothing, separator: nothing, close: nothing })),
    record: { open: nothing, sources: nothing, close: nothing },
    bottom: {
      html: `<p><a href="${unsubscribe}">Leave</a> · <a href="${preferences}">Choose</a></p></body></html>\n`,
      text: `Leave: ${unsubscribe}\nChoose: ${preferences}.\n`,
    },
  };
}

export interface FreezeWishes {
  readonly transport?: string;
  readonly now?: string;
  readonly expiresMs?: number;
  /** Default: all. */
  readonly rhythms?: readonly Rhythm[];
  readonly storyKeys?: readonly string[];
  /** Default: readers get again what they had. */
  readonly again?: boolean;
  /** Default: everybody. */
  readonly audience?: EditionAudience;
  readonly excludeReserved?: boolean;
  readonly size?: number;
  /** Of the arrangement that it was composed by; default 0. */
  readonly revision?: number;
  readonly onProgress?: (frozen: number) => void;
}

/** Opens an approved edition of `weekly` and freezes it for its readers: a reader of `x` gets the story `x`. */
export async function freezeWeekly(
  room: MailRoom,
  wishes: FreezeWishes = {},
): Promise<{ id: string; counts: EditionCounts }> {
  const now = wishes.now ?? systemClock.now();
  const edition = await room.editions.createEdition({
    newsletter: 'weekly',
    dueAt: now,
    trigger: 'manual',
    selection: { since: null, slugs: null },
    state: 'approved',
    reason: null,
    now,
    key: 'another',
  });
  if (!edition) throw new Error('no edition');
  return { id: edition.id, counts: await freezeApproved(room, edition.id, { ...wishes, now }) };
}

/** Freezes an edition that is approved already. */
export function freezeApproved(room: MailRoom, editionId: string, wishes: FreezeWishes): Promise<EditionCounts> {
  const now = wishes.now ?? systemClock.now();
  const storyKeys = wishes.storyKeys ?? ['armenia', 'georgia'];
  const pieces = site.languages.map((lang) => piecesOf(lang, storyKeys, wishes.size));
  return room.ledger.freeze({
    editionId,
    revision: wishes.revision ?? 0,
    newsletter: 'weekly',
    rhythms: wishes.rhythms ?? rhythms,
    transport: wishes.transport ?? 'outbox',
    audience: wishes.audience ?? everybody,
    excludeReserved: wishes.excludeReserved ?? false,
    cutoff: now,
    expiresAt: plusMs(now, wishes.expiresMs ?? 48 * 3600_000),
    now,
    stories: storyKeys.map((key) => ({ key, versions: { [key]: now } })),
    pieces,
    again: wishes.again ?? true,
    variantFor(choice, had) {
      const chosen = storyKeys.filter(
        (key) =>
          (choice.countries.length === 0 || choice.countries.includes(key)) && !had.some((past) => past.key === key),
      );
      const inLanguage = pieces.find(({ lang }) => lang === choice.languages[0]);
      if (chosen.length === 0 || !inLanguage) return null;
      const { lang, subject, preheader } = assembleVariant(inLanguage, chosen);
      const stories = chosen.map((key) => ({ key, lang, isUpdate: false }));
      return { lang, stories, subject, preheader };
    },
    ...(wishes.onProgress ? { onProgress: wishes.onProgress } : {}),
  });
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The parts of the accounting sum, added up; equal to `candidates` at every moment. */
export function sumOf(counts: EditionCounts): number {
  const { candidates: _, ...parts } = counts;
  return Object.values(parts).reduce((sum, part) => sum + part, 0);
}

/** What makes messages in these tests. */
export function composerOf(
  { editions }: Pick<MailRoom, 'editions'>,
  clock: Clock = systemClock,
  signer: DkimSigner | null = null,
) {
  return createMessageComposer({
    site,
    from: { name: 'The Dispatch', address: 'digest@dispatch.example' },
    replyTo: null,
    newsletters: [{ name: 'weekly', title: { en: 'Weekly' } }],
    editions,
    links: {
      unsubscribe: (id, newsletter) => `https://dispatch.example/unsubscribe/${newsletter}.${id}?a=1&b=2`,
      preferences: (id) => `https://dispatch.example/preferences/${id}`,
    },
    bounceDomain: null,
    messageIdKey: 'a key for tests',
    clock,
    signer: async () => signer,
  });
}

/** A worker on the room's ledger, impatient where the real one takes its time. */
export function workerOn(room: MailRoom, transport: Transport, options: Partial<WorkerOptions> = {}): Worker {
  return createWorker({
    ledger: room.ledger,
    paces: room.paces,
    transport,
    findEvidence: async () => 'unknown',
    compose: composerOf(room, options.clock),
    clock: systemClock,
    log: silentLog,
    beatMs: 50,
    pollMs: 20,
    random: () => 0.5,
    ...options,
  });
}
