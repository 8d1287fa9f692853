import type { Insertable, Selectable, Transaction } from 'kysely';
import type { Instant } from '../../clock.ts';
import {
  type AddOutcome,
  addressKey,
  type Keys,
  type NewSubscriber,
  nameSearchKey,
  type SubscriberState,
  type SubscriptionState,
  subscriberTransitions,
  wordingOf,
} from '../../subscribers/index.ts';
import type { Schema } from '../database/schema.ts';
import { suppress } from '../delivery/bounce-record.ts';
import type { SubscriberTable, SubscriptionTable } from '../tables/readers.ts';
import { addConsents, type ConsentEntry } from './consent-record.ts';
import { choiceOf, choiceText, type SubscriberRow } from './subscriber-row.ts';
import { writeSubscriptions } from './subscription-rows.ts';

/** SQLite takes 32,766 values in a statement; a subscriber has ten, a consent eleven. */
const chunkSize = 500;

/** A reader as the database has them, or as they will stand there once this transaction has written them. */
interface Reader {
  /** Null until inserted. */
  id: number | null;
  row: Insertable<SubscriberTable>;
  readonly subscriptions: Map<string, Omit<Selectable<SubscriptionTable>, 'subscriber_id'>>;
  readonly consents: Omit<ConsentEntry, 'subscriberId'>[];
  rowChanged: boolean;
  readonly subscriptionsChanged: Set<string>;
}

/** Adds or updates within the caller's transaction; the rules stand at `SubscriberStore.addSubscribers`. */
export async function addSubscribers(
  tx: Transaction<Schema>,
  keys: Keys,
  subscribers: readonly NewSubscriber[],
  now: Instant,
): Promise<AddOutcome[]> {
  const outcomes: AddOutcome[] = [];
  for (let start = 0; start < subscribers.length; start += chunkSize) {
    const chunk = subscribers
      .slice(start, start + chunkSize)
      .map((given) => ({ given, key: addressKey(keys, given.email) }));
    const wanted = chunk.map(({ key }) => key);
    const suppressed = await findSuppressed(tx, wanted);
    const readers = await findReaders(tx, wanted);
    const confirmed = await findConfirmed(tx, chunk, readers);
    for (const { given, key } of chunk) {
      if (given.suppressed === goneElsewhere && confirmed.has(key)) {
        outcomes.push(suppressed.has(key) ? 'suppressed' : 'unchanged');
        continue;
      }
      if (given.suppressed !== undefined) {
        await suppress(tx, key, given.suppressed, now);
        suppressed.add(key);
      }
      if (suppressed.has(key)) {
        outcomes.push('suppressed');
        continue;
      }
      const known = readers.get(key);
      if (known) {
        outcomes.push(update(known, given, now));
      } else {
        readers.set(key, create(given, key, now));
        outcomes.push('added');
      }
    }
    await write(tx, [...readers.values()]);
  }
  return outcomes;
}

async function findSuppressed(tx: Transaction<Schema>, keys: readonly string[]): Promise<Set<string>> {
  const rows = await tx.selectFrom('suppression').select('address_key').where('address_key', 'in', keys).execute();
  return new Set(rows.map((row) => row.address_key));
}

/** Another tool's word that mail came back. */
const goneElsewhere = 'address_gone';

/** Active readers, by key, of whom that is said although they answered a mail of ours. */
async function findConfirmed(
  tx: Transaction<Schema>,
  chunk: readonly { readonly given: NewSubscriber; readonly key: string }[],
  readers: ReadonlyMap<string, Reader>,
): Promise<Set<string>> {
  const keys = new Map<number, string>();
  for (const { given, key } of chunk) {
    const reader = readers.get(key);
    if (given.suppressed === goneElsewhere && reader?.id && reader.row.state === 'active') keys.set(reader.id, key);
  }
  if (keys.size === 0) return new Set();
  const rows = await tx
    .selectFrom('consent')
    .select('subscriber_id')
    .where('subscriber_id', 'in', [...keys.keys()])
    .where('what', '=', 'confirmed')
    .execute();
  return new Set(rows.flatMap(({ subscriber_id: id }) => keys.get(id) ?? []));
}

async function findReaders(tx: Transaction<Schema>, keys: readonly string[]): Promise<Map<string, Reader>> {
  const rows: SubscriberRow[] = await tx
    .selectFrom('subscriber')
    .selectAll()
    .where('address_key', 'in', keys)
    .execute();
  const readers = new Map<number, Reader>();
  for (const { id, ...row } of rows) {
    readers.set(id, { ...emptyReader(row), id, rowChanged: false });
  }
  if (readers.size > 0) {
    const subscriptions = await tx
      .selectFrom('subscription')
      .selectAll()
      .where('subscriber_id', 'in', [...readers.keys()])
      .execute();
    for (const { subscriber_id, ...subscription } of subscriptions) {
      readers.get(subscriber_id)?.subscriptions.set(subscription.newsletter, subscription);
    }
  }
  return new Map([...readers.values()].map((reader) => [reader.row.address_key, reader]));
}

function create(given: NewSubscriber, key: string, now: Instant): Reader {
  const reader = emptyReader({
    email: given.email,
    name: given.name,
    name_key: nameKeyOf(given.name),
    address_key: key,
    ...languageColumns(given),
    choice: choiceText(given),
    timezone: given.timezone,
    state: given.state ?? 'active',
    sample: given.sample ? 1 : 0,
    created_at: given.createdAt ?? now,
  });
  subscribe(reader, given, now);
  // Who has left had agreed before.
  if (given.left === true && given.consentedAt !== undefined)
    reader.consents.push(consentOf({ ...given, left: false }, now));
  reader.consents.push(consentOf(given, now));
  return reader;
}

function nameKeyOf(name: string | null): string | null {
  return name === null ? null : nameSearchKey(name);
}

function languageColumns({ languages }: NewSubscriber) {
  return { lang: languages[0] ?? '', languages: JSON.stringify(languages) };
}

/** Somebody else's word that the reader agreed, or left. */
function consentOf(given: NewSubscriber, now: Instant): Reader['consents'][number] {
  return {
    what: given.left === true ? 'left' : 'vouched',
    newsletters: given.newsletters,
    lists: choiceText(given),
    // In whatever language the operator wrote them.
    wording: wordingOf(given.consent, 'und'),
    how: given.source === 'sample' ? 'operator' : given.source,
    at: given.left === true ? now : (given.consentedAt ?? now),
  };
}

function emptyReader(row: Insertable<SubscriberTable>): Reader {
  return { id: null, row, subscriptions: new Map(), consents: [], rowChanged: true, subscriptionsChanged: new Set() };
}

function update(reader: Reader, spoken: NewSubscriber, now: Instant): AddOutcome {
  const given = withoutUnsaid(spoken, reader.row);
  const subscribed = subscribe(reader, given, now);
  if (subscribed === 'left') return 'left';
  const { row } = reader;
  const name = given.name ?? row.name ?? null;
  const changed: Insertable<SubscriberTable> = {
    ...row,
    name,
    name_key: nameKeyOf(name),
    ...languageColumns(given),
    choice: choiceText(given),
    timezone: given.timezone ?? row.timezone ?? null,
    // A bounce or an open confirmation is overruled by an operator's own word only.
    state: given.source === 'operator' && given.left !== true && mayBecomeActive(row.state) ? 'active' : row.state,
    sample: given.sample ? (row.sample ?? 0) : 0,
  };
  const rowChanged = Object.entries(changed).some(([column, value]) => value !== row[column as keyof typeof row]); // its own columns
  if (!rowChanged && subscribed === 'unchanged') return 'unchanged';
  reader.row = changed;
  reader.rowChanged ||= rowChanged;
  reader.consents.push(consentOf(given, now));
  return 'updated';
}

/** What nobody said anything about is as the reader has it. */
function withoutUnsaid(given: NewSubscriber, row: Pick<SubscriberRow, 'choice'>): NewSubscriber {
  if (given.unsaid === undefined || given.unsaid.length === 0) return given;
  const known = choiceOf(row.choice);
  return { ...given, ...Object.fromEntries(given.unsaid.map((field) => [field, known[field]])) };
}

function mayBecomeActive(state: string): boolean {
  return subscriberTransitions[state as SubscriberState].includes('active'); // only these are ever written
}

/** `left`: every newsletter that it would be to join was left before, and stays so. */
function subscribe(reader: Reader, given: NewSubscriber, now: Instant): 'changed' | 'unchanged' | 'left' {
  let changed = false;
  let joins = 0;
  let kept = 0;
  for (const newsletter of new Set(given.newsletters)) {
    const known = reader.subscriptions.get(newsletter);
    const { state, rhythm, pausedUntil } = wishOf(given, newsletter, known);
    if (state !== 'left') joins += 1;
    if (known?.state === state && known.rhythm === rhythm && known.paused_until === pausedUntil) continue;
    if (known && given.source !== 'operator' && isReadersOwn(known.state, state)) {
      if (known.state === 'left') kept += 1;
      continue;
    }
    const moved = {
      newsletter,
      state,
      since: now,
      source: given.source,
      rhythm,
      paused_until: pausedUntil,
      left_from: null,
    };
    reader.subscriptions.set(
      newsletter,
      known?.state === state ? { ...known, rhythm, paused_until: pausedUntil } : moved,
    );
    reader.subscriptionsChanged.add(newsletter);
    changed = true;
  }
  if (kept > 0 && kept === joins && !changed) return 'left';
  return changed ? 'changed' : 'unchanged';
}

function wishOf(
  given: NewSubscriber,
  newsletter: string,
  known: { readonly rhythm: string } | undefined,
): { readonly state: SubscriptionState; readonly rhythm: string; readonly pausedUntil: Instant | null } {
  const exception = given.exceptions?.get(newsletter);
  const rhythm = exception?.rhythm ?? given.rhythm ?? known?.rhythm ?? 'each';
  if (given.left === true) return { state: 'left', rhythm, pausedUntil: null };
  return { state: 'active', rhythm, pausedUntil: null, ...exception };
}

/** What a reader has left or paused stays so, whatever a file says. */
function isReadersOwn(known: string, wanted: SubscriptionState): boolean {
  return (known === 'left' && wanted !== 'left') || (known === 'paused' && wanted === 'active');
}

async function write(tx: Transaction<Schema>, readers: readonly Reader[]): Promise<void> {
  const added = readers.filter(({ id }) => id === null);
  const changed = readers.filter(({ id, rowChanged }) => id !== null && rowChanged);
  if (added.length > 0) {
    const inserted = await tx
      .insertInto('subscriber')
      .values(added.map(({ row }) => row))
      .returning(['id', 'address_key'])
      .execute();
    const ids = new Map(inserted.map((row) => [row.address_key, row.id]));
    for (const reader of added) reader.id = ids.get(reader.row.address_key) ?? null;
  }
  for (const { id, row } of changed) await tx.updateTable('subscriber').set(row).where('id', '=', id).execute();
  for (const part of chunksOf(readers.flatMap(subscriptionRows))) {
    await writeSubscriptions(tx, part);
  }
  for (const part of chunksOf(readers.flatMap(consentEntries))) await addConsents(tx, part);
}

function subscriptionRows({ id, subscriptions, subscriptionsChanged }: Reader): Selectable<SubscriptionTable>[] {
  return [...subscriptions.values()]
    .filter(({ newsletter }) => id !== null && subscriptionsChanged.has(newsletter))
    .map((subscription) => ({ subscriber_id: id ?? 0, ...subscription }));
}

function consentEntries({ id, consents }: Reader): ConsentEntry[] {
  return consents.map((consent) => ({ subscriberId: id ?? 0, ...consent }));
}

function chunksOf<Row>(rows: readonly Row[]): Row[][] {
  const chunks: Row[][] = [];
  for (let start = 0; start < rows.length; start += chunkSize) chunks.push(rows.slice(start, start + chunkSize));
  return chunks;
}
