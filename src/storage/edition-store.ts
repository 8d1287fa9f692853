import { type Kysely, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import {
  type DomainCounts,
  type Edition,
  type EditionCounts,
  type EditionPieces,
  type EditionReason,
  type EditionState,
  type EditionStore,
  type EditionTexts,
  editionTransitions,
  everybody,
  keyOfTime,
  type NewEdition,
  pendingEditionStates,
  type SeenEdition,
  type ToldStory,
} from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { Rhythm } from '../subscribers/index.ts';
import type { Database } from './database.ts';
import { advanceDraft, returnToDraft } from './edition-advance.ts';
import { arrangeEdition, listArrangementChanges } from './edition-arrangement.ts';
import { editionOf, updateEdition } from './edition-row.ts';
import type { Schema } from './schema.ts';
import { findOpenIn, refuseSecond } from './second-edition.ts';
import { isReceiving } from './subscriber-row.ts';

/** Editions of one story that are listed. */
const heldBy = 50;
const overStates: readonly EditionState[] = ['sent', 'skipped', 'cancelled'];

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
    createEdition: (edition) => database.transaction().execute((tx) => create(tx, edition)),
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
    findPending: (newsletter, rhythm = 'each') => findOpenIn(database, newsletter, rhythm, pendingEditionStates),
    findDraft: (newsletter, rhythm = 'each') => findOpenIn(database, newsletter, rhythm, ['draft']),
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
    async listPieces(editionId) {
      const rows = await database
        .selectFrom('edition_pieces')
        .select('pieces')
        .where('edition_id', '=', editionId)
        .orderBy('lang')
        .execute();
      return rows.map((row) => JSON.parse(row.pieces) as EditionPieces); // written by the freeze as it stands
    },
    async listTexts(editionIds, languages) {
      const texts = new Map<string, EditionTexts[]>(editionIds.map((id) => [id, []]));
      if (editionIds.length === 0 || languages.length === 0) return texts;
      const { rows } = await sql<{ edition_id: string; lang: string; stories: string }>`
        select edition_id, lang, (
          select json_group_array(json_object(
            'storyKey', value ->> 'storyKey', 'lang', value ->> 'lang', 'title', value ->> 'title', 'summary', value ->> 'summary'
          )) from json_each(pieces, '$.stories')
        ) as stories
        from edition_pieces
        where edition_id in (${sql.join([...editionIds])}) and lang in (${sql.join([...languages])})
        order by edition_id, lang`.execute(database);
      for (const { edition_id: id, lang, stories } of rows) {
        texts.get(id)?.push({ lang, stories: JSON.parse(stories) }); // just made of what the freeze wrote
      }
      return texts;
    },
    async listVariants(editionId) {
      const rows = await database
        .selectFrom('edition_variant')
        .selectAll()
        .where('edition_id', '=', editionId)
        .orderBy('number')
        .execute();
      return rows.map((row) => ({
        number: row.number,
        lang: row.lang,
        stories: JSON.parse(row.stories) as ToldStory[], // written by the freeze as it stands
        subject: row.subject,
        preheader: row.preheader,
        readers: row.readers,
      }));
    },
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

/** The counts of one edition, from the table that triggers keep. */
export async function readCounts(db: Kysely<Schema>, editionId: string): Promise<EditionCounts> {
  const counts = await readManyCounts(db, [editionId]);
  return counts.get(editionId) ?? countsOf([]);
}

async function readManyCounts(db: Kysely<Schema>, editionIds: readonly string[]): Promise<Map<string, EditionCounts>> {
  const ids = sql`(select value from json_each(${JSON.stringify(editionIds)}))`;
  // One statement, so one snapshot: during a freeze both grow.
  const { rows } = await sql<{ id: string; state: string; count: number }>`
    select id, 'candidates' as state, candidates as count from edition where id in ${ids}
    union all select edition_id, state, sum(count) from edition_count where edition_id in ${ids} group by 1, 2`.execute(
    db,
  );
  const byEdition = Map.groupBy(rows, ({ id }) => id);
  return new Map([...byEdition].map(([id, parts]) => [id, countsOf(parts)]));
}

async function readDomainCounts(db: Kysely<Schema>, editionId: string): Promise<DomainCounts[]> {
  const rows = await db
    .selectFrom('edition_count')
    .select(['lane', 'state', 'count'])
    .where('edition_id', '=', editionId)
    .where('count', '>', 0)
    .execute();
  const domains = Map.groupBy(rows, ({ lane }) => lane);
  return [...domains]
    .map(([domain, parts]) => {
      const candidates = parts.reduce((sum, { count }) => sum + count, 0);
      return { domain, ...countsOf([...parts, { state: 'candidates', count: candidates }]) };
    })
    .sort((a, b) => Number(a.domain === '') - Number(b.domain === '') || b.candidates - a.candidates);
}

function countsOf(rows: readonly { readonly state: string; readonly count: number }[]): EditionCounts {
  const counts = new Map(rows.map((row) => [row.state, row.count]));
  const of = (state: string): number => counts.get(state) ?? 0;
  return {
    candidates: of('candidates'),
    excluded: of('excluded'),
    queued: of('queued'),
    claimed: of('claimed'),
    attempting: of('attempting'),
    sent: of('sent'),
    deferred: of('deferred'),
    failed: of('failed'),
    in_doubt: of('in_doubt'),
    cancelled: of('cancelled'),
  };
}

/** Editions whose stories count as used: a cancelled one only where something of it may have reached a reader. */
const wentOut = sql<boolean>`(edition.state <> 'cancelled' or exists (
  select 1 from edition_count where edition_count.edition_id = edition.id
    and edition_count.state in ('attempting', 'sent', 'in_doubt') and edition_count.count > 0))`;

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

async function create(tx: Kysely<Schema>, edition: NewEdition): Promise<Edition | null> {
  const { requestToken = null } = edition;
  if (requestToken !== null) {
    const same = await tx
      .selectFrom('edition')
      .selectAll()
      .where('request_token', '=', requestToken)
      .executeTakeFirst();
    if (same) return editionOf(same);
  }
  const key = await freeKey(tx, edition);
  if (key === null) return null;
  await refuseSecond(tx, edition);
  const row = await tx
    .insertInto('edition')
    .values({
      id: `${edition.newsletter}-${key}`,
      newsletter: edition.newsletter,
      rhythm: edition.rhythm ?? 'each',
      key,
      state: edition.state,
      reason: edition.reason,
      trigger: edition.trigger,
      selection: JSON.stringify(edition.selection),
      audience: JSON.stringify(edition.audience ?? everybody),
      request_token: requestToken,
      opened_by: edition.openedBy ?? null,
      arrangement: JSON.stringify(edition.arrangement ?? {}),
      due_at: edition.dueAt,
      cutoff: null,
      transport: null,
      created_at: edition.now,
      frozen_at: null,
      finished_at: overStates.includes(edition.state) ? edition.now : null,
      expires_at: null,
      candidates: 0,
      freezer: null,
      freezer_until: null,
      paused_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return editionOf(row);
}

/** `2026-11-27T0300Z`, with `-2` where it is taken; null where one of the same rhythm has it and no other is wanted. */
async function freeKey(tx: Kysely<Schema>, edition: NewEdition): Promise<string | null> {
  const plain = keyOfTime(edition.dueAt);
  const rows = await tx
    .selectFrom('edition')
    .select(['key', 'rhythm'])
    .where('newsletter', '=', edition.newsletter)
    .where('key', 'like', `${plain}%`)
    .execute();
  const taken = new Set(rows.map((row) => row.key));
  if (edition.key === 'once' && rows.some(({ rhythm }) => rhythm === (edition.rhythm ?? 'each'))) return null;
  if (!taken.has(plain)) return plain;
  for (let number = 2; ; number += 1) {
    const key = `${plain}-${number}`;
    if (!taken.has(key)) return key;
  }
}
