import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readForeignFrontMatter } from '../../../src/content/foreign/foreign-front-matter.ts';
import { type FieldsResult, parseArticleFields } from '../../../src/content/front-matter/article-fields.ts';
import { splitFrontMatter } from '../../../src/content/front-matter/front-matter.ts';
import type { Site } from '../../../src/site.ts';
import { dispatchSite } from '../../support/story-fixtures.ts';

const site: Site = {
  ...dispatchSite,
  formerUrls: ['http://old.example', 'https://old.example/blog'],
  authors: { nino: { name: 'Nino Beridze', url: 'https://nino.example/' } },
};

const required = 'title: Talks\ndescription: They met.\ndate: 2023-04-09';

function read(yaml: string, path = 'news/talks.md', body = 'Text'): FieldsResult {
  const split = splitFrontMatter(`---\n${yaml}\n---\n${body}`);
  if ('code' in split) throw new Error(split.message);
  return parseArticleFields(split.front, path, site, split);
}

function fieldsOf(yaml: string, path?: string) {
  const { fields, problems } = read(yaml, path);
  if (fields === null) throw new Error(problems.map(({ message }) => message).join(' '));
  return fields;
}

const codesOf = (yaml: string, path?: string): string[] => read(yaml, path).problems.map(({ code }) => code);

describe('the id of a foreign file', () => {
  it.each([
    'http://old.example/?p=123',
    'http://old.example/?post_type=x&p=1&amp;q=%d8%a7',
    'https://old.example/2019/05/01/name',
    'tag:old.example,2005:1.2',
    'urn:uuid:0AF5-Upper',
    'http://old.example/خبر/',
  ])('is the guid %s, byte for byte', (guid) => {
    expect(fieldsOf(`${required}\nguid: ${guid}`).explicitId).toBe(guid);
    expect(fieldsOf(`${required}\nid: 17\nrss_guid: "${guid}"`).explicitId).toBe(guid);
    expect(fieldsOf(`${required}\nid: ${guid}\nguid: tag:other`).explicitId).toBe(guid);
  });

  it('is what WordPress’ database has, with & as its feeds have it', () => {
    const guid = 'http://old.example/?post_type=x&#038;p=1';
    expect(fieldsOf(`${required}\nwordpress_url: ${guid}`).explicitId).toBe('http://old.example/?post_type=x&p=1');
  });

  it.each(['123', '"123"'])('isn’t the number of a row, %s, about which nothing is said', (id) => {
    const { fields, problems } = read(`title: T\nsummary: S\ndate: 2023-04-09\nid: ${id}`);
    expect(fields?.explicitId).toBeNull();
    expect(problems).toEqual([]);
  });

  it.each(['123 at http://drupal.example', 'just-a-name', `x:${'y'.repeat(500)}`])(
    'isn’t %s, which Atom couldn’t carry, and a warning says so',
    (guid) => {
      const { fields, problems } = read(`${required}\nguid: ${guid}`);
      expect(fields?.explicitId).toBeNull();
      expect(problems).toMatchObject([{ code: 'foreign-id', field: 'guid', line: 5, blocking: false }]);
    },
  );

  it('stays refused where the file is Silkpost’s own', () => {
    expect(read('title: T\nsummary: S\ndate: 2023-04-09\nid: not an iri').fields).toBeNull();
  });
});

describe('the dates of a foreign file', () => {
  it.each([
    ['2023-04-09 18:30:00 +0400', '2023-04-09T14:30:00.000Z'],
    ['2023-04-09 18:30:00 UTC', '2023-04-09T18:30:00.000Z'],
    ['2023-04-09 18:30:00.000000000 Z', '2023-04-09T18:30:00.000Z'],
    ['2023-04-09 18:30:00 +0400 +04', '2023-04-09T14:30:00.000Z'],
    ['2023/04/09 18:30', '2023-04-09T14:30:00.000Z'],
    ['2023-4-9 8:30:00 +0000', '2023-04-09T08:30:00.000Z'],
    ['2023-04-09 18:30:79', '2023-04-09T14:30:59.000Z'],
    ['Apr 09 2023', '2023-04-08T20:00:00.000Z'],
    ['April 9, 2023', '2023-04-08T20:00:00.000Z'],
    ['9 April 2023 18:30', '2023-04-09T14:30:00.000Z'],
    ['Sun, 09 Apr 2023 18:30:00 +0000', '2023-04-09T18:30:00.000Z'],
  ])('may be written %s', (written, instant) => {
    expect(fieldsOf(`title: T\ndescription: S\ndate: ${written}`).date).toBe(instant);
  });

  it('are those of WordPress where date is missing, in UTC where it says so', () => {
    const text = 'title: T\nexcerpt: S';
    expect(fieldsOf(`${text}\npost_date: 2023-04-09 12:00:00`).date).toBe('2023-04-09T08:00:00.000Z');
    expect(fieldsOf(`${text}\npost_date: x\npost_date_gmt: 2023-04-09 12:00:00`).date).toBe('2023-04-09T12:00:00.000Z');
  });

  it('keep an embargo: the later of date and publishDate counts', () => {
    expect(fieldsOf(`${required}\npublishDate: 2023-05-01`).date).toBe('2023-04-30T20:00:00.000Z');
    expect(fieldsOf(`${required}\npublishDate: 2023-01-01`).date).toBe('2023-04-08T20:00:00.000Z');
  });

  it('come from the file’s name where nothing else is said', () => {
    expect(fieldsOf('layout: post\ntitle: T', '_posts/2019-05-01-x.md').date).toBe('2019-04-30T20:00:00.000Z');
    expect(fieldsOf('title: T\nsummary: S', '2019-05-01-x/index.md').date).toBe('2019-04-30T20:00:00.000Z');
  });

  it('come from its address or its folders where its name has none', () => {
    const text = 'title: T\ndescription: S';
    expect(fieldsOf(`${text}\npermalink: /2019/05/01/x/`, 'x.md').date).toBe('2019-04-30T20:00:00.000Z');
    expect(fieldsOf(text, '2019/05/01/x.md').date).toBe('2019-04-30T20:00:00.000Z');
    expect(read(text, '2019/05/x.md').problems[0]).toMatchObject({ code: 'missing-date' });
  });

  it('cost nothing where only the last change has none', () => {
    const { fields, problems } = read(`${required}\nupdated: soon`);
    expect(fields?.updated).toBe(fields?.date);
    expect(problems).toMatchObject([{ code: 'ignored-date', field: 'updated', line: 5, blocking: false }]);
    expect(fieldsOf(`${required}\nupdated: 2023/4/10`).updated).toBe('2023-04-09T20:00:00.000Z');
  });

  it('are never the file’s own times', () => {
    for (const date of ['Last Modified', 'Created', 'git Last Modified', 'git created']) {
      const { fields, problems } = read(`title: T\ntags: posts\ndate: ${date}`);
      expect(fields).toBeNull();
      expect(problems).toContainEqual(expect.objectContaining({ code: 'computed-date', field: 'date', line: 4 }));
    }
  });

  it('name the key in the file where they are wrong', () => {
    expect(read('title: T\ndescription: S\ndate: soon').problems).toContainEqual(
      expect.objectContaining({ code: 'invalid-date', field: 'date', line: 4, blocking: true }),
    );
  });

  it.each(['lastmod', 'last_modified_at', 'modified'])('have the last change in %s', (key) => {
    expect(fieldsOf(`${required}\n${key}: 2023-04-11`).updated).toBe('2023-04-10T20:00:00.000Z');
  });
});

describe('the status of a foreign file', () => {
  it.each([
    'draft: true',
    'draft: "true"',
    'published: false',
    'eleventyExcludeFromCollections: true',
    'permalink: false',
    'status: private',
    'status: pending',
    'status: draft',
    'headless: true',
    'build: { render: never }',
    '_build: { list: false }',
    'hidden: true',
    'password: secret',
    'expiryDate: 2023-05-01',
    'layout: page',
    'type: page',
  ])('is draft with %s', (line) => {
    expect(fieldsOf(`${required}\n${line}`).status).toBe('draft');
  });

  it('stays draft whatever else says published', () => {
    expect(fieldsOf(`${required}\nstatus: published\ndraft: true`).status).toBe('draft');
    expect(fieldsOf(`${required}\nstatus: publish\npublished: false`).status).toBe('draft');
  });

  it.each(['draft: false', 'published: true', 'status: publish', 'status: future', 'layout: post', "password: ''"])(
    'is published with %s',
    (line) => {
      const { fields, problems } = read(`${required}\n${line}`);
      expect(fields?.status).toBe('published');
      expect(problems).toEqual([]);
    },
  );

  it('says why something is kept back that the old site may have shown', () => {
    for (const line of ['expiryDate: 2099-05-01', 'layout: page', 'hidden: true', 'password: x']) {
      expect(codesOf(`${required}\n${line}`)).toEqual(['kept-back']);
    }
  });
});

describe('tags and categories', () => {
  it.each([
    ['tags: [Georgia, energy]', ['georgia'], ['energy']],
    ['categories: news Armenia', ['armenia'], []],
    ['category: Iran', ['iran'], []],
    ['tags: "Հայաստան, Security"', ['armenia'], ['security']],
    ['tags: جمهوری آذربایجان', ['azerbaijan'], []],
    ['tags: [{ name: GEORGIA }]', ['georgia'], []],
    ['categories: [[Armenia, energy], [Security]]', ['armenia'], ['energy', 'security']],
    ['taxonomies: { tags: [energy], categories: [Iran] }', ['iran'], ['energy']],
    ['countries: [iran]\ntags: [iran, georgia]', ['iran', 'georgia'], []],
  ])('become countries and topics: %s', (line, countries, topics) => {
    expect(fieldsOf(`${required}\n${line}`)).toMatchObject({ countries, topics });
  });

  it('are ignored with one warning a file where silkpost.yaml has none such', () => {
    const { problems } = read(
      `${required}\ncategories: [Rivers, posts]\ntags: [georgia, dams, rain, "", 2019, Rivers]`,
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'ignored-terms', field: 'categories', line: 5, blocking: false });
    expect(problems[0]?.message).toContain('“Rivers”, “dams”, “rain”, “2019”:');
  });

  it.each(['constructor', '__proto__', 'toString'])('never lead to %s', (term) => {
    expect(fieldsOf(`${required}\ntags: [${term}]`)).toMatchObject({ countries: [], topics: [] });
  });
});

describe('authors', () => {
  it.each([
    ['author: Nino Beridze', [{ key: 'nino', name: 'Nino Beridze', url: 'https://nino.example/' }]],
    ['author: nino', [{ key: 'nino', name: 'Nino Beridze', url: 'https://nino.example/' }]],
    ['author: admin', [{ key: null, name: 'admin' }]],
    ['authors: [Ani Petrosyan, nino beridze]', [{ name: 'Ani Petrosyan' }, { key: 'nino' }]],
    ['author: { name: Ani, email: ani@old.example, url: "https://ani.example" }', [{ name: 'Ani' }]],
    ['author: Ani <ani@old.example>', [{ key: null, name: 'Ani' }]],
    ['author: { name: Ani, url: "javascript:alert(1)" }', [{ key: null, name: 'Ani' }]],
  ])('are people, by key or by name: %s', (line, authors) => {
    const fields = fieldsOf(`${required}\n${line}`);
    expect(fields.authors).toMatchObject(authors);
    expect(JSON.stringify(fields)).not.toMatch(/ani@|javascript/);
  });

  it('are still warned of where a key is misspelt', () => {
    expect(codesOf(`${required}\nauthors: [ninno]`)).toEqual(['unknown-author']);
  });
});

describe('the picture of a foreign file', () => {
  it.each([
    ['images: [a.jpg, b.jpg]', { src: 'a.jpg' }],
    ['featured_image: /images/a.jpg', { src: '/images/a.jpg' }],
    [
      'cover: { image: a.jpg, alt: A dam, caption: The dam, relative: true }',
      { src: 'a.jpg', alt: 'A dam', caption: 'The dam' },
    ],
    ['image: { path: a.jpg, alt: A dam, height: 2 }', { src: 'a.jpg', alt: 'A dam' }],
    ['coverImage: a.jpg', { src: 'images/a.jpg' }],
    ['coverImage: pictures/a.jpg', { src: 'pictures/a.jpg' }],
    ['header: { teaser: a.jpg }', { src: 'a.jpg' }],
    ['featured_image: a.jpg\nimage_alt: A dam', { src: 'a.jpg', alt: 'A dam' }],
    ['image: { src: a.jpg, alt: A }\nimages: [b.jpg]', { src: 'a.jpg', alt: 'A' }],
  ])('is the first that is named: %s', (line, image) => {
    expect(fieldsOf(`${required}\n${line}`).image).toEqual(image);
  });

  it('is none where the key holds nothing', () => {
    expect(fieldsOf(`${required}\nfeatured_image: ""\nimages: []`).image).toBeNull();
  });
});

describe('old addresses', () => {
  it.each([
    ['aliases: [/a/b/, c, ../d]', ['/a/b', '/news/c', '/d']],
    ['url: /2019/05/x.html', ['/2019/05/x.html']],
    ['permalink: /x/index.html', ['/x']],
    ['permalink: http://old.example/2019/05/x/', ['/2019/05/x']],
    ['redirect_from: [/x, "https://old.example/blog/y/"]', ['/x', '/blog/y']],
    ['guid: http://old.example/2019/w/', ['/2019/w']],
    ['guid: http://old.example/?p=1', ['/?p=1']],
    ['guid: http://old.example/?post_type=post&p=1', ['/?p=1']],
    ['redirect_from: [/old?x=1, /index.php?p=3]', ['/old?x=1', '/?p=3']],
    ['link: http://old.example/2019/v/', ['/2019/v']],
    ['permalink: /2019/%d8%ae%d8%a8%d8%b1/', ['/2019/خبر']],
    ['permalink: pretty', []],
    ['url: /base/\naliases: [sister]', ['/base', '/sister']],
  ])('become aliases: %s', (line, aliases) => {
    const { fields, problems } = read(`${required}\n${line}`);
    expect(problems).toEqual([]);
    expect(fields).toMatchObject({ aliases, link: null });
  });

  it.each([
    'permalink: "/:year/:title/"',
    'permalink: "/blog/{{ page.fileSlug }}/"',
    'permalink: http://elsewhere.example/x/',
    'redirect_from: //elsewhere.example/x',
    'redirect_from: /a/../../b',
  ])('that can’t be kept are named: %s', (line) => {
    const { fields, problems } = read(`${required}\n${line}`);
    expect(fields?.aliases).toEqual([]);
    expect(problems).toMatchObject([{ code: 'ignored-address', line: 5, blocking: false }]);
  });

  it('leave a link to another site a link', () => {
    expect(fieldsOf(`${required}\nlink: https://elsewhere.example/x`).link).toBe('https://elsewhere.example/x');
  });
});

describe('texts of a foreign file', () => {
  it('have their summary from description, excerpt or the first paragraph', () => {
    expect(fieldsOf('title: T\ndate: 2023-04-09\nexcerpt: <p>One &amp; two&#8230;</p>\n').summary).toBe('One & two…');
    expect(fieldsOf(`${required}\nsummary: Ours.`).summary).toBe('Ours.');
    const { fields, problems } = read(
      "title: T\ndate: 2023-04-09\nexcerpt: ''",
      'a.md',
      '# Head\n\nThe *first*.\n\nTwo.',
    );
    expect(fields?.summary).toBe('The first.');
    expect(problems).toMatchObject([{ code: 'derived-summary', blocking: false }]);
  });

  it('still need one where the file is Silkpost’s own', () => {
    expect(codesOf('title: T\ndate: 2023-04-09')).toEqual(['missing-summary']);
  });

  it('have their title for a summary where there is no paragraph either', () => {
    const { fields, problems } = read('title: T\ndate: 2023-04-09\ndescription: [a]', '_posts/a.md', '');
    expect(fields?.summary).toBe('T');
    expect(problems).toMatchObject([{ code: 'derived-summary', blocking: false }]);
  });

  it('have the heading that the text begins with for a title where they have none', () => {
    const { fields, problems } = read('date: 2023-04-09\ndescription: S', 'a.md', '\n# The dam ##\n\nText.');
    expect(fields?.title).toBe('The dam');
    expect(problems).toMatchObject([{ code: 'derived-title', blocking: false }]);
    expect(read('date: 2023-04-09\ndescription: S', 'a.md', 'Text.\n\n# The dam').fields).toBeNull();
  });

  it('are in the language of their folder where nothing nearer says one', () => {
    expect(fieldsOf(required, 'fa/news/talks.md').lang).toBe('fa');
    expect(fieldsOf(required, 'fa/news/talks.hy.md').lang).toBe('hy');
    expect(fieldsOf(`${required}\nlang: ka`, 'fa/news/talks.md').lang).toBe('ka');
  });

  it('name the key in the file where one is wrong', () => {
    const long = read(`title: ${'x'.repeat(501)}\nlayout: post\ndate: 2023-04-09`).problems;
    expect(long).toContainEqual(expect.objectContaining({ code: 'invalid-title', field: 'title', line: 2 }));
  });

  it('may have a number for a title', () => {
    expect(fieldsOf('title: 2019\ndescription: S\ndate: 2023-04-09').title).toBe('2019');
  });

  it('have a Latin slug made of another, with a warning', () => {
    const { fields, problems } = read(`${required}\nslug: Über_uns`);
    expect(fields?.slug).toBe('uber-uns');
    expect(problems).toMatchObject([{ code: 'changed-slug', field: 'slug', line: 5 }]);
    expect(fieldsOf(`${required}\nslug: خبر`).slug).toBe('talks');
  });

  it.each([
    ['language: fa', 'fa'],
    ['locale: fa_IR', 'fa'],
    ['lang: EN-us\ndraft: false', 'en'],
  ])('are in the language of the publication that is meant: %s', (line, lang) => {
    expect(fieldsOf(`${required}\n${line}`).lang).toBe(lang);
  });

  it('belong to the story that translationKey names', () => {
    expect(fieldsOf(`${required}\ntranslationKey: The Dam`).storySlug).toBe('the-dam');
  });
});

describe('keys in another case', () => {
  const spelled = 'Title: T\nDescription: S\nDate: 2023-04-09\nTags: [Economy]\nDraft: true';

  it('are understood, as Hugo does', () => {
    expect(fieldsOf(spelled)).toMatchObject({ title: 'T', summary: 'S', status: 'draft' });
  });

  it('are named as the file has them', () => {
    const { problems } = read(spelled.replace('2023-04-09', 'soon').replace('Economy', 'x'));
    expect(problems).toContainEqual(expect.objectContaining({ code: 'invalid-date', line: 4 }));
    expect(problems).toContainEqual(expect.objectContaining({ code: 'ignored-terms', field: 'Tags', line: 5 }));
  });

  it('give way to the right one', () => {
    expect(fieldsOf(`${required}\nTITLE: Other`).title).toBe('Talks');
  });
});

describe('readForeignFrontMatter', () => {
  const read = (value: object) => readForeignFrontMatter(value, { path: 'a.md', site, body: 'Text' });

  it('leaves Silkpost’s own files as they are', () => {
    const own = { title: 'T', summary: 'S', date: '2023-04-09', authors: ['nino'], aliases: ['/x/'], topics: ['new'] };
    expect(read(own)).toEqual({ value: own, origins: new Map(), notes: [] });
    const odd = { sumary: 'x', title: 42, date: '2023-04-09' };
    expect(read(odd).value).toEqual(odd);
  });

  it('says nothing of keys that only a theme or a generator wants', () => {
    const lines = [
      'layout: post',
      'weight: 3',
      'menu: main',
      'comments: true',
      'toc: true',
      'math: false',
      'meta: {a: 1}',
    ];
    expect(read({}).notes).toEqual([]);
    expect(codesOf([required, ...lines].join('\n'))).toEqual([]);
    expect(codesOf([required, ...lines, 'sumary: x'].join('\n'))).toEqual(['unknown-key']);
  });

  it('makes fields or problems of whatever stands under the keys that it knows', () => {
    const keys = [
      'guid',
      'id',
      'date',
      'publishDate',
      'tags',
      'categories',
      'author',
      'authors',
      'image',
      'cover',
      'slug',
    ];
    const more = [
      'aliases',
      'permalink',
      'url',
      'redirect_from',
      'status',
      'draft',
      'build',
      'description',
      'lang',
      'link',
    ];
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.webUrl(),
      fc.constantFrom('../..', '//x', '%', '/%zz'),
    );
    const one = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(
      one,
      fc.array(one, { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('name', 'src', 'image', 'url'), one),
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys, ...more), value), fc.string(), (written, body) => {
        const yaml = { value: { title: 'T', draft: false, ...written }, positionOf: () => null };
        const { fields, problems } = parseArticleFields(yaml, 'a/b.md', site, { language: 'yaml', body, bodyLine: 4 });
        expect(fields !== null || problems.some(({ blocking }) => blocking)).toBe(true);
        for (const alias of fields?.aliases ?? []) expect(alias).toMatch(/^\/(?!\/)[^\s?#\\]+$/);
      }),
      { numRuns: 500 },
    );
  });
});
