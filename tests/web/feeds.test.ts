import { parseJsonFeed, parseOpml } from 'feedsmith';
import { describe, expect, it } from 'vitest';
import { findFault } from '../../src/feeds/formats/well-formed.ts';
import { articleOf } from '../support/feed-fixtures.ts';
import { rawRequest } from '../support/http.ts';
import { addFeedDocuments, sampleArticles, serve, testWebApp } from '../support/web-app.ts';

const origin = 'http://localhost';
const selections = ['', 'countries/armenia/', 'countries/georgia/', 'topics/security/', 'authors/ana/'];
const feedPaths = [...selections, 'newsletters/weekly/', 'newsletters/daily/'];

async function text(url: string, path: string): Promise<string> {
  return (await rawRequest(url, path)).body.toString();
}

describe('/feeds', () => {
  it.each(['/', '/fa/'])('lists every feed in three formats with its address to copy: %s', async (home) => {
    const { url } = await serve(testWebApp());
    const page = await text(url, `${home}feeds`);
    for (const path of feedPaths) {
      for (const file of ['rss.xml', 'atom.xml', 'feed.json']) expect(page).toContain(`href="${home}${path}${file}"`);
      expect(page).toContain(`<code class="address" dir="ltr">${origin}${home}${path}rss.xml</code>`);
    }
    expect(page).toContain(`href="${home === '/' ? '/fa/' : '/'}rss.xml"`);
  });

  it('groups them, says what a feed reader is and names the files that hold all', async () => {
    const { url } = await serve(testWebApp());
    const page = await text(url, '/feeds');
    const headings = [...page.matchAll(/<h2 id="[^"]+">([^<]+)<\/h2>/g)].map((match) => match[1]);
    expect(headings).toEqual([
      'What is a feed reader?',
      'Everything',
      'Countries',
      'Topics',
      'Authors',
      'Newsletters',
      'In other languages',
      'All in one file',
    ]);
    expect(page).toContain('href="/en/feeds.opml"');
    expect(page).toContain(`>${origin}/feeds.opml</code>`);
  });

  it('leads to what subscribers get, which sections do too', async () => {
    const { url } = await serve(testWebApp());
    const page = await text(url, '/fa/feeds');
    for (const query of ['', '?country=armenia', '?topic=security', '?author=ana']) {
      expect(page).toContain(`href="/fa/feeds/select${query}"`);
    }
    expect(await text(url, '/topics/security')).toContain('href="/feeds/select?topic=security"');
  });
});

describe('/feeds.opml', () => {
  const urlsIn = (outlines: ReturnType<typeof parseOpml>['body']): unknown =>
    outlines?.outlines?.map((group) => group.outlines?.map((feed) => feed.xmlUrl));

  it('holds every feed of every language, by language', async () => {
    const { url } = await serve(testWebApp());
    const answer = await rawRequest(url, '/feeds.opml');
    expect(answer.headers['content-type']).toBe('text/x-opml; charset=utf-8');
    const opml = parseOpml(answer.body.toString());
    expect(findFault('rss', answer.body.toString().trim())).toBeNull();
    expect(opml.head?.title).toBe('The Caucasus Dispatch');
    expect(opml.body?.outlines?.map((group) => group.text)).toEqual(['English', 'فارسی']);
    expect(urlsIn(opml.body)).toEqual([
      feedPaths.map((path) => `${origin}/${path}rss.xml`),
      feedPaths.map((path) => `${origin}/fa/${path}rss.xml`),
    ]);
  });

  it.each([
    ['en', '/', 'The Caucasus Dispatch', ['Everything', 'Countries', 'Topics', 'Authors', 'Newsletters']],
    ['fa', '/fa/', 'پیک قفقاز', ['همه', 'کشورها', 'موضوع‌ها', 'نویسندگان', 'خبرنامه‌ها']],
  ])('has one for %s, by kind', async (lang, home, title, groups) => {
    const { url } = await serve(testWebApp());
    const opml = parseOpml(await text(url, `/${lang}/feeds.opml`));
    expect(opml.head?.title).toBe(title);
    expect(opml.body?.outlines?.map((group) => group.text)).toEqual(groups);
    expect(opml.body?.outlines?.flatMap((group) => group.outlines ?? []).map((feed) => feed.xmlUrl)).toEqual(
      feedPaths.map((path) => `${origin}${home}${path}rss.xml`),
    );
    expect(opml.body?.outlines?.[1]?.outlines?.[0]).toMatchObject({
      type: 'rss',
      text: `${title}: ${lang === 'en' ? 'Armenia' : 'ارمنستان'}`,
      htmlUrl: `${origin}${home}countries/armenia`,
      language: lang,
    });
  });

  it('has the same bytes later, and stands names that XML would not', async () => {
    const authors = { ana: { name: 'A & "B" <i>\u0000\ud800' } };
    const app = testWebApp({ site: { authors } });
    const { url } = await serve(app);
    const first = await rawRequest(url, '/feeds.opml');
    expect(findFault('rss', first.body.toString().trim())).toBeNull();
    const author = parseOpml(first.body.toString()).body?.outlines?.[0]?.outlines?.[4];
    expect(author?.text).toBe('The Caucasus Dispatch: A & "B" <i>');
    app.clock.set('2024-01-01T00:00:00.000Z');
    const again = await rawRequest(url, '/feeds.opml', { headers: { 'if-none-match': String(first.headers.etag) } });
    expect(again.status).toBe(304);
  });
});

describe('/feeds/select', () => {
  it.each([
    ['/feeds/select', '/feed.json'],
    ['/fa/feeds/select', '/fa/feed.json'],
    ['/feeds/select?country=georgia', '/countries/georgia/feed.json'],
    ['/fa/feeds/select?topic=security', '/fa/topics/security/feed.json'],
    ['/feeds/select?author=ana', '/authors/ana/feed.json'],
  ])('shows at %s exactly the entries of %s, in their order', async (path, documentPath) => {
    const app = testWebApp();
    addFeedDocuments(app);
    const { url } = await serve(app);
    const page = await text(url, path);
    const feed = parseJsonFeed(JSON.parse(await text(url, documentPath)));
    const links = [...page.matchAll(/<h2><a href="([^"]+)">/g)].map((match) => origin + match[1]);
    expect(links).toEqual(feed.items?.map((item) => item.url));
    expect(links.length).toBeGreaterThan(0);
    // A selection has an address of its own, also where a country's or topic's feed has the same entries.
    const [folder, query] = path.split('?');
    const addressOf = (file: string): string =>
      query === undefined ? documentPath.replace('feed.json', file) : `${folder}/${file}?${query}`;
    for (const file of ['rss.xml', 'atom.xml', 'feed.json']) {
      expect(page).toContain(`dir="ltr">${origin}${addressOf(file)}</code>`);
    }
    const own: typeof feed = parseJsonFeed(JSON.parse(await text(url, addressOf('feed.json'))));
    expect(own.items).toEqual(feed.items);
    expect(page).toContain('<meta name="robots" content="noindex">');
    const [announced] = page.match(/<link rel="alternate" type="[^"]+" title="[^"]+" href="[^"]+">/) ?? [];
    expect(announced).toContain(`href="${addressOf('rss.xml')}"`);
    expect(page).toContain(path.startsWith('/fa/') ? 'متن کامل' : 'Full text');
  });

  it('shows the text as subscribers get it, without ids that would stand there twice and without inline style', async () => {
    const html = '<h2 id="part">Part</h2><table><tr><td style="text-align:right">12</td></tr></table>';
    const articles = ['one', 'two'].map((slug) => articleOf({ slug, html, url: `${origin}/articles/${slug}` }));
    const app = testWebApp({ articles });
    addFeedDocuments(app);
    const { url } = await serve(app);
    const page = await text(url, '/feeds/select');
    expect(page.match(/<details>/g)).toHaveLength(2);
    expect(page.match(/<h2>Part<\/h2>/g)).toHaveLength(2);
    expect(page).toContain('<td class="align-right">12</td>');
    expect(page).not.toMatch(/id="part"|\sstyle=/);
  });

  it('shows picture, dates and audio', async () => {
    const audio = { url: `${origin}/articles/talk/talk.mp3`, type: 'audio/mpeg', bytes: 5, duration: 9 };
    const [talks] = sampleArticles(origin);
    const app = testWebApp({
      articles: [{ ...(talks ?? articleOf()), audio }, articleOf({ slug: 'plain', date: '2023-04-01T00:00:00.000Z' })],
    });
    addFeedDocuments(app);
    const { url } = await serve(app);
    const page = await text(url, '/feeds/select');
    expect(page).toContain('<img src="/articles/tehran-talks/map.png" alt="" loading="lazy"');
    expect(page).toContain('<time datetime="2023-04-09T14:30:00.000Z">');
    expect(page).toContain('Updated: <time datetime="2023-04-10T08:00:00.000Z">');
    expect(page).toContain('src="/articles/talk/talk.mp3"');
    expect(page).toContain('What a feed reader gets from these addresses now: 2 entries.');
  });

  it.each(['/feeds/select?country=unknown', '/feeds/select?country=constructor'])('knows no %s', async (path) => {
    const app = testWebApp();
    addFeedDocuments(app);
    const { url } = await serve(app);
    expect((await rawRequest(url, path)).status).toBe(404);
  });

  it('leads from another spelling of a selection to the one that it has', async () => {
    const { url } = await serve(testWebApp());
    const answer = await rawRequest(url, '/fa/feeds/select?country=georgia&country=armenia');
    expect([answer.status, answer.headers.location]).toEqual([301, '/fa/feeds/select?country=armenia,georgia']);
  });

  it('is the home feed where nothing is chosen', async () => {
    const app = testWebApp();
    addFeedDocuments(app);
    const { url } = await serve(app);
    expect(await text(url, '/feeds/select?topic=')).toContain(`dir="ltr">${origin}/rss.xml</code>`);
  });

  it('changes to the same selection in another language', async () => {
    const app = testWebApp();
    addFeedDocuments(app);
    const { url } = await serve(app);
    expect(await text(url, '/feeds/select?country=armenia')).toContain(
      '<a href="/fa/feeds/select?country=armenia" hreflang="fa"',
    );
  });
});
