import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Instant } from '../../clock.ts';
import {
  type AskedFor,
  addressKey,
  isLiftedByReader,
  judgeSignUp,
  type Keys,
  type KnownReader,
  type SignUp,
  type SignUpStore,
  type SignUpWishes,
  type SubscriberState,
} from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { addLetter, isLimited } from '../delivery/letter-store.ts';
import type { SignUpTable, SubscriberTable } from '../tables/readers.ts';
import { addConsents } from './consent-record.ts';
import { choiceText } from './subscriber-row.ts';
import { writeSubscriptions } from './subscription-rows.ts';
import { forgetBounces } from './suppressions.ts';

type Tx = Transaction<Schema>;

/** People who ask for newsletters by themselves, from the form to their confirmation. */
export function createSignUpStore(database: Database, keys: Keys): SignUpStore {
  return {
    async keepSignUp(signUp, now) {
      const row = rowOf(keys, signUp, now);
      await database
        .insertInto('sign_up')
        .values(row)
        .onConflict((conflict) => conflict.column('address_key').doUpdateSet(row))
        .execute();
    },

    async settleSignUps(now) {
      let posted = 0;
      for (;;) {
        const next = await database.selectFrom('sign_up').select('address_key').limit(1).executeTakeFirst();
        if (!next) return posted;
        // One at a time: the transactions stay short.
        const isPosted = await database.transaction().execute((tx) => settleNext(tx, keys, next.address_key, now));
        if (isPosted) posted += 1;
      }
    },

    findAsked: (subscriberId, consentId) => findAsked(database, subscriberId, consentId),

    async askAgain(subscriberId, consentId, lang, now) {
      await database.transaction().execute(async (tx) => {
        const asked = await findAsked(tx, subscriberId, consentId);
        if (asked === null || (await isConfirmed(tx, subscriberId, consentId))) return;
        const payload = { consentId, newsletters: asked.wishes.newsletters };
        await addLetter(tx, keys, { kind: 'confirm', subscriberId, address: asked.email, lang, payload }, now);
      });
    },

    confirm: (subscriberId, consentId, wording, now) =>
      database.transaction().execute(async (tx) => {
        const asked = await findAsked(tx, subscriberId, consentId);
        if (asked === null) return { kind: 'gone' };
        if (await isConfirmed(tx, subscriberId, consentId)) return { kind: 'confirmed', repeated: true };
        await makeTrue(tx, subscriberId, asked.wishes, now);
        await liftOwn(tx, addressKey(keys, asked.email));
        const how = await howAsked(tx, consentId);
        const { wishes } = asked;
        const { languages, countries, topics, newsletters } = wishes;
        const confirmed = { subscriberId, what: 'confirmed', newsletters, lists: listsText(wishes), wording, how };
        await addConsents(tx, [{ ...confirmed, at: now, reference: consentId }]);
        const payload = { newsletters, lists: { languages, countries, topics } };
        const lang = languages[0] ?? wording.lang;
        await addLetter(tx, keys, { kind: 'welcome', subscriberId, address: asked.email, lang, payload }, now);
        return { kind: 'confirmed', repeated: false };
      }),
  };
}

function rowOf(keys: Keys, { email, wishes, wording, how, ip }: SignUp, now: Instant): SignUpTable {
  const { text, lang, version } = wording;
  const key = addressKey(keys, email);
  return { address_key: key, email, wishes: JSON.stringify(wishes), wording: text, lang, version, how, at: now, ip };
}

/** Whether a letter follows from it. */
async function settleNext(tx: Tx, keys: Keys, key: string, now: Instant): Promise<boolean> {
  const row = await tx.deleteFrom('sign_up').where('address_key', '=', key).returningAll().executeTakeFirst();
  if (!row) return false; // another process was faster
  const wishes: SignUpWishes = JSON.parse(row.wishes);
  const reader = await tx.selectFrom('subscriber').selectAll().where('address_key', '=', key).executeTakeFirst();
  const known = await findKnown(tx, key, reader ?? null);
  const answer = judgeSignUp(known, wishes);
  if (answer.kind === 'nothing' || (await isLimited(tx, key, answer.kind, now, answer.perMonth))) return false;
  // In the reader's own spelling: the letter that says who they are mustn't go by what somebody typed.
  const address = reader?.email ?? row.email;
  if (answer.kind === 'already') {
    const subscriberId = Number(reader?.id);
    const payload = { newsletters: known.newsletters };
    return isPosted(
      await addLetter(tx, keys, { kind: 'already', subscriberId, address, lang: row.lang, payload }, now),
    );
  }
  const subscriberId = reader ? Number(reader.id) : await addPending(tx, row, wishes, now);
  const wording = { text: row.wording, lang: row.lang, version: row.version };
  const asked = { subscriberId, what: 'asked', newsletters: wishes.newsletters, lists: listsText(wishes), wording };
  const consentId = await addConsents(tx, [{ ...asked, how: row.how, at: row.at, ip: row.ip }]);
  const payload = { consentId, newsletters: wishes.newsletters };
  return isPosted(await addLetter(tx, keys, { kind: 'confirm', subscriberId, address, lang: row.lang, payload }, now));
}

function isPosted(posting: 'posted' | 'limited'): boolean {
  return posting === 'posted';
}

async function findKnown(tx: Tx, key: string, reader: Selectable<SubscriberTable> | null): Promise<KnownReader> {
  const subscriptions = await tx
    .selectFrom('subscription')
    .select('newsletter')
    .where('subscriber_id', '=', reader?.id ?? 0)
    .where('state', '!=', 'left')
    .orderBy('newsletter')
    .execute();
  const suppression = await tx
    .selectFrom('suppression')
    .select('reason')
    .where('address_key', '=', key)
    .executeTakeFirst();
  return {
    state: reader === null ? null : (reader.state as SubscriberState), // only these are ever written
    newsletters: subscriptions.map(({ newsletter }) => newsletter),
    suppressed: suppression?.reason ?? null,
  };
}

async function addPending(tx: Tx, row: SignUpTable, wishes: SignUpWishes, now: Instant): Promise<number> {
  const { id } = await tx
    .insertInto('subscriber')
    .values({
      email: row.email,
      name: null,
      address_key: row.address_key,
      lang: wishes.languages[0] ?? row.lang,
      languages: JSON.stringify(wishes.languages),
      choice: choiceText(wishes),
      timezone: null,
      state: 'pending',
      sample: 0,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return Number(id);
}

/** As other consents have them, with the rhythm. */
function listsText(wishes: SignUpWishes): string {
  const { languages, countries, topics } = JSON.parse(choiceText(wishes));
  return JSON.stringify({ languages, countries, topics, rhythm: wishes.rhythm });
}

async function findAsked(db: Kysely<Schema>, subscriberId: number, consentId: number): Promise<AskedFor | null> {
  const row = await db
    .selectFrom('consent')
    .innerJoin('subscriber', 'subscriber.id', 'consent.subscriber_id')
    .select(['subscriber.email', 'consent.newsletters', 'consent.lists'])
    .where('consent.id', '=', consentId)
    .where('consent.subscriber_id', '=', subscriberId)
    .where('consent.what', '=', 'asked')
    .executeTakeFirst();
  if (!row || row.email === null) return null;
  const lists: Omit<SignUpWishes, 'newsletters'> = JSON.parse(row.lists);
  return { email: row.email, wishes: { ...lists, newsletters: JSON.parse(row.newsletters) } };
}

async function isConfirmed(db: Kysely<Schema>, subscriberId: number, consentId: number): Promise<boolean> {
  const row = await db
    .selectFrom('consent')
    .select('id')
    .where('subscriber_id', '=', subscriberId)
    .where('what', '=', 'confirmed')
    .where('reference', '=', consentId)
    .executeTakeFirst();
  return row !== undefined;
}

async function howAsked(tx: Tx, consentId: number): Promise<string> {
  const { how } = await tx.selectFrom('consent').select('how').where('id', '=', consentId).executeTakeFirstOrThrow();
  return how;
}

async function makeTrue(tx: Tx, subscriberId: number, wishes: SignUpWishes, now: Instant): Promise<void> {
  await tx
    .updateTable('subscriber')
    .set({
      lang: wishes.languages[0] ?? '',
      languages: JSON.stringify(wishes.languages),
      choice: choiceText(wishes),
      state: 'active',
    })
    .where('id', '=', subscriberId)
    .execute();
  const values = wishes.newsletters.map((newsletter) => ({
    subscriber_id: subscriberId,
    newsletter,
    state: 'active',
    since: now,
    source: 'form',
    rhythm: wishes.rhythm,
    paused_until: null,
    left_from: null,
  }));
  await writeSubscriptions(tx, values);
}

/** Mail came back from it or wasn't wanted: that it was read, and answered, says otherwise now. */
async function liftOwn(tx: Tx, key: string): Promise<void> {
  const row = await tx.selectFrom('suppression').select('reason').where('address_key', '=', key).executeTakeFirst();
  if (row && isLiftedByReader(row.reason)) {
    await tx.deleteFrom('suppression').where('address_key', '=', key).execute();
  }
  await forgetBounces(tx, key);
}
