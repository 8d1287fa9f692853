import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

/** What hubs are still to be told. */
export const hubPings: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql
      .raw(
        `create table hub_ping (
          hub text not null, self_url text not null, etag text not null, looks integer not null,
          tries integer not null, not_before text not null, primary key (hub, self_url))`,
      )
      .execute(db);
  },
};
