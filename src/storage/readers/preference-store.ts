import { type Insertable, type Selectable, sql, type Transaction } from 'kysely';
import type { Instant } from '../../clock.ts';
import {
  type Easing,
  type EasingSource,
  isPauseOver,
  type PreferenceStore,
  type PreferenceWishes,
  type SubscriptionWish,
} from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import type { SubscriptionTable } from '../tables/readers.ts';
import { recordChange } from './consent-record.ts';
import { leaveNewsletters } from './subscriber-leave.ts';
import { choiceText, subscriptionOf } from './subscriber-row.ts';
import { writeSubscriptions } from './subscription-rows.ts';

/** What readers change by their own links. */
export function createPreferenceStore(database: Database): PreferenceStore {
  return {
    saveWishes: (subscriberId, wishes, offered, wording, now) =>
      database.transaction().execute(async (tx) => {
        let isChanged = await saveLists(tx, subscriberId, wishes);
        const known = await subscriptionsOf(tx, subscriberId);
        for (const [newsletter, wish] of wishes.newsletters) {
          const changes = changesFor(known.get(newsletter), wish, now);
          if (changes === null) continue;
          await writeSubscriptions(tx, [{ subscriber_id: subscriberId, newsletter, ...changes }]);
          isChanged = true;
        }
        if (isChanged) {
          const newsletters = [...wishes.newsletters.keys()].sort();
          await recordChange(tx, subscriberId, { what: 'changed', newsletters, wording, how: 'page' }, now);
        }
        const unwanted = offered.filter((newsletter) => !wishes.newsletters.has(newsletter));
        const left = await leaveNewsletters(tx, subscriberId, unwanted, 'page', now);
        return isChanged || left.length > 0;
      }),

    ease: (subscriberId, newsletter, easing, source, now) =>
      database.transaction().execute(async (tx) => {
        const known = (await subscriptionsOf(tx, subscriberId)).get(newsletter);
        if (known === undefined || known.state === 'left') return false;
        const changes = easedBy(known, easing, source, now);
        if (changes === null) return true;
        await writeSubscriptions(tx, [{ ...known, ...changes }]);
        const change = { what: 'changed', newsletters: [newsletter], wording: null, how: source } as const;
        await recordChange(tx, subscriberId, change, now);
        return true;
      }),

    resume: (subscriberId, newsletter, source, now) =>
      database.transaction().execute(async (tx) => {
        const known = (await subscriptionsOf(tx, subscriberId)).get(newsletter);
        if (known?.state !== 'paused') return false;
        await writeSubscriptions(tx, [{ ...known, state: 'active', paused_until: null, source, since: now }]);
        const change = { what: 'changed', newsletters: [newsletter], wording: null, how: source } as const;
        await recordChange(tx, subscriberId, change, now);
        return true;
      }),

    undoLeaving: (subscriberId, leftAt, wording, now) =>
      database.transaction().execute(async (tx) => {
        const rows = await tx
          .updateTable('subscription')
          .set(() => ({ state: sql<string>`left_from`, left_from: null, since: now, source: 'page' }))
          .where('subscriber_id', '=', subscriberId)
          .where('state', '=', 'left')
          .where('since', '=', leftAt)
          .where('left_from', 'is not', null)
          .where('source', 'in', ['one-click', 'page', 'mail'])
          .returning('newsletter')
          .execute();
        const newsletters = rows.map(({ newsletter }) => newsletter).sort();
        if (newsletters.length > 0) {
          await recordChange(tx, subscriberId, { what: 'changed', newsletters, wording, how: 'page' }, now);
        }
        return newsletters;
      }),
  };
}

/** False where they were so before. */
async function saveLists(tx: Transaction<Schema>, id: number, wishes: PreferenceWishes): Promise<boolean> {
  const choice = choiceText(wishes);
  const { numUpdatedRows } = await tx
    .updateTable('subscriber')
    .set({ lang: wishes.languages[0] ?? '', languages: JSON.stringify(wishes.languages), choice })
    .where('id', '=', id)
    .where('choice', '!=', choice)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** What makes the subscription as wished; null where it is so already. The date stays while the state does. */
function changesFor(
  known: Selectable<SubscriptionTable> | undefined,
  { rhythm, pause }: SubscriptionWish,
  now: Instant,
): Omit<Insertable<SubscriptionTable>, 'subscriber_id' | 'newsletter'> | null {
  const state = pause === null ? 'active' : 'paused';
  const pausedUntil = pause?.until ?? null;
  const wished = { state, rhythm, paused_until: pausedUntil, left_from: null, since: now, source: 'page' };
  if (known === undefined) return wished;
  const present = isPauseOver(subscriptionOf(known), now) ? 'active' : known.state;
  if (present !== state) return wished;
  if (known.rhythm === rhythm && (state === 'active' || known.paused_until === pausedUntil)) return null;
  return { ...wished, since: known.since, source: known.source };
}

/** Null where it is so already. */
function easedBy(
  known: Selectable<SubscriptionTable>,
  easing: Easing,
  source: EasingSource,
  now: Instant,
): Partial<Selectable<SubscriptionTable>> | null {
  if ('rhythm' in easing) return known.rhythm === easing.rhythm ? null : { rhythm: easing.rhythm };
  const { pausedUntil } = easing;
  if (known.state === 'paused' && known.paused_until === pausedUntil) return null;
  return { state: 'paused', paused_until: pausedUntil, source, since: now };
}

async function subscriptionsOf(
  tx: Transaction<Schema>,
  subscriberId: number,
): Promise<Map<string, Selectable<SubscriptionTable>>> {
  const rows = await tx.selectFrom('subscription').selectAll().where('subscriber_id', '=', subscriberId).execute();
  return new Map(rows.map((row) => [row.newsletter, row]));
}
