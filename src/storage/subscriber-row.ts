import type { Selectable } from 'kysely';
import type {
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
  readonly lang: string;
  readonly countries: readonly string[];
  readonly topics: readonly string[];
}

/** The one spelling of a choice: equal choices have equal text, whatever order their keys were given in. */
export function choiceText({ lang, countries, topics }: Choice): string {
  return JSON.stringify({ lang, countries: sortedKeys(countries), topics: sortedKeys(topics) });
}

export function subscriberOf(row: SubscriberRow): Subscriber {
  const { countries, topics } = JSON.parse(row.choice) as Choice; // written by choiceText
  return {
    id: Number(row.id),
    email: row.email,
    name: row.name,
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
  };
}

function sortedKeys(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}
