import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { type Article, matchForeignGuids } from '../../src/content/index.ts';
import { parseForeignFeed } from '../../src/feeds/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { parseFeed } from '../support/feed-fixtures.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { foreignPublication, oldFeeds } from '../support/foreign-sites.ts';
import { type RawAnswer, rawRequest } from '../support/http.ts';

interface Moved {
  readonly app: App;
  readonly problems: readonly string[];
  find(path: string): Article | undefined;
  get(path: string, host?: string): Promise<RawAnswer>;
}

/** The app over the folder of an old site, built once and served. */
async function moveFrom(name: Parameters<typeof foreignPublication>[0]): Promise<Moved> {
  const dir = await foreignPublication(name);
  const app = await openApp(readConfig({ dir, environment: {} }), { clock: fixedClock('2026-11-26T12:00:00.000Z') });
  onTestFinished(() => app.close());
  const { problems } = await app.rebuild();
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return {
    app,
    problems: problems.map(({ file, code, blocking }) => `${file} ${code}${blocking ? ' (left out)' : ''}`).sort(),
    find: (path) => app.catalog.catalog().articles.find((article) => article.path === path),
    get: (path, host = 'courier.example') => rawRequest(server.url, path, { headers: { host } }),
  };
}

async function guidsIn({ get }: Moved, path = '/rss.xml'): Promise<string[]> {
  const text = (await get(path)).body.toString();
  return [...text.matchAll(/<guid isPermaLink="false">([^<]+)<\/guid>/g)].map((match) => match[1] ?? '').sort();
}

async function redirect({ get }: Moved, path: string): Promise<string | undefined> {
  const { status, headers } = await get(path);
  return status === 301 ? headers.location : `${status}`;
}

describe('content of a Hugo site', () => {
  it('keeps guid, addresses, dates, author and sections', async () => {
    const moved = await moveFrom('hugo');
    expect(moved.find('posts/bridge-opens.md')).toMatchObject({
      id: 'http://old.example/2023/04/bridge/',
      title: 'A bridge opens',
      summary: 'It had been closed for years.',
      date: '2023-04-09T14:30:00.000Z',
      updated: '2023-04-10T05:00:00.000Z',
      authors: [{ key: 'ana', name: 'Ana Beridze' }],
      countries: ['georgia'],
      topics: ['energy'],
    });
    expect(await guidsIn(moved)).toContain('http://old.example/2023/04/bridge/');
    for (const old of ['/2023/04/bridge/', '/2023/04/bridge', '/old/bridge/', '/2023/04/bridge-news/']) {
      expect(await redirect(moved, old), old).toBe('/articles/bridge-opens');
    }
    const { status, headers } = await moved.get('/old/bridge/', 'old.example');
    expect([status, headers.location]).toEqual([301, 'https://courier.example/old/bridge/']);
  });

  it('takes a folder’s name for its index.md, in each language, and leaves comments out', async () => {
    const { find, app } = await moveFrom('hugo');
    expect(find('posts/dam/index.md')).toMatchObject({ slug: 'dam', lang: 'en' });
    expect(find('posts/dam/index.fa.md')).toMatchObject({ slug: 'dam', lang: 'fa', summary: 'باران آمد.' });
    const page = app.catalog.published().articles.filter(({ slug }) => slug === 'dam');
    expect(page).toHaveLength(2);
  });

  it('shows nothing that the old site didn’t: drafts, expired and future posts, section pages', async () => {
    const moved = await moveFrom('hugo');
    const shown = moved.app.catalog.published().articles.map(({ path }) => path);
    const published = ['posts/bridge-opens.md', 'posts/dam/index.fa.md', 'posts/dam/index.md', 'posts/toml.md'];
    expect(shown.toSorted()).toEqual(published);
    for (const path of ['/', '/rss.xml', '/atom.xml', '/feed.json', '/fa/rss.xml']) {
      expect((await moved.get(path)).body.toString(), path).not.toMatch(/Unfinished|Over|Later|Welcome|more--/);
    }
  });

  it('says what is left to do', async () => {
    const { problems } = await moveFrom('hugo');
    expect(problems).toEqual([
      'content/posts/bridge-opens.md ignored-terms',
      'content/posts/bridge-opens.md missing-alt',
      'content/posts/bridge-opens.md missing-file',
      'content/posts/bridge-opens.md shortcode',
      'content/posts/dam/index.md missing-file',
      'content/posts/over.md kept-back',
      'content/posts/toml.md derived-summary',
      'content/posts/unfinished.md derived-summary',
    ]);
  });

  it('answers old feed addresses with the way to the new ones', async () => {
    const moved = await moveFrom('hugo');
    expect(await redirect(moved, '/index.xml')).toBe('/rss.xml');
    expect(await redirect(moved, '/fa/index.xml')).toBe('/fa/rss.xml');
    expect(await redirect(moved, '/tags/georgia/index.xml')).toBe('/countries/georgia/rss.xml');
    expect(await redirect(moved, '/nowhere/index.xml')).toBe('404');
  });
});

describe('content of a Jekyll site', () => {
  it('keeps guid, addresses, the dates of file names, titles and excerpts', async () => {
    const moved = await moveFrom('jekyll');
    expect(moved.find('_posts/2019-05-01-rail-link.markdown')).toMatchObject({
      id: 'http://old.example/2019/05/01/rail-link',
      slug: 'rail-link',
      title: 'A rail link & a road',
      summary: 'The rail link is planned.',
      date: '2019-04-30T20:00:00.000Z',
      updated: '2019-05-03T06:00:00.000Z',
      countries: ['georgia'],
      topics: ['energy'],
    });
    expect(moved.find('_posts/2019-05-03-monitors.md')).toMatchObject({
      date: '2019-05-03T14:30:00.000Z',
      summary: 'They came in two groups.',
      authors: [{ key: null, name: 'somebody-else' }],
    });
    for (const old of ['/2019/05/01/rail-link.html', '/rail', '/news/rail/', '/2019/05/01/rail-link']) {
      expect(await redirect(moved, old), old).toBe('/articles/rail-link');
    }
    expect(await redirect(moved, '/feed.xml')).toBe('/atom.xml');
  });

  it('keeps drafts back and names Liquid and kramdown in the text', async () => {
    const { app, problems } = await moveFrom('jekyll');
    const shown = app.catalog.published().articles.map(({ slug }) => slug);
    expect(shown.toSorted()).toEqual(['monitors', 'rail-link']);
    expect(problems.filter((problem) => problem.includes('rail-link'))).toEqual([
      'content/_posts/2019-05-01-rail-link.markdown attribute-list',
      'content/_posts/2019-05-01-rail-link.markdown derived-summary',
      'content/_posts/2019-05-01-rail-link.markdown ignored-terms',
      'content/_posts/2019-05-01-rail-link.markdown missing-file',
      'content/_posts/2019-05-01-rail-link.markdown template-tag',
    ]);
  });
});

describe('content of an Eleventy site', () => {
  it('keeps id and permalink, and nothing that was in no collection or not written', async () => {
    const moved = await moveFrom('eleventy');
    const shown = moved.app.catalog.published().articles.map(({ slug }) => slug);
    expect(shown.toSorted()).toEqual(['first', 'second']);
    expect(await guidsIn(moved)).toContain('http://old.example/blog/first/');
    expect(moved.find('blog/first.md')).toMatchObject({ countries: ['armenia'], summary: 'A power station starts.' });
    expect(await redirect(moved, '/blog/first/')).toBe('/articles/first');
    expect(await redirect(moved, '/feed/feed.xml')).toBe('/atom.xml');
  });

  it('takes no date that follows the file for the day of publication', async () => {
    const { find, problems } = await moveFrom('eleventy');
    expect(find('blog/2022-01-06-second.md')).toMatchObject({ date: '2022-01-05T20:00:00.000Z' });
    expect(problems).toContain('content/blog/2022-01-06-second.md computed-date');
    expect(problems).toContain('content/blog/undated.md computed-date');
    expect(problems).toContain('content/blog/undated.md missing-date (left out)');
  });
});

describe('content exported from WordPress', () => {
  it('keeps ?p= guids byte for byte, in each format, and no row’s number', async () => {
    const moved = await moveFrom('wordpressJekyll');
    const guids = ['http://old.example/?p=123', 'http://old.example/?post_type=post&p=124'];
    const text = async (path: string) => (await moved.get(path)).body.toString();
    const [rss, atom, json] = [await text('/rss.xml'), await text('/atom.xml'), await text('/feed.json')];
    expect(parseFeed({ rss, atom, json }).rss.items?.map(({ guid }) => guid)).toEqual(
      guids.toReversed().map((value) => ({ value, isPermaLink: false })),
    );
    expect(parseFeed({ rss, atom, json }).atom.entries?.map(({ id }) => id)).toEqual(guids.toReversed());
    expect(JSON.parse(json).items.map(({ id }: { id: string }) => id)).toEqual(guids.toReversed());
    expect(await redirect(moved, '/?p=123')).toBe('/articles/court-decides');
    expect(await redirect(moved, '/index.php?p=124&utm_source=old')).toBe('/articles/mines?utm_source=old');
  });

  it('reads HTML in titles and excerpts, names authors without their addresses, and keeps pages and private posts back', async () => {
    const moved = await moveFrom('wordpressJekyll');
    expect(moved.find('_posts/2018-03-04-court-decides.md')).toMatchObject({
      title: 'The court’s decision',
      summary: 'Three judges, one voice.',
      authors: [{ key: null, name: 'admin' }],
      countries: ['georgia'],
    });
    expect(moved.find('_posts/2018-03-05-mines.markdown')).toMatchObject({
      title: 'Mines close – cafés open',
      authors: [{ key: null, name: 'Gio' }],
    });
    expect(moved.app.catalog.published().articles.map(({ slug }) => slug)).toEqual(['mines', 'court-decides']);
    expect(await redirect(moved, '/2018/03/04/court-decides/')).toBe('/articles/court-decides');
    expect(await redirect(moved, '/feed/')).toBe('/rss.xml');
  });

  it('finds the cover in images/ and names HTML in the text', async () => {
    const { find, problems } = await moveFrom('wordpressMarkdown');
    expect(find('2019-05-01-budget-passed/index.md')).toMatchObject({
      slug: 'budget-passed',
      countries: ['armenia'],
      summary: 'Parliament passed the budget.',
      image: { url: 'https://courier.example/articles/budget-passed/hall.jpg' },
    });
    expect(problems).toContain('content/2019-05-01-budget-passed/index.md raw-html');
  });
});

describe('matchForeignGuids', () => {
  it.each([
    [
      'hugo',
      oldFeeds.hugo,
      [
        { path: 'posts/dam/index.md', guid: 'http://old.example/posts/dam/', alias: '/posts/dam' },
        { path: 'posts/dam/index.fa.md', guid: 'http://old.example/fa/posts/dam/', alias: '/fa/posts/dam' },
      ],
    ],
    [
      'jekyll',
      oldFeeds.jekyll,
      [
        {
          path: '_posts/2019-05-03-monitors.md',
          guid: 'http://old.example/2019/05/03/monitors',
          alias: '/2019/05/03/monitors.html',
        },
      ],
    ],
    [
      'wordpressMarkdown',
      oldFeeds.wordpress,
      [
        {
          path: '2019-05-01-budget-passed/index.md',
          guid: 'http://old.example/?p=7&x=1',
          alias: '/2019/05/01/budget-passed',
        },
        { path: '2019-06-02-flights-resume/index.md', guid: 'http://old.example/?p=9', alias: '/?p=9' },
      ],
    ],
  ] as const)('gives each article of %s the guid that its old feed had', async (name, document, expected) => {
    const { app } = await moveFrom(name);
    const feed = parseForeignFeed(document);
    if (!('entries' in feed)) throw new Error(feed.message);
    const { matches, unmatched } = matchForeignGuids(feed.entries, app.catalog.catalog().articles);
    expect(matches).toEqual(expected);
    expect(unmatched).toEqual([]);
  });
});
