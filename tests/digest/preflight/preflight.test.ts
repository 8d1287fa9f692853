import { describe, expect, it } from 'vitest';
import {
  type CheckedEdition,
  type Finding,
  findingForFault,
  type LinkVerdict,
  listAddresses,
  preflight,
} from '../../../src/digest/index.ts';
import { piecesOf } from '../../support/mailing.ts';
import { dispatchSite, roadMap, storyArticle, storyOf } from '../../support/story-fixtures.ts';

const bridge = storyArticle({ slug: 'bridge', title: 'A bridge opens' });
const address = dispatchSite.publisher.address;

/** An edition that nothing is wrong with. */
function editionOf(changes: Partial<CheckedEdition> = {}): CheckedEdition {
  const stories = changes.stories ?? [storyOf(bridge)];
  const plain = piecesOf(
    'en',
    stories.map(({ key }) => key),
  );
  return {
    site: dispatchSite,
    newsletter: { text: 'summary', template: 'digest' },
    local: true,
    stories,
    pieces: [
      { ...plain, bottom: { html: `<p>${address}</p>${plain.bottom.html}`, text: `${plain.bottom.text}${address}` } },
    ],
    mails: [{ lang: 'en', subject: 'A bridge opens', preheader: 'And more', bytes: 40_000, fault: null, readers: 100 }],
    audience: { byLanguage: new Map([['en', { readers: 100, withNothing: 0 }]]), last: 90 },
    links: new Map(),
    problems: [],
    lines: new Map(),
    ...changes,
  };
}

const codesOf = (findings: readonly Finding[]) => findings.map(({ code, severity }) => `${code} ${severity}`);
const [mail] = editionOf().mails;

describe('preflight', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(preflight(editionOf())).toEqual([]);
  });

  it('finds a URL without https only where mail leaves the machine', () => {
    const site = { ...dispatchSite, url: 'http://dispatch.example' };
    expect(codesOf(preflight(editionOf({ site, local: false })))).toEqual(['insecure-url blocking']);
    expect(preflight(editionOf({ site }))).toEqual([]);
  });

  it('finds a template without the postal address, however its lines are broken', () => {
    const plain = piecesOf('en', [bridge.id]);
    const html = '<p>1 Example Lane,<br>0100 Tbilisi,\n <bdi>Georgia</bdi></p>';
    const broken = { ...plain, bottom: { html, text: '1 Example Lane, 0100\nTbilisi,\n\u2068Georgia\u2069' } };
    expect(preflight(editionOf({ pieces: [broken] }))).toEqual([]);
    const without = preflight(editionOf({ pieces: [{ ...broken, bottom: { html, text: 'Tbilisi' } }] }));
    expect(without).toMatchObject([{ code: 'no-postal-address', where: { file: 'templates/digest.txt.liquid' } }]);
  });

  it('blocks what is too long for mail, and warns of what is near', () => {
    const fault = 'The edition has 120 KB of HTML, and Gmail cuts a mail off at about 102 KB.';
    const long = { ...mail, lang: 'en', subject: '', preheader: '', bytes: null, fault, readers: 3 };
    expect(preflight(editionOf({ mails: [long] }))).toMatchObject([{ code: 'too-long', severity: 'blocking' }]);
    const near = { ...long, subject: 'A bridge', fault: null };
    expect(codesOf(preflight(editionOf({ mails: [{ ...near, bytes: 80_001 }] })))).toEqual(['near-clip warning']);
    expect(preflight(editionOf({ mails: [{ ...near, bytes: 80_000 }] }))).toEqual([]);
  });

  it('finds empty and over-long subjects, counted as a reader counts', () => {
    const subjects = (subject: string) =>
      codesOf(
        preflight(editionOf({ mails: [{ lang: 'en', subject, preheader: '', bytes: 1, fault: null, readers: 1 }] })),
      );
    expect(subjects(' ')).toEqual(['empty-subject blocking']);
    expect(subjects('ა'.repeat(91))).toEqual(['long-subject warning']);
    expect(subjects('e\u0301'.repeat(90))).toEqual([]);
  });

  it('blocks placeholders that readers of the mail see, and warns of those on an article’s page', () => {
    const lines = new Map([
      [bridge.path, ['---', 'title: A bridge opens', 'summary: TKTK', '---', '', 'He said TODO.']],
    ]);
    const article = { ...bridge, summary: 'TKTK', html: '<p>He said TODO. <code>FIXME</code></p><pre>TKTK</pre>' };
    const found = preflight(editionOf({ stories: [storyOf(article)], lines }));
    expect(found).toMatchObject([
      {
        code: 'placeholder',
        severity: 'blocking',
        where: { lang: 'en', article: { title: 'A bridge opens' }, file: `content/${bridge.path}`, line: 3 },
        sentence: 'The summary of “A bridge opens” (en) holds “TKTK”.',
      },
      { severity: 'warning', where: { line: 6 }, sentence: 'The text of “A bridge opens” (en) holds “TODO”.' },
    ]);
    const inFull = preflight(
      editionOf({ stories: [storyOf(article)], newsletter: { text: 'full', template: 'digest' } }),
    );
    expect(inFull.map(({ severity }) => severity)).toEqual(['blocking', 'blocking']);
  });

  it('finds placeholders in subjects and preheaders that were typed, and says a headline’s once', () => {
    const typed = { lang: 'fa', subject: 'پل TKTK', preheader: 'TODO', bytes: 1, fault: null, readers: 1 };
    expect(preflight(editionOf({ mails: [typed] })).map(({ sentence }) => sentence)).toEqual([
      'The subject in fa holds “TKTK”.',
      'The preheader in fa holds “TODO”.',
    ]);
    const headline = { ...bridge, title: 'TKTK opens' };
    const mails = [{ ...typed, lang: 'en', subject: 'TKTK opens', preheader: 'TKTK' }];
    expect(preflight(editionOf({ stories: [storyOf(headline)], mails }))).toHaveLength(1);
  });

  it('finds pictures without alt text, with the line', () => {
    const article = {
      ...bridge,
      image: { ...roadMap, alt: '' },
      html: '<p><img src="https://dispatch.example/a.png" alt=""> <img src="https://dispatch.example/b.png" alt="A bridge"></p>',
    };
    const lines = new Map([[bridge.path, ['---', 'image: { src: road.svg }', '---', '![](a.png) ![A bridge](b.png)']]]);
    expect(preflight(editionOf({ stories: [storyOf(article)], lines }))).toMatchObject([
      { code: 'missing-alt', severity: 'warning', where: { line: 2 } },
      { code: 'missing-alt', severity: 'warning', where: { line: 4 } },
    ]);
  });

  it('tells what reading its articles found, and nothing of others', () => {
    const problem = {
      line: 3,
      column: 1,
      field: null,
      code: 'missing-file',
      message: 'There is no file.',
      blocking: false,
    };
    const problems = [
      { ...problem, file: `content/${bridge.path}` },
      { ...problem, file: 'content/other.md' },
    ];
    expect(preflight(editionOf({ problems }))).toMatchObject([
      { code: 'article-problem', severity: 'warning', where: { line: 3 }, sentence: 'There is no file.' },
    ]);
  });

  it('blocks own links of the mail that are dead, warns of those of a page and of other sites', () => {
    const own = 'https://dispatch.example/articles/gone';
    const other = 'https://other.test/a?b=1&c=2';
    const slow = 'https://slow.test/';
    const html = `<p><a href="${own}">a</a> <a href="${other.replace('&', '&amp;')}">b</a> <a href="${slow}">c</a></p>`;
    const lines = new Map([[bridge.path, ['[a](gone)', `[b](${other})`]]]);
    const links = new Map<string, LinkVerdict>([
      [own, { kind: 'dead', why: 'no published article is there' }],
      [other, { kind: 'dead', why: 'its server answers 404' }],
      [slow, { kind: 'unknown', why: 'its server answers 403' }],
    ]);
    const stories = [storyOf({ ...bridge, html })];
    expect(preflight(editionOf({ stories, links, lines }))).toMatchObject([
      { code: 'dead-link', severity: 'warning', where: { line: 1 } },
      { code: 'dead-link', severity: 'warning', where: { line: 2 } },
      { code: 'unchecked-link', severity: 'warning', where: { line: null } },
    ]);
    const full = preflight(editionOf({ stories, links, newsletter: { text: 'full', template: 'digest' } }));
    expect(codesOf(full)).toEqual(['dead-link blocking', 'dead-link warning', 'unchecked-link warning']);
  });

  it('blocks a picture of the mail that isn’t there', () => {
    const links = new Map<string, LinkVerdict>([
      [roadMap.rasterUrl ?? '', { kind: 'dead', why: 'no such file is there' }],
    ]);
    const stories = [storyOf({ ...bridge, image: roadMap })];
    expect(codesOf(preflight(editionOf({ stories, links })))).toEqual(['missing-picture blocking']);
  });

  it('warns where a language has nothing, nobody reads it, or the number of readers is far from the last', () => {
    const audience = (readers: number, withNothing: number, last: number | null) => ({
      byLanguage: new Map([
        ['en', { readers, withNothing }],
        ['fa', { readers: 7, withNothing: 7 }],
      ]),
      last,
    });
    const codes = (readers: number, withNothing: number, last: number | null): string[] =>
      codesOf(preflight(editionOf({ audience: audience(readers, withNothing, last) })));
    expect(codes(100, 0, 100)).toEqual(['nothing-for-language warning']);
    expect(codes(100, 0, 201)).toContain('readers-far warning');
    expect(codes(100, 0, 200)).not.toContain('readers-far warning');
    expect(codes(100, 0, 49)).toContain('readers-far warning');
    expect(codes(100, 0, null)).not.toContain('readers-far warning');
    expect(codes(9, 0, 2)).not.toContain('readers-far warning');
    expect(codes(5, 5, 100)).toEqual(['no-readers warning']);
    expect(codesOf(preflight(editionOf({ audience: { byLanguage: new Map(), last: null } })))).toEqual([
      'no-readers warning',
    ]);
    expect(preflight(editionOf({ audience: null }))).toEqual([]);
  });

  it('names the stories that readers of a language get in another one', () => {
    const [english] = editionOf().pieces;
    if (!english) throw new Error('no pieces');
    const pieces = [english, { ...english, lang: 'fa' }];
    const byLanguage = new Map([
      ['en', { readers: 10, withNothing: 0 }],
      ['fa', { readers: 3, withNothing: 1 }],
    ]);
    expect(preflight(editionOf({ pieces, audience: { byLanguage, last: null } }))).toMatchObject([
      { code: 'untranslated', severity: 'warning', where: { lang: 'fa', file: `content/${bridge.path}` } },
    ]);
    byLanguage.delete('fa');
    expect(preflight(editionOf({ pieces, audience: { byLanguage, last: null } }))).toEqual([]);
  });
});

describe('listAddresses', () => {
  it('takes the templates’ own addresses too, without slots of a reader’s own', () => {
    const [english] = editionOf().pieces;
    if (!english) throw new Error('no pieces');
    const top = {
      html: '<a href="https://dispatch.example/old"><img src="https://dispatch.example/mail/x.png" alt=""></a>',
      text: '',
    };
    expect(listAddresses(editionOf({ pieces: [{ ...english, top }] }))).toMatchObject([
      {
        url: 'https://dispatch.example/old',
        kind: 'link',
        isMailed: true,
        where: { file: 'templates/digest.mjml.liquid' },
      },
      { url: 'https://dispatch.example/mail/x.png', kind: 'picture', isMailed: true },
    ]);
  });

  it('reads addresses as they were before they were escaped', () => {
    const [english] = editionOf().pieces;
    if (!english) throw new Error('no pieces');
    const top = { html: '<a href="https://example.com/it&#39;s?a=1&amp;b=2&#38;c=3">x</a>', text: '' };
    expect(listAddresses(editionOf({ pieces: [{ ...english, top }] }))).toMatchObject([
      { url: "https://example.com/it's?a=1&b=2&c=3" },
    ]);
  });
});

describe('findingForFault', () => {
  it('names the template’s file and line', () => {
    expect(findingForFault('digest.txt.liquid, line 2: undefined variable: no', 'digest')).toMatchObject({
      where: { file: 'templates/digest.txt.liquid', line: 2 },
      sentence: 'undefined variable: no',
    });
    expect(findingForFault('digest.txt.liquid lacks reader.unsubscribe_url: say it.', 'digest')).toMatchObject({
      severity: 'blocking',
      where: { file: 'templates/digest.txt.liquid', line: null },
    });
    expect(findingForFault('No published article has the slug “x”.', 'digest')).toMatchObject({
      sentence: 'No published article has the slug “x”.',
    });
  });
});
