import type { Instant } from '../clock.ts';
import type { Consent } from './consent.ts';
import type { OwnBounce, OwnLetter } from './own-data.ts';
import type { ReaderDeliveries, ReaderDelivery, ReaderRecord } from './reader-directory.ts';

/** Something that happened to a reader. */
export type ReaderEvent = { readonly at: Instant } & (
  | { readonly kind: 'added' }
  | { readonly kind: 'consent'; readonly consent: Consent }
  | { readonly kind: 'delivery'; readonly delivery: ReaderDelivery }
  | { readonly kind: 'bounce'; readonly bounce: OwnBounce }
  | { readonly kind: 'letter'; readonly letter: OwnLetter }
  | { readonly kind: 'address'; readonly email: string }
  | { readonly kind: 'suppressed'; readonly reason: string }
);

/** What happened in the time that a page of deliveries spans, newest first: on the last page all that came before, too. */
export function readerHistory(record: ReaderRecord, page: ReaderDeliveries): ReaderEvent[] {
  const { before, hasMore, deliveries } = page;
  const oldest = hasMore ? deliveries.at(-1)?.at : undefined;
  const isWithin = ({ at }: ReaderEvent): boolean =>
    (oldest === undefined || at >= oldest) && (before === null || at < before.at);
  const others: ReaderEvent[] = [
    { kind: 'added', at: record.subscriber.createdAt },
    ...record.consents.map((consent) => ({ kind: 'consent', at: consent.at, consent }) as const),
    ...record.bounces.map((bounce) => ({ kind: 'bounce', at: bounce.at, bounce }) as const),
    ...record.letters.map((letter) => ({ kind: 'letter', at: letter.createdAt, letter }) as const),
  ];
  if (record.addressChange !== null) {
    others.push({ kind: 'address', at: record.addressChange.at, email: record.addressChange.email });
  }
  if (record.suppression !== null) {
    others.push({ kind: 'suppressed', at: record.suppression.since, reason: record.suppression.reason });
  }
  const shown = deliveries.map((delivery) => ({ kind: 'delivery', at: delivery.at, delivery }) as const);
  // Of one instant, what is listed later came later.
  return [...others.filter(isWithin), ...shown.toReversed()]
    .toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .toReversed();
}
