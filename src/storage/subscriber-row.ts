import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import type {
  Rhythm,
  Subscriber,
  SubscriberState,
  Subscription,
  SubscriptionSource,
  SubscriptionState,
} from '../subscribers/index.ts';
import type { SubscriberTable, SubscriptionTable } from './schema.ts';

export type SubscriberRow = Selectable<SubscriberTable>;

/** What decides a reader's variant. */
interface Choice {
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
}

/** The one spelling of a choice: equal choices have equal text, whatever order their countries and topics were given in. */
export function choiceText({ languages, countries, topics }: Choice): string {
  return JSON.stringify({ languages, countries: sortedKeys(countries), topics: sortedKeys(topics) });
}

export function subscriberOf(row: SubscriberRow): Subscriber {
  const { languages, countries, topics } = JSON.parse(row.choice) as Choice; // written by choiceText
  return {
    id: Number(row.id),
    email: row.email,
    name: row.name,
    languages,
    lang: row.lang,
    countries,
    topics,
    timezone: row.timezone,
    state: row.state as SubscriberState, // only these are ever written
    sample: row.sample === 1,
    createdAt: row.created_at,
  };
}

export function subscriptionOf(row: Selectable<SubscriptionTable>): Subscription {
  return {
    subscriberId: Number(row.subscriber_id),
    newsletter: row.newsletter,
    state: row.state as SubscriptionState, // only these are ever written
    since: row.since,
    source: row.source as SubscriptionSource,
    rhythm: row.rhythm as Rhythm,
    pausedUntil: row.paused_until,
    leftFrom: row.left_from as SubscriptionState | null,
  };
}

/** Of a `subscription` row: mail goes out for it. `now` may be a statement's own placeholder. */
export function isReceiving(now: Instant | RawBuilder<unknown>) {
  return sql<boolean>`(subscription.state = 'active'
    or (subscription.state = 'paused' and subscription.paused_until <= ${now}))`;
}

function sortedKeys(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}
