import { describe, expect, it } from 'vitest';
import { type ForeignEntry, type MatchedArticle, matchForeignGuids } from '../../../src/content/index.ts';

const articleOf = (changes: Partial<MatchedArticle> & { readonly path: string }): MatchedArticle => ({
  lang: 'en',
  slug: 'talks',
  title: 'Talks in Tehran',
  date: '2023-04-09T14:30:00.000Z',
  aliases: [],
  ...changes,
});

const entryOf = (changes: Partial<ForeignEntry> = {}): ForeignEntry => ({
  guid: 'http://old.example/?p=1',
  url: 'http://old.example/2023/04/talks/',
  slug: null,
  title: 'Talks in Tehran',
  date: '2023-04-09T14:30:00.000Z',
  ...changes,
});

const pathsFor = (entries: ForeignEntry[], articles: MatchedArticle[]) =>
  matchForeignGuids(entries, articles).matches.map(({ path, guid }) => [path, guid]);

describe('matchForeignGuids', () => {
  it('finds an article by its old address, however that is written', () => {
    const article = articleOf({ path: 'a.md', slug: 'other', title: 'Other', aliases: ['/2023/04/talks'] });
    for (const url of ['http://old.example/2023/04/talks/', 'https://new.example/2023/04/talks/index.html']) {
      const { matches } = matchForeignGuids([entryOf({ url, title: null, date: null })], [article]);
      expect(matches).toEqual([{ path: 'a.md', guid: 'http://old.example/?p=1', alias: null }]);
    }
    const persian = articleOf({ path: 'a.md', slug: 'x', aliases: ['/خبر'] });
    expect(pathsFor([entryOf({ url: 'http://old.example/%D8%AE%D8%A8%D8%B1/', title: null })], [persian])).toHaveLength(
      1,
    );
  });

  it('finds it by the last part of the address, and gives the address back as an alias', () => {
    const { matches } = matchForeignGuids(
      [entryOf({ url: 'http://old.example/2023/talks.html' })],
      [articleOf({ path: 'a.md' })],
    );
    expect(matches).toEqual([{ path: 'a.md', guid: 'http://old.example/?p=1', alias: '/2023/talks.html' }]);
  });

  it('believes a slug only where title or day agree', () => {
    const entry = entryOf({ title: 'Weekly talks', date: '2014-01-01T00:00:00.000Z' });
    expect(matchForeignGuids([entry], [articleOf({ path: 'a.md' })])).toMatchObject({
      matches: [],
      unmatched: [entry],
    });
    expect(pathsFor([{ ...entry, date: '2023-04-08T20:00:00.000Z' }], [articleOf({ path: 'a.md' })])).toHaveLength(1);
  });

  it('finds it by title and day where the address tells nothing', () => {
    const entry = entryOf({ url: 'http://old.example/?p=1', title: 'TALKS in &#8220;Tehran&#8221;' });
    expect(pathsFor([entry], [articleOf({ path: 'a.md', slug: 'x' })])).toHaveLength(1);
    const years = [
      articleOf({ path: 'a.md', slug: 'x' }),
      articleOf({ path: 'b.md', slug: 'y', date: '2022-04-09T14:30:00.000Z' }),
    ];
    expect(pathsFor([entry], years)).toEqual([['a.md', 'http://old.example/?p=1']]);
    expect(
      pathsFor([{ ...entry, date: '2020-01-01T00:00:00.000Z' }], [articleOf({ path: 'a.md', slug: 'x' })]),
    ).toEqual([]);
  });

  it('tells translations apart by their titles, else by the language in the address', () => {
    const both = [articleOf({ path: 'a.md' }), articleOf({ path: 'a.fa.md', lang: 'fa', title: 'گفت‌وگو' })];
    const persian = entryOf({ guid: 'tag:fa', url: 'http://old.example/fa/talks/', title: null });
    expect(pathsFor([entryOf(), persian], both)).toEqual([
      ['a.md', 'http://old.example/?p=1'],
      ['a.fa.md', 'tag:fa'],
    ]);
  });

  it('tells articles of one name and title apart by where their files lie', () => {
    const articles = [articleOf({ path: 'go/talks.md' }), articleOf({ path: 'hugo/talks/index.md' })];
    const entries = ['hugo', 'go'].map((folder) =>
      entryOf({ url: `http://old.example/${folder}/talks/`, guid: `urn:${folder}:1` }),
    );
    expect(pathsFor(entries, articles)).toEqual([
      ['hugo/talks/index.md', 'urn:hugo:1'],
      ['go/talks.md', 'urn:go:1'],
    ]);
  });

  it('leaves out what isn’t certain: two articles for one entry, two entries for one article', () => {
    const twins = [articleOf({ path: 'a.md' }), articleOf({ path: 'b.md' })];
    expect(pathsFor([entryOf()], twins)).toEqual([]);
    const rivals = [entryOf(), entryOf({ guid: 'http://old.example/?p=2' })];
    const result = matchForeignGuids(rivals, [articleOf({ path: 'a.md' })]);
    expect(result.matches).toEqual([]);
    expect(result.unmatched).toHaveLength(2);
  });

  it('takes a guid once, and none that is no IRI', () => {
    expect(pathsFor([entryOf(), entryOf()], [articleOf({ path: 'a.md' })])).toHaveLength(1);
    const drupal = entryOf({ guid: '12 at http://old.example' });
    expect(matchForeignGuids([drupal], [articleOf({ path: 'a.md' })])).toEqual({
      matches: [],
      unmatched: [],
      refused: [drupal],
    });
  });

  it('gives aliases below the publication’s own path', () => {
    const entry = entryOf({ url: 'https://dispatch.example/news/2023/talks/' });
    expect(matchForeignGuids([entry], [articleOf({ path: 'a.md' })], '/news').matches[0]?.alias).toBe('/2023/talks');
    expect(
      matchForeignGuids([entryOf({ url: 'https://x.example/articles/talks' })], [articleOf({ path: 'a.md' })])
        .matches[0]?.alias,
    ).toBeNull();
  });

  it('goes through ten thousand entries', () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => index);
    const articles = ids.map((id) => articleOf({ path: `${id}.md`, slug: `talks-${id}`, title: 'The same' }));
    const entries = ids.map((id) =>
      entryOf({ guid: `urn:x:${id}`, url: `http://old.example/talks-${id}`, title: 'The same' }),
    );
    expect(matchForeignGuids(entries, articles).matches).toHaveLength(10_000);
  });
});
