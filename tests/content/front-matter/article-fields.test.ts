import { describe, expect, it } from 'vitest';
import {
  type ArticleFields,
  type FieldsResult,
  parseArticleFields,
} from '../../../src/content/front-matter/article-fields.ts';
import { splitFrontMatter } from '../../../src/content/front-matter/front-matter.ts';
import type { Site } from '../../../src/site.ts';
import { dispatchSite } from '../../support/story-fixtures.ts';

const site: Site = {
  ...dispatchSite,
  authors: { nino: { name: 'Nino Beridze', url: 'https://nino.example/' } },
};

const required = 'title: Talks\nsummary: They met.\ndate: 2023-04-09';

function read(yaml: string, path = 'news/talks.md'): FieldsResult {
  const split = splitFrontMatter(`---\n${yaml}\n---\nText`);
  if ('code' in split) throw new Error(split.message);
  return parseArticleFields(split.front, path, site);
}

function fieldsOf(yaml: string, path?: string): ArticleFields {
  const { fields, problems } = read(yaml, path);
  if (fields === null) throw new Error(problems.map(({ message }) => message).join(' '));
  return fields;
}

describe('parseArticleFields', () => {
  it('fills what an article leaves out', () => {
    const { fields, problems } = read(required);
    expect(problems).toEqual([]);
    expect(fields).toEqual({
      explicitId: null,
      slug: 'talks',
      lang: 'en',
      storySlug: 'talks',
      translation: null,
      title: 'Talks',
      summary: 'They met.',
      date: '2023-04-08T20:00:00.000Z',
      updated: '2023-04-08T20:00:00.000Z',
      status: 'published',
      authors: [],
      countries: [],
      topics: [],
      place: null,
      image: null,
      audio: null,
      link: null,
      aliases: [],
      sources: [],
      priority: 'normal',
      corrections: [],
    });
  });

  it.each(['title', 'summary', 'date'])('leaves an article without %s out', (key) => {
    const yaml = required
      .split('\n')
      .filter((line) => !line.startsWith(key))
      .join('\n');
    const { fields, problems } = read(yaml);
    expect(fields).toBeNull();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: `missing-${key}`, field: key, blocking: true, line: 2, column: 1 });
    expect(problems[0]?.message).toContain(`Add “${key}: …”`);
  });

  it('names all that is missing where the front matter is empty', () => {
    const { fields, problems } = read('');
    expect(fields).toBeNull();
    expect(problems.map(({ code }) => code)).toEqual(['missing-title', 'missing-summary', 'missing-date']);
  });

  it('takes a key without a value for a missing one', () => {
    expect(read('title:\nsummary: They met.\ndate: 2023-04-09').problems[0]).toMatchObject({ code: 'missing-title' });
  });

  it.each(['- title', 'just text', '42'])('says that %j is not a list of keys', (yaml) => {
    const { fields, problems } = read(yaml);
    expect(fields).toBeNull();
    expect(problems[0]).toMatchObject({ code: 'invalid-front-matter', field: null, blocking: true });
  });

  it('warns of an unknown key and names the nearest', () => {
    const { fields, problems } = read(`${required}\nsumary: x\nimage: {src: a.png, alt: A, captoin: y}\nxyzzyplugh: z`);
    expect(fields).not.toBeNull();
    expect(problems).toHaveLength(3);
    const of = (field: string) => problems.find((problem) => problem.field === field);
    expect(of('sumary')).toMatchObject({ code: 'unknown-key', line: 5, column: 1, blocking: false });
    expect(of('sumary')?.message).toContain('Did you mean summary?');
    expect(of('image.captoin')).toMatchObject({ code: 'unknown-key', line: 6, column: 29, blocking: false });
    expect(of('image.captoin')?.message).toContain('Did you mean caption?');
    expect(of('xyzzyplugh')?.message).toContain('It is ignored.');
  });

  it.each([
    ['2023-04-09', '2023-04-08T20:00:00.000Z'],
    ['2023-04-09 18:30', '2023-04-09T14:30:00.000Z'],
    ['2023-04-09T18:30:15', '2023-04-09T14:30:15.000Z'],
    ['2023-04-09T18:30:00+03:30', '2023-04-09T15:00:00.000Z'],
    ['2023-04-09T18:30:00Z', '2023-04-09T18:30:00.000Z'],
  ])('reads the date %s in the publication’s zone', (written, instant) => {
    expect(fieldsOf(`title: T\nsummary: S\ndate: ${written}`).date).toBe(instant);
  });

  it.each(['2023-02-30', 'yesterday', '"09.04.2023"', '2023-04-09T25:00', '2023-04-09T18:30:00+99:00'])(
    'says where the date %s stands and what to write',
    (written) => {
      const { fields, problems } = read(`title: T\nsummary: S\ndate: ${written}`);
      expect(fields).toBeNull();
      expect(problems[0]).toMatchObject({ code: 'invalid-date', field: 'date', line: 4, column: 1, blocking: true });
      expect(problems[0]?.message).toContain('Write 2023-04-09');
    },
  );

  it('refuses a date that is a number, and bad dates of an update and of a correction', () => {
    expect(read('title: T\nsummary: S\ndate: 2023').problems[0]).toMatchObject({ code: 'invalid-date', line: 4 });
    expect(read(`${required}\nupdated: soon`).problems[0]).toMatchObject({ code: 'invalid-updated', line: 5 });
    const corrected = read(`${required}\ncorrections:\n  - date: soon\n    text: A name.`);
    expect(corrected.fields).toBeNull();
    expect(corrected.problems[0]).toMatchObject({ field: 'corrections.0.date', line: 6, column: 5 });
  });

  it.each([
    ['countries', '[armenia, gorgia]', 'unknown-country', 'georgia', 22],
    ['topics', '[energy, securty]', 'unknown-topic', 'security', 18],
    ['authors', '[nino, ninno]', 'unknown-author', 'nino', 17],
  ])('ignores an unknown key among %s with a warning', (key, list, code, near, column) => {
    const { fields, problems } = read(`${required}\n${key}: ${list}`);
    expect(fields?.[key === 'countries' ? 'countries' : key === 'topics' ? 'topics' : 'authors']).toHaveLength(1);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code, field: `${key}.1`, line: 5, column, blocking: false });
    expect(problems[0]?.message).toContain(`Did you mean ${near}?`);
  });

  it.each(['constructor', '__proto__', 'toString'])('knows no country called %s', (key) => {
    expect(read(`${required}\ncountries: ${key}`).problems[0]).toMatchObject({ code: 'unknown-country' });
  });

  it('takes one country for a list, each once, and gives authors their names', () => {
    expect(fieldsOf(`${required}\ncountries: iran`).countries).toEqual(['iran']);
    expect(fieldsOf(`${required}\ncountries: [iran, iran]`).countries).toEqual(['iran']);
    expect(fieldsOf(`${required}\nauthors: [nino, {name: Ani}]`).authors).toEqual([
      { key: 'nino', name: 'Nino Beridze', url: 'https://nino.example/' },
      { key: null, name: 'Ani' },
    ]);
  });

  it('takes the slug from the file’s name unless one is written', () => {
    expect(fieldsOf(required, '2023/2023-04-09-Tehran Talks.md').slug).toBe('tehran-talks');
    expect(fieldsOf(`${required}\nslug: other-2`).slug).toBe('other-2');
  });

  it.each(['Other', 'a b', '-a', 'a--b', 'a/b', '../a', 'թեմա', '""', 'a'.repeat(101)])(
    'refuses the slug %s',
    (slug) => {
      const { fields, problems } = read(`${required}\nslug: ${slug}`);
      expect(fields).toBeNull();
      expect(problems[0]).toMatchObject({ code: 'invalid-slug', field: 'slug', line: 5, column: 1, blocking: true });
    },
  );

  it('asks for a slug where the file’s name has no Latin letter', () => {
    const { fields, problems } = read(required, 'Թեմա.md');
    expect(fields).toBeNull();
    expect(problems[0]).toMatchObject({ file: 'content/Թեմա.md', code: 'missing-slug', blocking: true });
    expect(fieldsOf(`${required}\nslug: tema`, 'Թեմա.md').slug).toBe('tema');
  });

  it('sets updated at least at the newest correction’s date', () => {
    const corrections = 'corrections:\n  - {date: 2023-05-02, text: B}\n  - {date: 2023-05-01, text: A}';
    const fields = fieldsOf(`${required}\nupdated: 2023-04-20\n${corrections}`);
    expect(fields.updated).toBe('2023-05-01T20:00:00.000Z');
    expect(fields.corrections.map(({ text }) => text)).toEqual(['A', 'B']);
    expect(fieldsOf(`${required}\nupdated: 2023-06-01\n${corrections}`).updated).toBe('2023-05-31T20:00:00.000Z');
    expect(fieldsOf(`${required}\nupdated: 2022-01-01`).updated).toBe('2023-04-08T20:00:00.000Z');
  });

  it('takes the language from lang, else from the file’s suffix, else from the publication', () => {
    expect(fieldsOf(required, 'talks.fa.md').lang).toBe('fa');
    expect(fieldsOf(required, 'talks.FA.md')).toMatchObject({ lang: 'fa', slug: 'talks' });
    expect(fieldsOf(`${required}\nlang: hy`).lang).toBe('hy');
    expect(fieldsOf(required).lang).toBe('en');
  });

  it('refuses a language that the publication doesn’t have', () => {
    expect(read(required, 'talks.de.md').problems[0]).toMatchObject({ code: 'unknown-language', field: null });
    const { fields, problems } = read(`${required}\nlang: de`);
    expect(fields).toBeNull();
    expect(problems[0]).toMatchObject({ code: 'unknown-language', field: 'lang', line: 5, column: 1, blocking: true });
  });

  it('warns where the file’s name and lang differ', () => {
    const { fields, problems } = read(`${required}\nlang: hy`, 'talks.fa.md');
    expect(fields?.lang).toBe('hy');
    expect(problems[0]).toMatchObject({ code: 'language-differs', field: 'lang', line: 5, blocking: false });
  });

  it('takes control and bidi characters out and says so', () => {
    const { fields, problems } = read('title: "Ta\\u202Elk\\0s"\nsummary: "They\\u2066 met\\x9B."\ndate: 2023-04-09');
    expect(fields).toMatchObject({ title: 'Talks', summary: 'They met.' });
    expect(problems).toMatchObject([
      { code: 'control-character', field: 'title', line: 2, column: 1, blocking: false },
      { code: 'control-character', field: 'summary', line: 3, column: 1, blocking: false },
    ]);
  });

  it('writes a title over several lines as one', () => {
    expect(fieldsOf('title: |\n  Talks\n  go  on\nsummary: S\ndate: 2023-04-09').title).toBe('Talks go on');
  });

  it('refuses a title that is empty, too long or no text', () => {
    for (const title of ['" "', 'x'.repeat(501), '42', '[a]', '{a: 1}']) {
      const { fields, problems } = read(`title: ${title}\nsummary: S\ndate: 2023-04-09`);
      expect(fields).toBeNull();
      expect(problems[0]).toMatchObject({ code: 'invalid-title', field: 'title', line: 2, column: 1 });
    }
  });

  it('warns of a picture without a description', () => {
    expect(read(`${required}\nimage: a.png`).problems).toMatchObject([
      { code: 'missing-alt', field: 'image', line: 5, column: 1, blocking: false },
    ]);
    expect(read(`${required}\nimage: {src: a.png, alt: ""}`).problems).toEqual([]);
  });

  it.each([
    ['status: live', 'status'],
    ['priority: high', 'priority'],
    ['link: "javascript:alert(1)"', 'link'],
    ['link: https://user:secret@example.com/', 'link'],
    ['aliases: //elsewhere.example/x', 'aliases.0'],
    ['aliases: /a/../../b', 'aliases.0'],
    ['id: not an iri', 'id'],
    ['place: {name: Goris, lat: 39.5}', 'place'],
    ['place: {name: Goris, lat: 139.5, lon: 46}', 'place.lat'],
    ['authors: [{name: A, url: "data:text/html,x"}]', 'authors.0.url'],
    ['audio: {src: a.mp3, duration: soon}', 'audio.duration'],
    ['audio: {src: a.mp3, duration: -5}', 'audio.duration'],
  ])('names file, line, column and field of %s', (line, field) => {
    const { fields, problems } = read(`${required}\n${line}`);
    expect(fields).toBeNull();
    const problem = problems.find(({ blocking }) => blocking);
    expect(problem).toMatchObject({ file: 'content/news/talks.md', line: 5 });
    expect(problem?.column).toBeGreaterThan(0);
    expect(field.startsWith(problem?.field ?? 'nothing')).toBe(true);
    expect(problem?.message).toMatch(/\.$/);
  });
});
