import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import {
  type Edition,
  type EditionReason,
  type EditionState,
  type EditionStore,
  editionTransitions,
  openEditionStates,
  pendingEditionStates,
  type SeenEdition,
} from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Rhythm } from '../../subscribers/index.ts';
import type { Database } from '../database/database.ts';
import type { Schema } from '../database/schema.ts';
import { isReceiving } from '../readers/subscriber-row.ts';
import { advanceDraft, returnToDraft } from './edition-advance.ts';
import { arrangeEdition, listArrangementChanges } from './edition-arrangement.ts';
import { listPieces, listTexts, listVariants } from './edition-content.ts';
import { readCounts, readDomainCounts, readManyCounts } from './edition-counts.ts';
import { createEdition } from './edition-create.ts';
import { editionOf, isDraft, isPending, openIds, overStates, updateEdition } from './edition-row.ts';
import { findOpenIn, refuseSecond } from './second-edition.ts';

/** Editions of one story that are listed. */
const heldBy = 50;

/** Editions, their frozen content and their counts. */
export function createEditionStore(database: Database): EditionStore {
  /** By series: what its editions held, which stays as it was frozen. After years there are ten thousands of stories. */
  const usedStories = new Map<string, { readonly editions: string; readonly stories: ReadonlySet<string> }>();
  const find = async (db: Kysely<Schema>, id: string): Promise<Edition> => {
    const row = await db.selectFrom('edition').selectAll().where('id', '=', id).executeTakeFirst();
    if (row) return editionOf(row);
    throw new AppError('not_found', `There is no edition ${id}.`);
  };

  const move = (
    id: string,
    to: EditionState,
    fields: { reason: EditionReason | null; now: Instant; cutoff?: Instant | null; seen: SeenEdition | undefined },
  ): Promise<Edition> =>
    database.transaction().execute(async (tx) => {
      const edition = await find(tx, id);
      const { state, revision } = fields.seen ?? edition;
      if (edition.state !== state || edition.revision !== revision) {
        throw new AppError('conflict', `The edition ${id} has been changed meanwhile, and is ${edition.state}.`);
      }
      if (!editionTransitions[edition.state].includes(to)) {
        throw new AppError('conflict', `The edition ${id} is ${edition.state} and can't become ${to}.`);
      }
      if (!pendingEditionStates.includes(edition.state)) await refuseSecond(tx, { ...edition, state: to });
      return updateEdition(tx, id, {
        state: to,
        reason: fields.reason,
        ...(overStates.includes(to) ? { finished_at: fields.now } : {}),
        ...(fields.cutoff === undefined ? {} : { cutoff: fields.cutoff }),
      });
    });

  return {
    createEdition: (edition) => database.transaction().execute((tx) => createEdition(tx, edition)),
    async findEdition(id) {
      const row = await database.selectFrom('edition').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? editionOf(row) : null;
    },
    async findByRequest(token) {
      const row = await database
        .selectFrom('edition')
        .selectAll()
        .where('request_token', '=', token)
        .executeTakeFirst();
      return row ? editionOf(row) : null;
    },
    findPending: (newsletter, rhythm = 'each') => findOpenIn(database, newsletter, rhythm, isPending),
    findDraft: (newsletter, rhythm = 'each') => findOpenIn(database, newsletter, rhythm, isDraft),
    async findNextDue(after) {
      const { rows } = await sql<{ due: Instant | null }>`
        select min(due_at) as due from edition where state = 'approved' and due_at > ${after}`.execute(database);
      return rows[0]?.due ?? null;
    },
    async findByKey(newsletter, key) {
      const row = await database
        .selectFrom('edition')
        .selectAll()
        .where('newsletter', '=', newsletter)
        .where('key', '=', key)
        .executeTakeFirst();
      return row ? editionOf(row) : null;
    },
    async listEditions(filter = {}) {
      let query = database
        .selectFrom('edition')
        .selectAll()
        .orderBy('due_at', 'desc')
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc');
      if (filter.newsletter !== undefined) query = query.where('newsletter', '=', filter.newsletter);
      if (filter.rhythm !== undefined) query = query.where('rhythm', '=', filter.rhythm);
      if (filter.states !== undefined) query = query.where('state', 'in', [...filter.states]);
      if (filter.states?.every((state) => openEditionStates.includes(state))) query = query.where(isOpen);
      if (filter.isFrozen) query = query.where('frozen_at', 'is not', null);
      if (filter.after !== undefined) {
        query = query.where(
          sql<boolean>`(due_at, created_at, id) < (select due_at, created_at, id from edition where id = ${filter.after})`,
        );
      }
      if (filter.limit !== undefined) query = query.limit(filter.limit).offset(filter.offset ?? 0);
      return (await query.execute()).map(editionOf);
    },
    moveEdition: (id, to, { reason, now, seen }) => move(id, to, { reason: reason ?? null, now, seen }),
    skipEdition: (id, { reason, cutoff, now, seen }) => move(id, 'skipped', { reason, now, cutoff, seen }),
    advanceDraft: (id, change) => advanceDraft(database, id, change),
    returnToDraft: (id, dueAt) => returnToDraft(database, id, dueAt),
    arrangeEdition: (id, change) => arrangeEdition(database, id, change),
    listArrangementChanges: (id, limit) => listArrangementChanges(database, id, limit),
    async findLastCutoff(newsletter, rhythm = 'each') {
      const row = await database
        .selectFrom('edition')
        .select((eb) => eb.fn.max('cutoff').as('cutoff'))
        .where('newsletter', '=', newsletter)
        .where('rhythm', '=', rhythm)
        .where(wentOut)
        .executeTakeFirst();
      return row?.cutoff ?? null;
    },
    async listUsedStories(newsletter, rhythm = 'each') {
      const rows = await database
        .selectFrom('edition')
        .select('id')
        .where('newsletter', '=', newsletter)
        .where('rhythm', '=', rhythm)
        .where('frozen_at', 'is not', null)
        .where(wentOut)
        .orderBy('id')
        .execute();
      const editions = rows.map(({ id }) => id).join(' ');
      const series = `${newsletter} ${rhythm}`;
      let known = usedStories.get(series);
      if (known?.editions !== editions) {
        known = { editions, stories: await readUsedStories(database, newsletter, rhythm) };
        usedStories.set(series, known);
      }
      return known.stories;
    },
    async listEditionsHolding(articleIds) {
      const rows = await database
        .selectFrom('edition')
        .selectAll()
        .where('id', 'in', (eb) =>
          eb.selectFrom('edition_story').select('edition_id').where('story_key', 'in', articleIds),
        )
        .where('frozen_at', 'is not', null)
        .orderBy('frozen_at', 'desc')
        .orderBy('id')
        .limit(heldBy)
        .execute();
      return rows.map(editionOf);
    },
    listPieces: (editionId) => listPieces(database, editionId),
    listTexts: (editionIds, languages) => listTexts(database, editionIds, languages),
    listVariants: (editionId) => listVariants(database, editionId),
    getCounts: (editionId) => readCounts(database, editionId),
    listCounts: (editionIds) => readManyCounts(database, editionIds),
    listDomainCounts: (editionId) => readDomainCounts(database, editionId),
    async listRhythms(newsletter, rhythms, now) {
      const found: Rhythm[] = [];
      // One reader of each is enough. The condition on `each` is word for word that of a partial index.
      for (const rhythm of rhythms) {
        const { rows } = await sql`
          select 1 from subscription join subscriber as reader on reader.id = subscription.subscriber_id
          where subscription.newsletter = ${newsletter} and subscription.rhythm = ${rhythm} and subscription.rhythm <> 'each'
            and ${isReceiving(now)} and reader.state = 'active' limit 1`.execute(database);
        if (rows.length > 0) found.push(rhythm);
      }
      return found;
    },
    async listSeen() {
      const rows = await database.selectFrom('newsletter_seen').select('newsletter').distinct().execute();
      return new Set(rows.map((row) => row.newsletter));
    },
    async forgetSeen(names) {
      if (names.length === 0) return;
      await database
        .deleteFrom('newsletter_seen')
        .where('newsletter', 'in', [...names])
        .execute();
    },
    async seeNewsletters(names, transport, now) {
      if (names.length === 0) return new Map();
      return database.transaction().execute(async (tx) => {
        await tx
          .insertInto('newsletter_seen')
          .values(names.map((newsletter) => ({ newsletter, transport, since: now })))
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const rows = await tx
          .selectFrom('newsletter_seen')
          .select(['newsletter', 'since'])
          .where('transport', '=', transport)
          .where('newsletter', 'in', [...names])
          .execute();
        return new Map(rows.map((row) => [row.newsletter, row.since]));
      });
    },
  };
}

const isOpen = sql<boolean>`edition.id in ${openIds}`;

/** Editions whose stories count as used: a cancelled one only where something of it may have reached a reader. */
const wentOut = sql<boolean>`(edition.state <> 'cancelled' or exists (
  select 1 from edition_count where edition_count.edition_id = edition.id
    and edition_count.state in ('sent', 'in_doubt') and edition_count.count > 0)
  or exists (select 1 from delivery where delivery.worker is not null
    and +delivery.edition_id = edition.id and delivery.state = 'attempting'))`;

async function readUsedStories(db: Kysely<Schema>, newsletter: string, rhythm: Rhythm): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('edition_story')
    .innerJoin('edition', 'edition.id', 'edition_story.edition_id')
    .select(['story_key', 'versions'])
    .where('newsletter', '=', newsletter)
    .where('rhythm', '=', rhythm)
    .where('frozen_at', 'is not', null)
    .where(wentOut)
    .execute();
  return new Set(rows.flatMap((row) => [row.story_key, ...Object.keys(JSON.parse(row.versions) as object)]));
}
