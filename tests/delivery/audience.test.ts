import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import type { FullArticle, Story } from '../../src/content/index.ts';
import { freezeInput, frozenStory } from '../../src/delivery/index.ts';
import { type EditionPieces, everybody } from '../../src/digest/index.ts';
import type { Rhythm } from '../../src/subscribers/index.ts';
import { collect, type MailRoom, openMailRoom, piecesOf, sumOf } from '../support/mailing.ts';
import { dispatchSite, storyArticle, weekly } from '../support/story-fixtures.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const languages = ['en', 'fa', 'ru'];
const site = { ...dispatchSite, languages };
const start = '2026-10-01T03:00:00.000Z';
const dayMs = 86_400_000;

interface Reader {
  readonly languages: readonly string[];
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly state: 'active' | 'suspended' | 'pending';
  readonly suppressed: boolean;
  readonly rhythm: Rhythm;
  /** Of both newsletters. */
  readonly subscription: 'active' | 'paused' | 'left';
  /** Days from the start; null: until the reader comes back. */
  readonly pausedUntil: number | null;
}

interface Happening {
  readonly newsletter: 'weekly' | 'daily';
  readonly rhythm: 'each' | 'weekly';
  /** Days since the edition before. */
  readonly after: number;
  /** Which of the stories it holds. */
  readonly stories: readonly number[];
  /** What became of each delivery, in turn. */
  readonly fates: readonly string[];
  /** Articles that change just before: story and language. */
  readonly changed: readonly (readonly [number, string])[];
  /** Translations that come just before. */
  readonly added: readonly (readonly [number, string])[];
  readonly again: boolean;
}

interface NewsStory {
  readonly countries: readonly string[];
  readonly topics: readonly string[];
  readonly languages: readonly string[];
}

const countries = ['armenia', 'georgia', 'iran'];
const topics = ['security', 'energy'];
const anyLanguages = fc.shuffledSubarray(languages, { minLength: 1 });
const anyReader: fc.Arbitrary<Reader> = fc.record({
  languages: anyLanguages,
  countries: fc.subarray(countries),
  topics: fc.subarray(topics),
  state: fc.constantFrom('active', 'active', 'active', 'suspended', 'pending'),
  suppressed: fc.nat(9).map((number) => number === 0),
  rhythm: fc.constantFrom('each', 'each', 'daily', 'weekly', 'monthly'),
  subscription: fc.constantFrom('active', 'active', 'active', 'paused', 'left'),
  pausedUntil: fc.option(fc.nat(60)),
});
const anyStory: fc.Arbitrary<NewsStory> = fc.record({
  countries: fc.subarray(countries),
  topics: fc.subarray(topics),
  languages: anyLanguages,
});
const storyCount = 5;
const anyChange = fc.array(fc.tuple(fc.nat(storyCount - 1), fc.constantFrom(...languages)), { maxLength: 2 });
const anyHappening: fc.Arbitrary<Happening> = fc.record({
  newsletter: fc.constantFrom('weekly', 'daily'),
  rhythm: fc.constantFrom('each', 'each', 'weekly'),
  after: fc.constantFrom(0, 1, 10, 25, 31),
  stories: fc.shuffledSubarray([...Array(storyCount).keys()], { minLength: 1 }),
  fates: fc.array(
    fc.constantFrom('sent', 'sent', 'bounced', 'in_doubt', 'attempting', 'queued', 'deferred', 'failed', 'cancelled'),
    { minLength: 1, maxLength: 5 },
  ),
  changed: anyChange,
  added: anyChange,
  again: fc.nat(9).map((number) => number === 0),
});

/** The newsroom's stories, as they are at one time. */
function storiesOf(news: readonly NewsStory[], updated: ReadonlyMap<string, string>): Story<FullArticle>[] {
  return news.map(({ countries: about, topics: under, languages: told }, index) => {
    const articles = languages
      .filter((lang) => told.includes(lang))
      .map((lang) => {
        const change = updated.get(`${index} ${lang}`) ?? start;
        return storyArticle({ slug: `story-${index}`, lang, countries: about, topics: under, updated: change });
      });
    const [original] = articles;
    if (!original) throw new Error('a story without an article');
    return { key: original.id, original, byLanguage: new Map(articles.map((article) => [article.lang, article])) };
  });
}

/** Every story in every language that it exists in, for each language of the mail’s own words. */
function piecesFor(stories: readonly Story[]): EditionPieces[] {
  return languages.map((lang) => {
    const all = languages.map((told) => {
      const keys = stories.filter(({ byLanguage }) => byLanguage.has(told)).map(({ key }) => key);
      return { told, pieces: piecesOf(told, keys).stories };
    });
    const told = all.flatMap(({ pieces }) => pieces);
    const stands = stories.map(({ key, byLanguage, original }) => {
      const shown = byLanguage.has(lang) ? lang : byLanguage.has('en') ? 'en' : original.lang;
      return told.find((piece) => piece.storyKey === key && piece.lang === shown);
    });
    const common = stands.filter((piece) => piece !== undefined);
    const whole = piecesOf(
      lang,
      stories.map(({ key }) => key),
    );
    return { ...whole, stories: common, besides: told.filter((piece) => !common.includes(piece)) };
  });
}

/** What a reader had, and when: the model’s whole memory. */
interface Had {
  readonly reader: number;
  readonly at: string;
  readonly index: number;
  /** `updated` of each language that there was. */
  readonly versions: ReadonlyMap<string, string>;
}

/** The expected row of a reader, in plain words; null: none. */
function expectedRow(
  reader: Reader,
  id: number,
  stories: readonly Story[],
  happening: Happening,
  now: string,
  memory: readonly Had[],
): { reason: string | null; told: string[] } | null {
  const isBack =
    reader.subscription === 'paused' && reader.pausedUntil !== null && plusMs(start, reader.pausedUntil * dayMs) <= now;
  const receives = reader.subscription === 'active' || isBack;
  const rhythms = happening.rhythm === 'each' ? ['each', 'daily'] : ['weekly'];
  if (!receives || reader.state === 'pending' || !rhythms.includes(reader.rhythm)) return null;
  if (reader.state === 'suspended') return { reason: 'suspended', told: [] };
  if (reader.suppressed) return { reason: 'suppressed', told: [] };
  const told: string[] = [];
  for (const index of happening.stories) {
    const story = stories[index];
    if (!story) continue;
    const inCountries =
      reader.countries.length === 0 || story.original.countries.some((key) => reader.countries.includes(key));
    const inTopics = reader.topics.length === 0 || story.original.topics.some((key) => reader.topics.includes(key));
    if (!inCountries || !inTopics) continue;
    const lang =
      reader.languages.find((candidate) => story.byLanguage.has(candidate)) ??
      (story.byLanguage.has('en') ? 'en' : story.original.lang);
    const had = memory.filter((one) => one.reader === id && one.index === index && one.at > plusMs(now, -30 * dayMs));
    const last = happening.again ? undefined : had.at(-1);
    if (last === undefined) told.push(`${index} ${lang}`);
    else {
      const then = last.versions.get(lang);
      if (then !== undefined && (story.byLanguage.get(lang)?.updated ?? '') > then)
        told.push(`${index} ${lang} update`);
    }
  }
  return told.length === 0 ? { reason: 'nothing_for_reader', told } : { reason: null, told };
}

async function addReaders({ database }: MailRoom, readers: readonly Reader[]): Promise<number[]> {
  const ids: number[] = [];
  for (const [index, reader] of readers.entries()) {
    const { languages: order, countries: about, topics: under } = reader;
    const { id } = await database
      .insertInto('subscriber')
      .values({
        email: `reader${index}@example.com`,
        name: null,
        address_key: `key ${index}`,
        lang: order[0] ?? 'en',
        languages: JSON.stringify(order),
        choice: JSON.stringify({ languages: order, countries: about, topics: under }),
        timezone: null,
        state: reader.state,
        sample: 0,
        created_at: start,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    for (const newsletter of ['weekly', 'daily']) {
      await database
        .insertInto('subscription')
        .values({
          subscriber_id: id,
          newsletter,
          state: reader.subscription,
          since: start,
          source: 'import',
          rhythm: reader.rhythm,
          paused_until: reader.pausedUntil === null ? null : plusMs(start, reader.pausedUntil * dayMs),
        })
        .execute();
    }
    if (reader.suppressed) {
      await database
        .insertInto('suppression')
        .values({ address_key: `key ${index}`, reason: 'complaint', since: start })
        .execute();
    }
    ids.push(Number(id));
  }
  return ids;
}

async function freezeOne(room: MailRoom, all: readonly Story<FullArticle>[], happening: Happening, now: string) {
  const { newsletter, rhythm, again } = happening;
  const stories = happening.stories.flatMap((index) => all[index] ?? []);
  const selection = { since: null, slugs: null, ...(again ? { again } : {}) };
  const edition = await room.editions.createEdition({
    newsletter,
    rhythm,
    dueAt: now,
    trigger: 'manual',
    selection,
    state: 'approved',
    reason: null,
    now,
    key: 'another',
  });
  if (!edition) throw new Error('no edition');
  const rhythms: readonly Rhythm[] = rhythm === 'each' ? ['each', 'daily'] : ['weekly'];
  const past = again ? [] : await room.ledger.listPast(stories.map(frozenStory), now);
  const groups = await room.audience.listAudience({
    newsletter,
    rhythms,
    audience: everybody,
    excludeReserved: false,
    now,
    past,
  });
  const counts = await room.ledger.freeze(
    freezeInput({
      site,
      edition,
      newsletter: { ...weekly, name: newsletter },
      rhythms,
      stories,
      pieces: piecesFor(stories),
      groups,
      transport: 'outbox',
      excludeReserved: false,
      now,
    }),
  );
  return { id: edition.id, counts, groups };
}

describe('the frozen audience', () => {
  it('is what a plain reading of each reader’s wishes and past says, for any readers, stories and histories', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyReader, { minLength: 1, maxLength: 12 }),
        fc.array(anyStory, { minLength: storyCount, maxLength: storyCount }),
        fc.array(anyHappening, { minLength: 1, maxLength: 4 }),
        async (readers, firstNews, happenings) => {
          const { path } = await temporaryFolder();
          const room = await openMailRoom(path);
          try {
            const ids = await addReaders(room, readers);
            let news: readonly NewsStory[] = firstNews;
            const updated = new Map<string, string>();
            const memory: Had[] = [];
            let now = start;
            for (const happening of happenings) {
              // A minute more, so that no two are frozen at the same time.
              now = plusMs(now, happening.after * dayMs + 60_000);
              for (const [index, lang] of happening.changed) updated.set(`${index} ${lang}`, now);
              news = news.map((story, index) => ({
                ...story,
                languages: [
                  ...story.languages,
                  ...happening.added.filter(([at]) => at === index).map(([, lang]) => lang),
                ],
              }));
              const stories = storiesOf(news, updated);
              const { id, counts, groups } = await freezeOne(room, stories, happening, now);

              const expected = readers.map((reader, index) =>
                expectedRow(
                  reader,
                  ids[index] ?? 0,
                  stories,
                  happening,
                  now,
                  memory.map((one) => one),
                ),
              );
              const variants = await room.editions.listVariants(id);
              const rows = await collect(room.ledger.listDeliveries(id));
              const byReader = new Map(rows.map((row) => [row.subscriberId, row]));
              expect(byReader.size).toBe(rows.length);
              const actual = ids.map((reader, index) => {
                const row = byReader.get(reader);
                if (!row) return null;
                const variant = row.variant === null ? undefined : variants[row.variant];
                if (variant) expect(variant.lang).toBe(readers[index]?.languages[0]);
                const told = (variant?.stories ?? []).map(({ key, lang, isUpdate }) => {
                  const at = stories.findIndex((story) => story.key === key);
                  return `${at} ${lang}${isUpdate ? ' update' : ''}`;
                });
                return { reason: row.reason, told };
              });
              expect(actual.map((row) => row && { ...row, told: row.told.toSorted() })).toEqual(
                expected.map((row) => row && { ...row, told: row.told.toSorted() }),
              );
              expect(counts.candidates).toBe(expected.filter((row) => row !== null).length);
              expect(counts.excluded).toBe(expected.filter((row) => row?.reason).length);
              expect(sumOf(counts)).toBe(counts.candidates);
              expect(groups.reduce((sum, group) => sum + group.readers, 0)).toBe(counts.candidates);
              expect(new Set(variants.map(({ lang, stories: told }) => JSON.stringify([lang, told]))).size).toBe(
                variants.length,
              );

              // What becomes of it.
              for (const [number, row] of rows.filter(({ reason }) => reason === null).entries()) {
                const fate = happening.fates[number % happening.fates.length] ?? 'sent';
                await room.database
                  .updateTable('delivery')
                  .set(fate === 'bounced' ? { state: 'sent', outcome: 'bounced' } : { state: fate })
                  .where('id', '=', row.id)
                  .execute();
                if (['bounced', 'failed', 'cancelled'].includes(fate)) continue;
                for (const { key } of variants[row.variant ?? -1]?.stories ?? []) {
                  const index = stories.findIndex((story) => story.key === key);
                  const versions = [...(stories[index]?.byLanguage.values() ?? [])];
                  memory.push({
                    reader: row.subscriberId ?? 0,
                    at: now,
                    index,
                    versions: new Map(versions.map((article) => [article.lang, article.updated])),
                  });
                }
              }
              await room.database.updateTable('edition').set({ state: 'sent' }).where('id', '=', id).execute();
            }
          } finally {
            await room.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  }, 120_000);
});
