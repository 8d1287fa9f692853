import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type {
  Consent,
  Rhythm,
  Subscriber,
  SubscriberState,
  Subscription,
  SubscriptionSource,
  SubscriptionState,
} from '../../subscribers/index.ts';
import type { ConsentTable, SubscriberTable, SubscriptionTable } from '../tables/readers.ts';

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

export function choiceOf(text: string): Choice {
  return JSON.parse(text) as Choice; // written by choiceText
}

export function subscriberOf(row: SubscriberRow): Subscriber {
  const { languages, countries, topics } = choiceOf(row.choice);
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

export function consentOf(row: Selectable<ConsentTable>): Consent {
  const { what, wording, lang, version, how, at, ip } = row;
  const newsletters = JSON.parse(row.newsletters) as string[]; // only written as such
  return { what, newsletters, ...choiceOf(row.lists), wording, lang, version, how, at, ip };
}

/** Of a `subscription` row: mail goes out for it. `now` may be a statement's own placeholder. */
export function isReceiving(now: Instant | RawBuilder<unknown>) {
  return sql<boolean>`(subscription.state = 'active'
    or (subscription.state = 'paused' and subscription.paused_until <= ${now}))`;
}

function sortedKeys(keys: readonly string[]): string[] {
  return [...new Set(keys)].sort();
}
