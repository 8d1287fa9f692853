import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const steps = [
  'create index edition_story_of on edition_story (story_key)',
  'create index edition_of_newsletter on edition (newsletter, due_at, created_at, id)',
];

/** Finds the editions that held a story, and the newest of a newsletter. */
export const editionLists: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const step of steps) await sql.raw(step).execute(db);
  },
};
