import { DatabaseSync } from 'node:sqlite';
import type { App } from '../../src/app.ts';
import { type Instant, plusMs } from '../../src/clock.ts';
import type { EditionState } from '../../src/digest/index.ts';
import { newReader } from './reader-store.ts';

/** An edition as it stands in the ledger: what became of how many readers. */
export interface StandingEdition {
  readonly newsletter: string;
  readonly state: EditionState;
  readonly reason?: string;
  /** Default: none; they are all of the same age as the edition. */
  readonly deliveries?: Readonly<Record<string, number>>;
  readonly dueAt: Instant;
}

/** Puts an edition with its deliveries into a publication's ledger, as if it had come to that; returns its id. */
export function putEdition({ config }: Pick<App, 'config'>, edition: StandingEdition): string {
  const { newsletter, state, reason = null, deliveries = {}, dueAt } = edition;
  const key = `${dueAt.slice(0, 13)}${dueAt.slice(14, 16)}Z`;
  const id = `${newsletter}-${key}`;
  const isFrozen = Object.keys(deliveries).length > 0;
  const isOver = state === 'sent' || state === 'cancelled';
  const database = new DatabaseSync(config.paths.database, { timeout: 5000 });
  database.exec('begin immediate');
  database
    .prepare(
      `insert into edition (id, newsletter, key, state, reason, "trigger", selection, due_at, transport, created_at,
        frozen_at, finished_at, expires_at, candidates)
       values (?, ?, ?, ?, ?, 'schedule', '{"since":null,"slugs":null}', ?, 'outbox', ?, ?, ?, ?, ?)`,
    )
    .run(
      id,
      newsletter,
      key,
      state,
      reason,
      dueAt,
      plusMs(dueAt, -3_600_000),
      isFrozen ? dueAt : null,
      isOver ? dueAt : null,
      isFrozen ? plusMs(dueAt, 48 * 3_600_000) : null,
      Object.values(deliveries).reduce((sum, count) => sum + count, 0),
    );
  const insert = database.prepare(
    `insert into delivery (edition_id, address, address_key, lang, variant, state, updated_at)
     values (?, ?, ?, 'en', ?, ?, ?)`,
  );
  let number = 0;
  for (const [kind, count] of Object.entries(deliveries)) {
    for (let index = 0; index < count; index++) {
      number += 1;
      insert.run(id, `reader${number}@example.com`, `key ${number}`, kind === 'excluded' ? null : 0, kind, dueAt);
    }
  }
  database.exec('commit');
  database.close();
  return id;
}

/** Readers by an operator’s word. */
export async function putReaders(
  app: Pick<App, 'subscribers'>,
  newsletter: string,
  count: number,
  now: Instant,
): Promise<void> {
  const readers = Array.from({ length: count }, (_, index) =>
    newReader(`${newsletter}${index}@example.com`, { newsletters: [newsletter] }),
  );
  await app.subscribers.addSubscribers(readers, now);
}
