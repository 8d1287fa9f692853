import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { guardFormula } from './formula-guard.ts';
import type { SubscriberState } from './subscriber.ts';
import type { ExportedReader } from './subscriber-store.ts';
import type { Subscription } from './subscription.ts';

const header = [
  'email',
  'name',
  'languages',
  'countries',
  'topics',
  'newsletters',
  'paused',
  'left',
  'rhythm',
  'timezone',
  'status',
  'suppressed',
  'created_at',
  'consented_at',
];

/** As a row of an export has it. */
export const exportStatuses = ['active', 'left', 'pending', 'suspended', 'suppressed'] as const;
export type ExportStatus = (typeof exportStatuses)[number];

/**
 * Writes readers as CSV (RFC 4180, UTF-8, CRLF) that the import takes back, in constant memory, at the speed of
 * `output`, which is left open. No cell is a formula to a spreadsheet.
 *
 * @param only Readers with one of these; default: all.
 * @returns how many were written.
 */
export async function exportSubscribers(
  readers: AsyncIterable<ExportedReader>,
  output: Writable,
  only: readonly ExportStatus[] = exportStatuses,
): Promise<number> {
  // Loaded with the first export.
  const { stringify } = await import('csv-stringify');
  let written = 0;
  async function* rows(): AsyncGenerator<string[]> {
    yield header;
    for await (const reader of readers) {
      if (reader.subscriber.email === null) continue;
      const status = reader.suppressedFor === null ? stateOf(reader) : 'suppressed';
      if (!only.some((wanted) => wanted === status)) continue;
      yield rowOf(reader.subscriber.email, reader).map(guardFormula);
      written += 1;
    }
  }
  await pipeline(Readable.from(rows()), stringify({ record_delimiter: 'windows' }), output, { end: false });
  return written;
}

function rowOf(email: string, reader: ExportedReader): string[] {
  const { subscriber, subscriptions, suppressedFor, consentedAt } = reader;
  const inState = (state: Subscription['state']): Subscription[] => subscriptions.filter((one) => one.state === state);
  const [active, paused, left] = [inState('active'), inState('paused'), inState('left')];
  return [
    email,
    subscriber.name ?? '',
    subscriber.languages.join(';'),
    subscriber.countries.join(';'),
    subscriber.topics.join(';'),
    active.map(({ newsletter }) => newsletter).join(';'),
    paused
      .map(({ newsletter, pausedUntil }) => (pausedUntil === null ? newsletter : `${newsletter}=${pausedUntil}`))
      .join(';'),
    left.map(({ newsletter }) => newsletter).join(';'),
    rhythmCell(subscriptions),
    subscriber.timezone ?? '',
    stateOf(reader),
    suppressedFor ?? '',
    subscriber.createdAt,
    consentedAt ?? '',
  ];
}

/** Readers who receive nothing are exported as having left, so that an import keeps them out. */
function stateOf({ subscriber, subscriptions }: ExportedReader): SubscriberState | 'left' {
  return subscriber.state === 'active' && subscriptions.every(({ state }) => state === 'left')
    ? 'left'
    : subscriber.state;
}

/** A word where all have the same, otherwise each by its newsletter. */
function rhythmCell(subscriptions: readonly Subscription[]): string {
  const words = new Set(subscriptions.map(({ rhythm }) => rhythm));
  if (words.size <= 1) return [...words].join('');
  return subscriptions.map(({ newsletter, rhythm }) => `${newsletter}=${rhythm}`).join(';');
}
