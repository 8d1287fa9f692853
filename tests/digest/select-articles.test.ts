import { describe, expect, it } from 'vitest';
import { publishedCatalog } from '../../src/content/index.ts';
import {
  type Arrangement,
  type SelectOptions,
  selectStories,
  storiesForChoice,
  unarranged,
} from '../../src/digest/index.ts';
import { storyArticle, weekly } from '../support/story-fixtures.ts';

const now = '2026-11-27T03:00:00.000Z';

function select(
  articles: readonly ReturnType<typeof storyArticle>[],
  options: Partial<SelectOptions> = {},
  newsletter = weekly,
): string[] {
  const published = publishedCatalog({ articles, problems: [] }, ['en', 'fa'], now);
  const { chosen } = selectStories(published, newsletter, {
    usedStories: new Set(),
    lastCutoff: null,
    now,
    ...options,
  });
  return chosen.map(({ story }) => story.original.slug);
}

describe('selectStories', () => {
  it('leaves out what an earlier edition held', () => {
    const used = storyArticle({ slug: 'used' });
    expect(select([used, storyArticle({ slug: 'new' })], { usedStories: new Set([used.id]) })).toEqual(['new']);
  });

  it('leaves out what an earlier edition held in another language, though it has another key now', () => {
    const persian = storyArticle({ slug: 'used', lang: 'fa' });
    const english = storyArticle({ slug: 'used', publishedAt: now });
    expect(select([english, persian], { usedStories: new Set([persian.id]) })).toEqual([]);
  });

  it('gives no country more than a third of a period’s best while others have news, and the rest of the room to anybody', () => {
    const named = (slug: string, country: string, hour: number, changes = {}) =>
      storyArticle({ slug, countries: [country], date: `2026-11-25T1${hour}:00:00.000Z`, ...changes });
    const articles = [
      named('lead', 'armenia', 0, { priority: 'lead' }),
      ...['a', 'b', 'c'].map((slug, index) => named(slug, 'armenia', 9 - index)),
      named('d', 'georgia', 5),
      named('e', 'iran', 4),
      named('brief', 'iran', 9, { priority: 'brief' }),
    ];
    const six = { ...weekly, select: { ...weekly.select, limit: 6 } };
    expect(select(articles, {}, six)).toEqual(['lead', 'a', 'b', 'c', 'd', 'e']);
    expect(select(articles, { rhythm: 'weekly' }, six)).toEqual(['lead', 'a', 'b', 'd', 'e', 'brief']);
    const three = { ...weekly, select: { ...weekly.select, limit: 3 } };
    expect(select(articles, { rhythm: 'weekly' }, three)).toEqual(['lead', 'd', 'e']);
  });

  it('reaches back farther for the best of a month than of a week', () => {
    const old = storyArticle({ slug: 'old', date: '2026-11-01T00:00:00.000Z' });
    expect(select([old], { rhythm: 'weekly' })).toEqual([]);
    expect(select([old], { rhythm: 'monthly' })).toEqual(['old']);
  });

  it('takes a late-dated article that was first seen after the last cut-off, and none seen before it', () => {
    const late = storyArticle({
      slug: 'late',
      date: '2026-11-18T00:00:00.000Z',
      publishedAt: '2026-11-26T00:00:00.000Z',
    });
    const old = storyArticle({ slug: 'old', date: '2026-11-19T00:00:00.000Z' });
    expect(select([late, old], { lastCutoff: '2026-11-20T03:00:00.000Z' })).toEqual(['late']);
  });

  it('takes nothing seen exactly at the last cut-off again', () => {
    const article = storyArticle({ slug: 'edge', publishedAt: '2026-11-20T03:00:00.000Z' });
    expect(select([article], { lastCutoff: '2026-11-20T03:00:00.000Z' })).toEqual([]);
  });

  it('does not mail an imported archive: nothing dated more than fourteen days ago', () => {
    const within = storyArticle({ slug: 'within', date: '2026-11-13T03:00:00.000Z', publishedAt: now });
    const before = storyArticle({ slug: 'before', date: '2026-11-13T02:59:59.000Z', publishedAt: now });
    expect(select([within, before])).toEqual(['within']);
  });

  it('takes by hand what is dated since a day, seen before or not, but nothing used', () => {
    const used = storyArticle({ slug: 'used', date: '2023-05-01T00:00:00.000Z' });
    const articles = [
      storyArticle({ slug: 'spring', date: '2023-04-09T00:00:00.000Z' }),
      storyArticle({ slug: 'winter', date: '2023-01-09T00:00:00.000Z' }),
      used,
    ];
    const options = { since: '2023-04-01T00:00:00.000Z', lastCutoff: now, usedStories: new Set([used.id]) };
    expect(select(articles, options)).toEqual(['spring']);
  });

  it('takes exactly the slugs named, in that order, used before or not', () => {
    const articles = ['a', 'b', 'c'].map((slug) => storyArticle({ slug, date: '2020-01-01T00:00:00.000Z' }));
    const usedStories = new Set(articles.map((article) => article.id));
    expect(select(articles, { slugs: ['c', 'a'], usedStories })).toEqual(['c', 'a']);
  });

  it('takes a slug named twice once', () => {
    expect(select([storyArticle({ slug: 'a' })], { slugs: ['a', 'a'] })).toEqual(['a']);
  });

  it('names an unknown slug and the nearest one', () => {
    const articles = [storyArticle({ slug: 'tehran-talks' })];
    expect(() => select(articles, { slugs: ['tehran-talk'] })).toThrow(/“tehran-talk”.*“tehran-talks”/);
  });

  it('puts lead and breaking first, briefs last, each newest first, and stops at the limit', () => {
    const articles = [
      storyArticle({ slug: 'brief', priority: 'brief', date: '2026-11-26T09:00:00.000Z' }),
      storyArticle({ slug: 'older', date: '2026-11-24T00:00:00.000Z' }),
      storyArticle({ slug: 'newer', date: '2026-11-25T00:00:00.000Z' }),
      storyArticle({ slug: 'lead', priority: 'lead', date: '2026-11-20T00:00:00.000Z' }),
      storyArticle({ slug: 'breaking', priority: 'breaking', date: '2026-11-21T00:00:00.000Z' }),
    ];
    expect(select(articles)).toEqual(['breaking', 'lead', 'newer', 'older', 'brief']);
    expect(select(articles, {}, { ...weekly, select: { ...weekly.select, limit: 2 } })).toEqual(['breaking', 'lead']);
  });

  it('counts the translations of a story once', () => {
    const article = storyArticle({ slug: 'talks' });
    expect(select([article, storyArticle({ slug: 'talks', lang: 'fa' })])).toEqual(['talks']);
  });

  it('keeps to the countries of the newsletter', () => {
    const articles = [storyArticle({ slug: 'here' }), storyArticle({ slug: 'there', countries: ['georgia'] })];
    const georgia = { ...weekly, select: { limit: 12, countries: ['georgia'], topics: [] } };
    expect(select(articles, {}, georgia)).toEqual(['there']);
  });
});

describe('selectStories with its reasons', () => {
  const a = storyArticle({ slug: 'a', date: '2026-11-26T03:00:00.000Z' });
  const b = storyArticle({ slug: 'b', date: '2026-11-25T03:00:00.000Z' });
  const c = storyArticle({ slug: 'c', date: '2026-11-24T03:00:00.000Z' });

  function reasons(
    articles: readonly ReturnType<typeof storyArticle>[],
    options: Partial<SelectOptions> = {},
    limit = 12,
  ) {
    const published = publishedCatalog({ articles, problems: [] }, ['en', 'fa'], now);
    const newsletter = { ...weekly, select: { limit, countries: ['armenia'], topics: [] } };
    const selection = selectStories(published, newsletter, {
      usedStories: new Set(),
      lastCutoff: null,
      now,
      ...options,
    });
    return Object.fromEntries(
      [...selection.chosen, ...selection.omitted].map(({ story, why }) => [story.original.slug, why]),
    );
  }
  const arranged = (changes: Partial<Arrangement>) => ({ arrangement: { ...unarranged, ...changes } });

  it('says why each was chosen', () => {
    expect(reasons([a], { lastCutoff: '2026-11-20T03:00:00.000Z' })).toEqual({
      a: { kind: 'new', since: '2026-11-20T03:00:00.000Z' },
    });
    expect(reasons([a], { since: '2026-11-01T00:00:00.000Z' })).toMatchObject({ a: { kind: 'dated' } });
    expect(reasons([a, b], { slugs: ['a'] })).toEqual({ a: { kind: 'named' }, b: { kind: 'not_named' } });
    expect(reasons([a], arranged({ pinned: [a.id] }))).toEqual({ a: { kind: 'pinned' } });
  });

  it('says why each of the others was not', () => {
    const used = storyArticle({ slug: 'used' });
    const articles = [
      a,
      b,
      used,
      storyArticle({ slug: 'there', countries: ['georgia'] }),
      storyArticle({ slug: 'old', date: '2026-11-01T00:00:00.000Z', publishedAt: now }),
      storyArticle({ slug: 'passed', date: '2026-11-24T00:00:00.000Z' }),
      c,
    ];
    const options = {
      usedStories: new Set([used.id]),
      lastCutoff: '2026-11-24T00:00:00.000Z',
      ...arranged({ leftOut: [{ key: a.id, by: 'Ana' }] }),
    };
    expect(reasons(articles, options, 1)).toMatchObject({
      a: { kind: 'left_out', by: 'Ana' },
      b: { kind: 'new' },
      used: { kind: 'used' },
      there: { kind: 'elsewhere' },
      old: { kind: 'too_old', since: '2026-11-13T03:00:00.000Z' },
      passed: { kind: 'passed_over', cutoff: '2026-11-24T00:00:00.000Z' },
      c: { kind: 'over_limit', limit: 1 },
    });
  });

  it('gives the room of what is left out to the next, and counts what is pinned', () => {
    const two = { ...weekly, select: { ...weekly.select, limit: 2 } };
    expect(select([a, b, c], arranged({ leftOut: [{ key: a.id, by: 'Ana' }] }), two)).toEqual(['b', 'c']);
    expect(select([a, b, c], arranged({ pinned: [c.id] }), two)).toEqual(['c', 'a']);
  });

  it('holds what is pinned whatever its age, and drops it once it is withdrawn', () => {
    const old = storyArticle({ slug: 'old', date: '2020-01-01T00:00:00.000Z' });
    expect(select([a, old], arranged({ pinned: [old.id] }))).toEqual(['old', 'a']);
    expect(select([a], arranged({ pinned: [old.id] }))).toEqual(['a']);
    expect(select([a, b], { slugs: ['b'], ...arranged({ pinned: [a.id] }) })).toEqual(['a', 'b']);
  });

  it('puts a story that came after the order was given behind the one that it follows by itself', () => {
    const order = [c.id, a.id];
    expect(select([a, b, c], arranged({ order }))).toEqual(['c', 'a', 'b']);
    expect(select([a, b, c], arranged({ order: [c.id, b.id] }))).toEqual(['a', 'c', 'b']);
  });

  it('knows a story by any of its languages, though it has another key now', () => {
    const persian = storyArticle({ slug: 'talks', lang: 'fa' });
    const english = storyArticle({ slug: 'talks' });
    expect(select([english, persian], arranged({ leftOut: [{ key: persian.id, by: 'Ana' }] }))).toEqual([]);
  });
});

describe('storiesForChoice', () => {
  const published = publishedCatalog(
    {
      articles: [
        storyArticle({ slug: 'both', countries: ['armenia', 'iran'], topics: ['energy'] }),
        storyArticle({ slug: 'one', countries: ['georgia'], topics: ['security'] }),
      ],
      problems: [],
    },
    ['en'],
    now,
  );
  const choose = (countries: readonly string[], topics: readonly string[]): string[] =>
    storiesForChoice(published.stories, { countries, topics }).map((story) => story.original.slug);

  it('takes everything where nothing is chosen', () => {
    expect(choose([], []).toSorted()).toEqual(['both', 'one']);
  });

  it('matches a story of several countries by any of them', () => {
    expect(choose(['iran'], [])).toEqual(['both']);
  });

  it('asks for a chosen country and a chosen topic at once', () => {
    expect(choose(['georgia'], ['energy'])).toEqual([]);
  });
});
