import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  'drop index delivery_once_per_address',
  // Excluded rows have no variant and never turn into mail: a second entry of one address is recorded as such. By its
  // state the index would be written at each change of it.
  'create unique index delivery_once_per_address on delivery (edition_id, address_key) where variant is not null',
];

/** Keeps an address to one delivery of an edition at no cost for each change of its state. */
export const onceByVariant: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
