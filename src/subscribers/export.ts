import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify';
import { guardFormula } from './formula-guard.ts';
import type { SubscriberWithSubscriptions } from './subscriber-store.ts';

const header = ['email', 'name', 'lang', 'countries', 'topics', 'newsletters', 'timezone', 'status'];

/**
 * Writes readers as CSV (RFC 4180, UTF-8, CRLF) that the import takes back, in constant memory, at the speed of
 * `output`, which is left open. No cell is a formula to a spreadsheet.
 *
 * @returns how many were written.
 */
export async function exportSubscribers(
  readers: AsyncIterable<SubscriberWithSubscriptions>,
  output: Writable,
): Promise<number> {
  let written = 0;
  async function* rows(): AsyncGenerator<string[]> {
    yield header;
    for await (const reader of readers) {
      if (reader.subscriber.email === null) continue;
      yield rowOf(reader.subscriber.email, reader).map(guardFormula);
      written += 1;
    }
  }
  await pipeline(Readable.from(rows()), stringify({ record_delimiter: 'windows' }), output, { end: false });
  return written;
}

function rowOf(email: string, { subscriber, subscriptions }: SubscriberWithSubscriptions): string[] {
  const active = subscriptions.filter(({ state }) => state === 'active');
  // Readers who receive nothing are exported with what they have left, so that an import keeps them out of it.
  const listed = active.length > 0 ? active : subscriptions;
  const status = subscriber.state === 'active' && active.length === 0 ? 'left' : subscriber.state;
  return [
    email,
    subscriber.name ?? '',
    subscriber.languages.join(';'),
    subscriber.countries.join(';'),
    subscriber.topics.join(';'),
    listed.map(({ newsletter }) => newsletter).join(';'),
    subscriber.timezone ?? '',
    status,
  ];
}
