import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ContentCheck, type ContentProblem, checkContent } from '../../../src/content/index.ts';
import type { Site } from '../../../src/site.ts';
import { siteOf } from '../../support/feed-fixtures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const now = '2026-11-24T12:00:00.000Z';

interface Written {
  readonly front?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const front = { title: '', summary: 'A summary.', date: '2026-11-20' };

/** Checks a folder with these articles; a file that isn't Markdown is written as its bytes are. */
async function check(
  files: Readonly<Record<string, Written | Buffer>>,
  site: Partial<Site> = {},
): Promise<ContentCheck> {
  const contentDir = join((await temporaryFolder()).path, 'content');
  await mkdir(contentDir);
  for (const [path, file] of Object.entries(files)) {
    await mkdir(dirname(join(contentDir, path)), { recursive: true });
    await writeFile(join(contentDir, path), Buffer.isBuffer(file) ? file : textOf(path, file));
  }
  return checkContent({ contentDir, site: siteOf(site), now });
}

function textOf(path: string, { front: own = {}, body = 'Some text.' }: Written): string {
  const yaml = Object.entries({ ...front, title: `About ${path}`, ...own }).map(([key, value]) => `${key}: ${value}`);
  return ['---', ...yaml, '---', '', body, ''].join('\n');
}

const briefly = (problems: readonly ContentProblem[]): string[] =>
  problems.map(({ file, line, field, code }) => `${file}:${line}${field === null ? '' : ` ${field}`} ${code}`);

async function found(files: Parameters<typeof check>[0], site: Partial<Site> = {}): Promise<string[]> {
  return briefly((await check(files, site)).problems);
}

/** The beginning of a PNG: all that its size is read from. */
function png(width: number, height: number, bytes = 24): Buffer {
  const file = Buffer.alloc(bytes);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(file);
  file.writeUInt32BE(width, 16);
  file.writeUInt32BE(height, 20);
  return file;
}

describe('checkContent', () => {
  it('finds nothing in articles that are in order', async () => {
    const files = {
      'talks.md': {
        body: '## A part\n\nSee [the other](other.md#why), [here](#a-part), [Armenia](/countries/armenia).',
      },
      'other.md': { body: '## Why?\n\nA note.[^1] Back to [the talks](/articles/talks#a-part).\n\n[^1]: The note.' },
      'talks.fa.md': { front: { title: 'گفتگو' }, body: '[یادداشت](/articles/other#fn1) و [خبرخوان](/fa/rss.xml)' },
    };
    expect(await found(files)).toEqual([]);
  });

  it('says where there is no content at all', async () => {
    const contentDir = join((await temporaryFolder()).path, 'content');
    const { problems } = await checkContent({ contentDir, site: siteOf(), now });
    expect(briefly(problems)).toEqual(['content:null no-content']);
  });

  it('names what a build would leave out, in the order of files and lines', async () => {
    const files = {
      'b.md': { front: { coutries: '[armenia]', date: 'yesterday' } },
      'a.md': Buffer.from('no front matter'),
      'c.md': { front: { title: '[]' }, body: 'x' },
    };
    expect(await found(files)).toEqual([
      'content/a.md:1 missing-front-matter',
      'content/b.md:4 date invalid-date',
      'content/b.md:5 coutries unknown-key',
      'content/c.md:2 title invalid-title',
    ]);
  });
});

describe('links', () => {
  it('knows articles by either ending of Markdown, and tells once of a file that is none', async () => {
    const body = '[Other](other.markdown#why), [section](_index.md), [hidden](.drafts/a.md).';
    expect(await found({ 'talks.md': { body }, 'other.markdown': { body: '## Why?' } })).toEqual([
      'content/talks.md:7 missing-file',
      'content/talks.md:7 missing-file',
    ]);
  });

  it('finds files by their names however letters and marks are put together', async () => {
    const body = '[Görüş](görüş.md#part), [map](/şəkil.png) ![Map](/şəkil.png)'.normalize('NFC');
    const files = {
      'talks.md': { body },
      ['görüş.md'.normalize('NFD')]: { front: { slug: 'meeting' }, body: '## Part' },
      ['şəkil.png'.normalize('NFD')]: png(600, 400),
    };
    expect(await found(files)).toEqual([]);
  });

  it('tells of articles, anchors and pages that aren’t there', async () => {
    const body = [
      'A [missing file](gone.md), [missing page](/articles/gone),',
      '[lost part](#gone), [lost part there](other.md#gone),',
      '[lost part here](/articles/other#gone), [whole](https://dispatch.example/articles/gone),',
      '[no such country](/countries/mars), [no page](/about), [neighbour](gone).',
      '',
      '[elsewhere](https://example.com/gone#gone), [top](#top), [a file](/articles/other/map.png)',
    ].join('\n');
    const { problems } = await check({ 'talks.md': { body }, 'other.md': {} });
    expect(briefly(problems)).toEqual([
      'content/talks.md:7 broken-link',
      'content/talks.md:7 missing-file',
      'content/talks.md:8 broken-anchor',
      'content/talks.md:8 broken-anchor',
      'content/talks.md:9 broken-anchor',
      'content/talks.md:9 broken-link',
      'content/talks.md:10 broken-link',
      'content/talks.md:10 broken-link',
      'content/talks.md:10 broken-link',
    ]);
    expect(problems.every(({ blocking }) => !blocking)).toBe(true);
  });

  it('warns of drafts, withdrawn articles and those that are embargoed longer', async () => {
    const body = '[a](draft.md) [b](/articles/gone) [c](later.md)';
    const files = {
      'draft.md': { front: { status: 'draft' } },
      'gone.md': { front: { status: 'withdrawn' } },
      'later.md': { front: { date: '2026-12-01' } },
      'talks.md': { body },
      'after.md': { front: { date: '2026-12-02' }, body: '[c](later.md)' },
      'notes.md': { front: { status: 'draft' }, body },
    };
    const { problems } = await check(files);
    expect(briefly(problems)).toEqual([
      'content/talks.md:7 link-to-draft',
      'content/talks.md:7 link-to-embargoed',
      'content/talks.md:7 link-to-withdrawn',
    ]);
    expect(problems[1]?.message).toContain('2026-11-30T20:00:00.000Z');
  });

  it('follows aliases, decodes anchors of every script and knows articles that live elsewhere', async () => {
    const files = {
      'old.md': { front: { aliases: '[/2019/old/]' } },
      'away.md': { front: { link: 'https://example.com/away' }, body: '' },
      'talks.md': {
        body: '## Մեր մասին\n\n[a](/2019/old) [b](#մեր-մասին) [c](away.md#anything) [d](/articles/talks#Մեր)',
      },
    };
    expect(await found(files)).toEqual(['content/talks.md:9 broken-anchor']);
  });

  it('name an article that is there in another language', async () => {
    const { problems } = await check({ 'talks.md': { body: '[a](/articles/note)' }, 'note.fa.md': {} });
    expect(problems.map(({ message }) => message)).toEqual([
      'There is no article at /articles/note. Did you mean /fa/articles/note?',
    ]);
  });

  it('understands a site that lives below a path', async () => {
    const body =
      '[a](/articles/other) [b](https://example.org/news/articles/gone) [c](https://example.org/articles/gone)';
    expect(await found({ 'talks.md': { body }, 'other.md': {} }, { url: 'https://example.org/news' })).toEqual([
      'content/talks.md:7 broken-link',
    ]);
  });
});

describe('footnotes and HTML', () => {
  it('are told of where they don’t come out as meant', async () => {
    const body = 'One.[^a] Two.[^b]\n\n[^b]: There.\n\n[^c]: Lost.\n\nSome <b>bold</b> words and `<i>code</i>`.';
    expect(await found({ 'talks.md': { body } })).toEqual([
      'content/talks.md:7 missing-footnote',
      'content/talks.md:11 unused-footnote',
      'content/talks.md:13 raw-html',
    ]);
  });
});

describe('pictures', () => {
  it('need words for those who can’t see them, a file, and a size that loads', async () => {
    const files = {
      'talks.md': {
        front: { image: '{ src: heavy.png }' },
        body: 'Look:\n![](small.png)\n\n![Wide](wide.png)\n\n![Gone](gone.png)\n\n![Gone too](/gone.png)',
      },
      'again.md': { body: '![Wide](wide.png)' },
      'small.png': png(40, 20),
      'wide.png': png(4001, 20),
      'heavy.png': png(40, 20, 1_000_001),
    };
    expect(await found(files)).toEqual([
      'content/again.md:7 large-picture',
      'content/talks.md:5 image missing-alt',
      'content/talks.md:5 image.src large-picture',
      'content/talks.md:9 missing-alt',
      'content/talks.md:13 missing-file',
      'content/talks.md:15 missing-file',
    ]);
  });
});

describe('dates', () => {
  it('are told of where they make no sense', async () => {
    const files = {
      'ahead.md': { front: { date: '2027-12-01' } },
      'past.md': { front: { date: '1926-11-20' } },
      'changed.md': { front: { updated: '2026-11-19', corrections: '[{ date: 2026-11-01, text: A }]' } },
      'will.md': { front: { updated: '2027-01-01', corrections: '{ date: 2027-01-01, text: A }' } },
    };
    expect(await found(files)).toEqual([
      'content/ahead.md:4 date date-far-ahead',
      'content/changed.md:5 updated updated-before-date',
      'content/changed.md:6 corrections.0.date correction-before-date',
      'content/past.md:4 date date-long-past',
      'content/will.md:5 updated updated-in-future',
      'content/will.md:6 corrections.0.date correction-in-future',
    ]);
  });

  it('without a time mean any time of their day', async () => {
    const dates = { date: '2026-11-20T18:30:00+04:00', updated: '2026-11-20' };
    expect(await found({ 'a.md': { front: { ...dates, corrections: '[{ date: 2026-11-20, text: A }]' } } })).toEqual(
      [],
    );
  });
});

describe('titles, summaries and texts', () => {
  it('are told of where they are long, the same, or not there', async () => {
    const files = {
      'a.md': { front: { title: 'The same', summary: 'x'.repeat(301) } },
      'b.md': { front: { title: 'the  SAME' } },
      'c.fa.md': { front: { title: 'The same' } },
      'd.md': { front: { title: 'x'.repeat(121) }, body: '' },
    };
    expect(await found(files)).toEqual([
      'content/a.md:3 summary long-summary',
      'content/b.md:2 title duplicate-title',
      'content/d.md:2 title long-title',
      'content/d.md:6 empty-text',
    ]);
  });

  it('are not what stands in a comment', async () => {
    const commented = '<!-- [gone](gone.md)\n\n![](gone.png) <b>bold</b> {{< tweet 1 >}} -->';
    const files = { 'a.md': { body: `${commented}\n\nSome text.` }, 'b.md': { body: commented } };
    expect(await found(files)).toEqual(['content/b.md:6 empty-text']);
  });
});

describe('addresses', () => {
  it('are one article’s alone', async () => {
    const files = {
      'a.md': { front: { id: 'tag:a.example,2026:1', slug: 'talks' } },
      'b.md': { front: { id: 'tag:a.example,2026:1', slug: 'talks' } },
      'c.md': { front: { aliases: '[/articles/talks, /old, /articles/c, /feeds]' } },
      'd.md': { front: { aliases: '[/new, /old/]' } },
    };
    const { problems } = await check(files);
    expect(briefly(problems)).toEqual([
      'content/b.md:5 id duplicate-id',
      'content/b.md:6 slug duplicate-slug',
      'content/c.md:5 aliases.0 alias-taken',
      'content/c.md:5 aliases.2 alias-taken',
      'content/c.md:5 aliases.3 alias-taken',
      'content/d.md:5 aliases.1 duplicate-alias',
    ]);
    expect(problems.filter(({ blocking }) => blocking)).toHaveLength(2);
  });
});

describe('translations', () => {
  it('belong to an original, one in each language', async () => {
    const files = {
      'talks.md': {},
      'b.fa.md': { front: { translationOf: 'talks' } },
      'c.fa.md': { front: { translationOf: 'talks' } },
      'd.fa.md': { front: { translationOf: 'talk' } },
      'e.fa.md': { front: { translation: 'machine' } },
      'f.fa.md': { front: { translationOf: 'f', translation: 'machine' } },
      'f.md': {},
    };
    expect(await found(files)).toEqual([
      'content/c.fa.md:5 translationOf translated-twice',
      'content/d.fa.md:5 translationOf missing-original',
      'content/e.fa.md:5 translation missing-original',
    ]);
  });

  it('that are missing are counted, and named apart', async () => {
    const files = {
      'a.md': {},
      'a.fa.md': { front: { title: 'الف' } },
      'b.md': {},
      'c.md': { front: { status: 'draft' } },
    };
    const { problems, translations } = await check(files);
    expect(problems).toEqual([]);
    expect(translations.stories).toBe(2);
    expect([...translations.byLanguage]).toEqual([
      ['en', 0],
      ['fa', 1],
    ]);
    expect(briefly(translations.problems)).toEqual(['content/b.md:1 missing-translation']);
  });
});
