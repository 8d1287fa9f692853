import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPlainFields } from '../../../src/content/front-matter/plain-fields.ts';
import { readBySchema } from '../../../src/content/front-matter/written-fields.ts';
import { dispatchSite } from '../../support/story-fixtures.ts';

const context = { path: 'news/talks.md', site: dispatchSite, body: 'Text' };

/** What is not null is to the letter what the schema gives, which finds nothing wrong with it. */
function agrees(value: unknown): void {
  const plain = readPlainFields(value);
  if (plain === null) return;
  const { written, faults, origins } = readBySchema(value, context);
  expect({ faults, origins: [...origins] }).toEqual({ faults: [], origins: [] });
  expect(JSON.stringify(plain)).toBe(JSON.stringify(written));
}

/** Texts that are good, nearly good and bad, for every key. */
const texts = [
  ...['', ' ', 'Talks', ' Talks', 'Talks\u00A0', 'Two  blanks', 'a\tb', 'a\u0001b', 'a\u202Eb', '\uD800', '🕊', '#'],
  ...['talks', 'talks-2', 'Talks-2', '-talks', 'x'.repeat(100), 'x'.repeat(101), 'x'.repeat(501), 'x'.repeat(5001)],
  ...[
    '2023-04-09',
    '2023-04-09T18:30:00+04:00',
    '1'.repeat(41),
    '12',
    'tag:a.example,2023:en/x',
    'urn:uuid:1',
    'a:b c',
  ],
  ...['draft', 'published', 'withdrawn', 'lead', 'normal', 'brief', 'breaking', 'toString', '__proto__'],
  ...[
    'en',
    'pt-BR',
    'e',
    'en_GB',
    'https://a.example',
    'HTTPS://A.example/é?b#c',
    'http://u:p@a.example/',
    'ftp://a.b',
  ],
  ...[
    'https://a.example/ b',
    'https://',
    '/old',
    '/old/%61',
    '//old',
    '/a/../b',
    'old',
    '/old?x',
    'map.svg',
    '../m.png',
  ],
];
const scalar = fc.oneof(
  fc.constantFrom(...texts),
  fc.constantFrom(null, undefined, true, 0, 41.5, -90, 90.1, 180, 181, Number.NaN, Number.POSITIVE_INFINITY),
  fc.string(),
);
const names = [
  'name',
  'url',
  'email',
  'lat',
  'lon',
  'src',
  'alt',
  'caption',
  'credit',
  'title',
  'date',
  'text',
  'type',
];
const mapping = fc.dictionary(fc.constantFrom(...names), scalar, { maxKeys: 4 });
const anything = fc.oneof(scalar, mapping, fc.array(fc.oneof(scalar, mapping), { maxLength: 3 }));

const text = fc.constantFrom('Talks', 'Переговоры', 'Two  blanks', ' Talks', '');
const url = fc.constantFrom('https://a.example', 'https://a.example/b?c=d', 'http://u:p@a.example/', 'a');
const optional: { requiredKeys: [] } = { requiredKeys: [] };
const usual = {
  id: fc.constantFrom('tag:a.example,2023:en/x', 'urn:uuid:1', '12'),
  slug: fc.constantFrom('talks', 'Talks'),
  title: text,
  summary: text,
  date: fc.constantFrom('2023-04-09', '2023-04-09T18:30:00+04:00'),
  updated: fc.constantFrom('2023-04-10', 5),
  status: fc.constantFrom('draft', 'published', 'withdrawn', 'out'),
  lang: fc.constantFrom('en', 'fa', 'e'),
  translationOf: fc.constantFrom('talks', 'Talks'),
  translation: fc.constantFrom('machine', 'person'),
  authors: fc.array(fc.oneof(fc.constantFrom('ana', 'Ana B.'), fc.record({ url, name: text }, optional))),
  countries: fc.oneof(fc.array(fc.constantFrom('armenia', 'Iran')), fc.constant('armenia')),
  topics: fc.array(text),
  place: fc.oneof(text, fc.record({ lon: fc.constantFrom(51.4, 200), lat: fc.constant(35), name: text }, optional)),
  image: fc.oneof(text, fc.record({ alt: text, src: fc.constantFrom('map.svg', ' a'), credit: text }, optional)),
  audio: fc.constant({ src: 'a.mp3' }),
  link: url,
  aliases: fc.array(fc.constantFrom('/old', '/a/../b', '/%61')),
  sources: fc.array(fc.oneof(text, fc.record({ url, title: text }, optional))),
  priority: fc.constantFrom('lead', 'normal', 'urgent'),
  corrections: fc.array(fc.record({ text, date: fc.constantFrom('2023-04-10', 5) }, optional)),
};

describe('readPlainFields', () => {
  it('reads what articles have', () => {
    const value = {
      id: 'tag:dispatch.example,2023:en/talks',
      slug: 'talks',
      title: 'Talks',
      summary: 'They met.',
      date: '2023-04-09',
      updated: '2023-04-10T10:00:00Z',
      status: 'withdrawn',
      lang: 'fa',
      translationOf: 'other-talks',
      translation: 'machine',
      authors: ['ana', { url: 'https://desk.example', name: 'First desk' }],
      countries: 'armenia',
      topics: ['security'],
      place: { lat: 35.6892, name: 'Tehran', lon: 51.389 },
      image: { alt: '', src: 'map.svg', caption: 'The road', credit: 'Nino' },
      link: 'HTTPS://news.example/talks',
      aliases: '/old',
      sources: ['A letter', { title: 'Report', url: 'https://example.org' }],
      priority: 'lead',
      corrections: [{ date: '2023-04-10', text: 'It was on Monday.' }],
    };
    expect(readPlainFields(value)).toMatchObject({ link: 'https://news.example/talks', countries: ['armenia'] });
    agrees(value);
    agrees({ title: 'T', summary: 'S', date: '2023-04-09', place: 'Tehran', image: 'map.svg', sources: 'A letter' });
  });

  it('leaves to the schema what is unusual', () => {
    const plain = { title: 'Talks', summary: 'They met.', date: '2023-04-09' };
    expect(readPlainFields(plain)).not.toBeNull();
    const others = [{ titel: 'T' }, { tags: ['a'] }, { authors: 'Ana B.' }, { title: 'a\u0001' }, { topics: null }];
    for (const other of others) expect(readPlainFields({ ...plain, ...other }), JSON.stringify(other)).toBeNull();
    for (const other of [null, 'text', [], [plain]]) expect(readPlainFields(other)).toBeNull();
  });

  it('gives what the schema gives, for whatever stands under the keys', () => {
    fc.assert(fc.property(fc.record(usual, optional), agrees), { numRuns: 2000 });
    const keys = Object.keys(usual);
    const changed = fc.tuple(fc.record(usual), fc.constantFrom(...keys, 'guid', 'titel'), anything);
    fc.assert(
      fc.property(changed, ([value, key, other]) => agrees({ ...value, [key]: other })),
      { numRuns: 2000 },
    );
    const least = { title: 'Talks', summary: 'They met.', date: '2023-04-09' };
    fc.assert(
      fc.property(fc.constantFrom(...keys, '__proto__'), anything, (key, other) => agrees({ ...least, [key]: other })),
      { numRuns: 4000 },
    );
  });
});
