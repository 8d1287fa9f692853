import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { FullArticle } from '../../src/content/index.ts';
import { articleOf } from '../support/feed-fixtures.ts';
import { rawRequest } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { documentOf, serve, type TestWebApp, testWebApp } from '../support/web-app.ts';

function articleAt(url: string, changes: Partial<FullArticle> & { readonly slug: string }): FullArticle {
  const prefix = changes.lang && changes.lang !== 'en' ? `/${changes.lang}` : '';
  return articleOf({ url: `${url}${prefix}/articles/${changes.slug}`, ...changes });
}

async function answerOf(app: TestWebApp, path: string): Promise<string> {
  const { url } = await serve(app);
  const { status, headers } = await rawRequest(url, path);
  return headers.location === undefined ? String(status) : `${status} ${headers.location}`;
}

describe('an alias', () => {
  const url = 'http://localhost';
  const articles = [
    articleAt(url, {
      slug: 'talks',
      aliases: ['/2019/05/talks', '/2019/новости/встреча', '/caf%C3%A9', '/cafe\u0301-2', '/a%2fb', '/articles/old'],
    }),
    articleAt(url, { lang: 'fa', slug: 'talks', aliases: ['/fa/old/گفتگو', '/fa/articles/was'] }),
    articleAt(url, {
      slug: 'rail',
      date: '2023-01-01T10:00:00.000Z',
      aliases: ['/feeds', '/articles/talks', '/', '/fa/', '/rss.xml', '/2019/05/talks'],
    }),
    articleAt(url, { slug: 'elsewhere', link: 'https://other.example/x', aliases: ['/2019/elsewhere'] }),
  ];
  const app = (): TestWebApp => {
    const made = testWebApp({ articles });
    made.documents.set('/rss.xml', documentOf('/rss.xml', 'rss', '<rss/>', '2023-04-10T08:30:15.000Z'));
    return made;
  };

  it.each([
    ['/2019/05/talks', '/articles/talks'],
    ['/2019/05/talks/', '/articles/talks'],
    ['/2019/05/talks?utm=a&b=c', '/articles/talks?utm=a&b=c'],
    [`/2019/${encodeURI('новости')}/${encodeURI('встреча')}`, '/articles/talks'],
    [encodeURI('/2019/новости/встреча').toLowerCase(), '/articles/talks'],
    ['/caf%c3%a9', '/articles/talks'],
    ['/cafe%CC%81', '/articles/talks'],
    ['/caf%C3%A9-2', '/articles/talks'],
    ['/a%2Fb', '/articles/talks'],
    ['/articles/old', '/articles/talks'],
    [encodeURI('/fa/old/گفتگو/'), '/fa/articles/talks'],
    ['/fa/articles/was', '/fa/articles/talks'],
  ])('leads from %s to the article, for good', async (path, target) => {
    expect(await answerOf(app(), path)).toBe(`301 ${target}`);
  });

  it.each(['/feeds', '/articles/talks', '/', '/fa/', '/rss.xml'])(
    'never stands before a live page: %s',
    async (path) => {
      expect(await answerOf(app(), path)).toBe('200');
    },
  );

  it.each([
    ['/?p=7', '301 /articles/talks'],
    ['/?utm=a&p=7&b=c', '301 /articles/talks?utm=a&b=c'],
    ['/index.php?p=7', '301 /articles/talks'],
    ['/fa/?p=7&lang=fa', '301 /fa/articles/talks'],
    ['/fa/?p=7', '200'],
    ['/?p=8', '200'],
    ['/?p=77', '200'],
    ['/', '200'],
    ['/old?x=1', '301 /articles/rail'],
    ['/old?x=2', '404'],
    ['/?feed=rss2', '301 /rss.xml'],
    ['/?feed=other', '200'],
  ])('with a query answers %s with %s', async (path, answer) => {
    const made = testWebApp({
      articles: [
        articleAt(url, { slug: 'talks', aliases: ['/?p=7'] }),
        articleAt(url, { lang: 'fa', slug: 'talks', aliases: ['/fa/?p=7&lang=fa'] }),
        articleAt(url, { slug: 'rail', date: '2023-01-01T10:00:00.000Z', aliases: ['/?p=7', '/old?x=1'] }),
      ],
    });
    made.documents.set('/rss.xml', documentOf('/rss.xml', 'rss', '<rss/>', '2023-04-10T08:30:15.000Z'));
    expect(await answerOf(made, path)).toBe(answer);
  });

  it.each(['/2019/elsewhere', '/a/b', '/2019', '/%E0%A4%A', '/2019/05/talks%00'])('isn’t found in %s', async (path) => {
    expect(await answerOf(app(), path)).toBe('404');
  });

  it('leads on from an article that was taken back', async () => {
    const made = app();
    made.withdrawn.add('en/old');
    expect(await answerOf(made, '/articles/old')).toBe('301 /articles/talks');
  });

  it('leads below the path of the publication’s URL, from there and from the rest of the host', async () => {
    const site = { url: 'http://localhost/paper' };
    const talks = articleAt(site.url, { slug: 'talks', aliases: ['/paper/was', '/2019/was'] });
    for (const path of ['/paper/was', '/2019/was', '/paper/2019/was/']) {
      expect(await answerOf(testWebApp({ site, articles: [talks] }), path)).toBe('301 /paper/articles/talks');
    }
  });
});

describe('an earlier slug', () => {
  const [talks, farsi] = [
    articleAt('http://localhost', { slug: 'talks' }),
    articleAt('http://localhost', { lang: 'fa', slug: 'talks' }),
  ];
  const app = (): TestWebApp => {
    const made = testWebApp({ articles: [talks, farsi] });
    made.formerSlugs.set('en/was', talks).set('fa/was', farsi).set('en/talks', farsi);
    return made;
  };

  it.each([
    ['/articles/was', '301 /articles/talks'],
    ['/articles/was?a=1', '301 /articles/talks?a=1'],
    ['/articles/was/map.png', '301 /articles/talks/map.png'],
    [encodeURI('/articles/was/карта.png'), `301 ${encodeURI('/articles/talks/карта.png')}`],
    ['/fa/articles/was', '301 /fa/articles/talks'],
    ['/articles/talks', '200'],
    ['/articles/never', '404'],
  ])('answers %s with %s', async (path, answer) => {
    expect(await answerOf(app(), path)).toBe(answer);
  });

  it('says only that it was here where the article isn’t published any more', async () => {
    const made = testWebApp({ articles: [{ ...talks, date: '2099-01-01T00:00:00.000Z' }] });
    made.formerSlugs.set('en/was', talks);
    for (const path of ['/articles/was', '/articles/was/map.png']) expect(await answerOf(made, path)).toBe('410');
  });

  it('gives way to an article that had it later and was taken back', async () => {
    const made = app();
    made.withdrawn.add('en/was');
    expect(await answerOf(made, '/articles/was')).toBe('410');
  });
});

describe('a withdrawn article', () => {
  it('is gone with its files', async () => {
    const folder = await temporaryFolder();
    await mkdir(`${folder.path}/x`);
    await writeFile(`${folder.path}/x/map.png`, 'png');
    const app = testWebApp();
    app.withdrawn.add('fa/secret');
    app.files.set('fa/secret/map.png', `${folder.path}/x/map.png`);
    expect(await answerOf(app, '/fa/articles/secret')).toBe('410');
    expect(await answerOf(app, '/fa/articles/secret/map.png')).toBe('410');
    expect(await answerOf(app, '/articles/secret/map.png')).toBe('404');
  });
});

describe('an old feed address', () => {
  const app = (): TestWebApp => {
    const made = testWebApp();
    for (const [path, format] of [
      ['/rss.xml', 'rss'],
      ['/atom.xml', 'atom'],
      ['/fa/rss.xml', 'rss'],
    ] as const) {
      made.documents.set(path, documentOf(path, format, '<x/>', '2023-04-10T08:30:15.000Z'));
    }
    return made;
  };

  it.each([
    ['/feed/', '301 /rss.xml'],
    ['/index.xml', '301 /rss.xml'],
    ['/feed.xml', '301 /atom.xml'],
    ['/feed/atom/', '301 /atom.xml'],
    ['/rss', '301 /rss.xml'],
    ['/fa/feed', '301 /fa/rss.xml'],
    ['/fa/feed.xml', '404'],
    ['/countries/armenia/feed', '404'],
  ])('answers %s with %s', async (path, answer) => {
    expect(await answerOf(app(), path)).toBe(answer);
  });
});

describe('an address that was meant otherwise', () => {
  it.each([
    ['/articles/tehran-talks/?a=1', '301 /articles/tehran-talks?a=1'],
    ['/en/articles/tehran-talks', '301 /articles/tehran-talks'],
    ['/fa', '301 /fa/'],
    [`/${encodeURI('հայ')}/`, `301 /${encodeURI('հայ')}`],
    ['//evil.example/', '301 /evil.example'],
  ])('leads from %s on: %s', async (path, answer) => {
    expect(await answerOf(testWebApp(), path)).toBe(answer);
  });

  it('stays below the path of the publication’s URL', async () => {
    const app = testWebApp({ site: { url: 'http://localhost/paper' } });
    expect(await answerOf(app, '/paper/feeds/')).toBe('301 /paper/feeds');
  });
});
