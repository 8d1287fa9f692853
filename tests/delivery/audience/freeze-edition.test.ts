import { describe, expect, it } from 'vitest';
import { freezeInput, type PastStory } from '../../../src/delivery/index.ts';
import { type Arrangement, type EditionPieces, everybody, unarranged } from '../../../src/digest/index.ts';
import { piecesOf } from '../../support/mailing.ts';
import { dispatchSite, storyArticle, storyOf, weekly } from '../../support/story-fixtures.ts';

const now = '2026-11-27T03:00:00.000Z';
const armenia = storyOf(
  storyArticle({ slug: 'armenia' }),
  storyArticle({ slug: 'armenia', lang: 'fa', updated: '2026-11-26T10:00:00.000Z' }),
  storyArticle({ slug: 'armenia', lang: 'ru' }),
);
const georgia = storyOf(storyArticle({ slug: 'georgia', countries: ['georgia'], topics: ['economy'] }));
const stories = [armenia, georgia];
const keys = stories.map(({ key }) => key);
const inGeorgian = piecesOf('ka', keys);
const pieces: EditionPieces[] = [
  piecesOf('en', keys),
  piecesOf('fa', keys),
  { ...inGeorgian, besides: piecesOf('ru', [armenia.key]).stories },
];

function input(selection: { readonly again?: boolean } = {}, arrangement: Partial<Arrangement> = {}) {
  return freezeInput({
    site: dispatchSite,
    edition: {
      id: 'weekly-1',
      selection: { since: null, slugs: null, ...selection },
      audience: everybody,
      arrangement: { ...unarranged, ...arrangement },
      revision: 0,
    },
    newsletter: { ...weekly, expiresMs: 3600_000 },
    rhythms: ['each'],
    stories,
    pieces,
    groups: [{ choice: { languages: ['en'], countries: [], topics: [] }, had: [], excluded: null, readers: 3 }],
    transport: 'outbox',
    excludeReserved: true,
    now,
  });
}

const toldTo = (
  languages: readonly string[],
  { countries = [], topics = [], had = [] }: { countries?: string[]; topics?: string[]; had?: PastStory[] } = {},
) => input().variantFor({ languages, countries, topics }, had);

const told = (languages: readonly string[], wishes: Parameters<typeof toldTo>[1] = {}) =>
  toldTo(languages, wishes)?.stories.map(({ key, lang, isUpdate }) => [
    stories.find((story) => story.key === key)?.original.slug,
    lang,
    ...(isUpdate ? ['update'] : []),
  ]) ?? null;

describe('freezeInput', () => {
  it('holds what the edition is frozen with', () => {
    expect(input()).toMatchObject({
      editionId: 'weekly-1',
      newsletter: 'weekly',
      transport: 'outbox',
      excludeReserved: true,
      cutoff: now,
      expiresAt: '2026-11-27T04:00:00.000Z',
      again: false,
    });
    expect(input().stories[0]).toEqual({
      key: armenia.key,
      versions: {
        'tag:dispatch.example,2023:en/armenia': '2026-11-25T10:00:00.000Z',
        'tag:dispatch.example,2023:fa/armenia': '2026-11-26T10:00:00.000Z',
        'tag:dispatch.example,2023:ru/armenia': '2026-11-25T10:00:00.000Z',
      },
    });
    expect(input({ again: true }).again).toBe(true);
  });

  it('leads choices to the same variant by language and stories', () => {
    const { variantFor } = input();
    const all = variantFor({ languages: ['en'], countries: [], topics: [] }, []);
    expect(all).toMatchObject({ lang: 'en', subject: `Title of ${armenia.key}` });
    expect(variantFor({ languages: ['en', 'fa'], countries: ['georgia', 'armenia'], topics: [] }, [])).toBe(all);
    expect(told(['fa'], { topics: ['economy'] })).toEqual([['georgia', 'en']]);
  });

  it('gives a written subject to letters that begin with the edition’s first story', () => {
    const { variantFor } = input({}, { subjects: { en: 'Written' }, preheaders: { en: 'Beside it' } });
    const subjectOf = (countries: string[], lang = 'en') =>
      variantFor({ languages: [lang], countries, topics: [] }, [])?.subject;
    expect(variantFor({ languages: ['en'], countries: [], topics: [] }, [])).toMatchObject({
      subject: 'Written',
      preheader: 'Beside it',
    });
    expect(subjectOf(['armenia'])).toBe('Written');
    expect(subjectOf(['georgia'])).toBe(`Title of ${georgia.key}`);
    expect(subjectOf([], 'fa')).toBe(`Title of ${armenia.key}`);
  });

  it('tells each story in the first of the reader’s languages that it exists in, at last the default', () => {
    expect(toldTo(['ka', 'ru', 'en'])?.lang).toBe('ka');
    expect(told(['ka', 'ru', 'en'])).toEqual([
      ['armenia', 'ru'],
      ['georgia', 'en'],
    ]);
    expect(told(['fa', 'en'])).toEqual([
      ['armenia', 'fa'],
      ['georgia', 'en'],
    ]);
  });

  it('gives a language that was not rendered the default one, and leaves out in what a story wasn’t rendered', () => {
    expect(toldTo(['de'])?.lang).toBe('en');
    expect(told(['ka', 'fa', 'ru'])).toEqual([
      ['armenia', 'ru'],
      ['georgia', 'en'],
    ]);
  });

  it('gives a choice without stories nothing', () => {
    expect(told(['en'], { countries: ['iran'] })).toBeNull();
    expect(told(['en'], { countries: ['armenia'], topics: ['economy'] })).toBeNull();
  });

  it('leaves out what a reader has had, but for what has changed in the reader’s language since', () => {
    const past: PastStory = {
      key: armenia.key,
      editionId: 'daily-1',
      keyThen: armenia.key,
      versions: {
        'tag:dispatch.example,2023:en/armenia': '2026-11-25T10:00:00.000Z',
        'tag:dispatch.example,2023:fa/armenia': '2026-11-25T10:00:00.000Z',
      },
    };
    expect(told(['en'], { had: [past] })).toEqual([['georgia', 'en']]);
    expect(told(['en'], { had: [past], countries: ['armenia'] })).toBeNull();
    expect(told(['fa'], { had: [past] })).toEqual([
      ['armenia', 'fa', 'update'],
      ['georgia', 'en'],
    ]);
    // A translation that has come since is no change of the story.
    expect(told(['ka', 'ru'], { had: [past] })).toEqual([['georgia', 'en']]);
  });
});
