import { writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { articleOf } from '../support/feed-fixtures.ts';
import { nestingFault, repeatedAttribute } from '../support/html-balance.ts';
import { rawRequest } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { addFeedDocuments, sampleArticles, serve, testWebApp } from '../support/web-app.ts';

async function text(url: string, path: string): Promise<string> {
  return (await rawRequest(url, path)).body.toString();
}

describe('every page', () => {
  const paths = ['/', '/articles/tehran-talks', '/countries/armenia', '/topics/security', '/authors/ana', '/feeds'];
  const more = [
    '/feeds/select',
    '/newsletters',
    '/newsletters/weekly',
    '/unsubscribe/good-token',
    '/preferences/good-token',
  ];

  it.each([...paths, ...more].flatMap((path) => [path, `/fa${path}`]))(
    'is whole, in its language, and without script: %s',
    async (path) => {
      const app = testWebApp();
      addFeedDocuments(app);
      const { url } = await serve(app);
      const answer = await rawRequest(url, path);
      const page = answer.body.toString();
      expect(answer.status).toBe(200);
      expect(page).toMatch(/^<!doctype html>\n<html lang="(en|fa)" dir="(ltr|rtl)">/);
      expect(page.includes('<html lang="fa" dir="rtl">')).toBe(path.startsWith('/fa'));
      expect(page).not.toMatch(/<script|\son[a-z]+=|javascript:|\sstyle=|undefined|\[object/i);
      expect(page.match(/<h1[ >]/g)).toHaveLength(1);
      expect(nestingFault(page.replace(/^<!doctype html>/, ''))).toBeNull();
      expect(repeatedAttribute(page)).toBeNull();
      expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
      expect(answer.headers['content-security-policy']).not.toContain('script-src');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
      expect(answer.headers['set-cookie']).toBeUndefined();
    },
  );

  it('is compressed and answered with 304 where it is public', async () => {
    const { url } = await serve(testWebApp());
    const answer = await rawRequest(url, '/', { headers: { 'accept-encoding': 'gzip' } });
    expect(gunzipSync(answer.body).toString()).toContain('</html>');
    const again = await rawRequest(url, '/', { headers: { 'if-none-match': String(answer.headers.etag) } });
    expect(again.status).toBe(304);
    const head = await rawRequest(url, '/', { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.body).toHaveLength(0);
  });
});

describe('/subscribe', () => {
  it('keeps the newsletter that a link named when it is read in another language, and says no more of it', async () => {
    const { url } = await serve(testWebApp());
    const asked = '/subscribe?newsletter=daily&newsletter=%22%3E%3Cb%3E&email=ann@courier.example';
    const page = await text(url, asked);
    expect(page).toContain('<a href="/fa/subscribe?newsletter=daily" hreflang="fa"');
    expect(page).toContain('hreflang="fa" href="http://localhost/fa/subscribe">');
    expect(await text(url, '/fa/subscribe?newsletter=daily')).toContain('name="newsletter" value="daily" checked');
  });
});

describe('the head of a page', () => {
  it('announces its own feeds before the publication’s', async () => {
    const { url } = await serve(testWebApp());
    const feedsOf = async (path: string): Promise<string[]> =>
      [...(await text(url, path)).matchAll(/<link rel="alternate" type="[^"]+" title="[^"]+" href="([^"]+)">/g)].map(
        (match) => match[1] ?? '',
      );
    expect(await feedsOf('/')).toEqual(['/rss.xml', '/atom.xml', '/feed.json']);
    expect((await feedsOf('/fa/countries/armenia')).slice(0, 4)).toEqual([
      '/fa/countries/armenia/rss.xml',
      '/fa/countries/armenia/atom.xml',
      '/fa/countries/armenia/feed.json',
      '/fa/rss.xml',
    ]);
    const rss = async (path: string): Promise<string[]> =>
      (await feedsOf(path)).filter((href) => href.endsWith('/rss.xml'));
    expect(await rss('/fa/articles/tehran-talks')).toEqual([
      '/fa/countries/armenia/rss.xml',
      '/fa/countries/georgia/rss.xml',
      '/fa/topics/security/rss.xml',
      '/fa/rss.xml',
    ]);
    expect(await rss('/newsletters/weekly')).toEqual(['/newsletters/weekly/rss.xml', '/rss.xml']);
    expect(await rss('/fa/newsletters')).toEqual([
      '/fa/newsletters/weekly/rss.xml',
      '/fa/newsletters/daily/rss.xml',
      '/fa/rss.xml',
    ]);
  });

  it('calls a feed as it calls itself', async () => {
    const { url } = await serve(testWebApp());
    expect(await text(url, '/countries/armenia')).toContain('title="The Caucasus Dispatch: Armenia (RSS)"');
    expect(await text(url, '/fa/topics/security')).toContain('title="پیک قفقاز: امنیت (Atom)"');
  });

  it('names an icon that the site answers, for home screens too', async () => {
    const { url } = await serve(testWebApp());
    const page = await text(url, '/fa/');
    expect(page).toContain('<link rel="icon" type="image/png" href="/icon.png">');
    expect(page).toContain('<link rel="apple-touch-icon" href="/icon.png">');
    for (const path of ['/icon.png', '/logo.png', '/favicon.ico']) {
      const answer = await rawRequest(url, path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers['content-type'], path).toBe('image/png');
      expect(answer.body.subarray(1, 4).toString(), path).toBe('PNG');
    }
    const vector = await serve(testWebApp({ site: { icon: 'my marks/icon.svg' } }));
    const other = await text(vector.url, '/');
    expect(other).toContain('<link rel="icon" type="image/svg+xml" href="/my%20marks/icon.svg">');
    expect(other).not.toContain('apple-touch-icon');
  });

  it('names the same page in other languages, and only where it exists', async () => {
    const { url } = await serve(testWebApp());
    const both = await text(url, '/articles/tehran-talks');
    expect(both).toContain('<link rel="alternate" hreflang="fa" href="http://localhost/fa/articles/tehran-talks">');
    expect(both).toContain('<link rel="alternate" hreflang="en" href="http://localhost/articles/tehran-talks">');
    const alone = await text(url, '/articles/court');
    expect(alone).not.toContain('<link rel="alternate" hreflang');
    expect(alone).toContain('<a href="/fa/" hreflang="fa" lang="fa" dir="rtl">');
  });
});

describe('/articles/SLUG', () => {
  it('shows the story with its picture, corrections, sources and translations', async () => {
    const { url } = await serve(testWebApp());
    const page = await text(url, '/articles/tehran-talks');
    for (const expected of [
      '<h1>Talks in Tehran</h1>',
      '<source type="image/svg+xml" srcset="/articles/tehran-talks/map.svg">',
      '<img src="/articles/tehran-talks/map.png" alt="Map with Tehran in the south-east" width="1200" height="600"',
      'An earlier version gave a wrong month.',
      '<a href="https://ministry.example/statement" rel="noopener">A ministry, 9 April 2023</a>',
      'Our own notes',
      'href="/fa/articles/tehran-talks" hreflang="fa"',
      '9 April 2023',
      'href="/authors/ana"',
    ]) {
      expect(page).toContain(expected);
    }
  });

  it('says of a machine’s translation what it is, and leads to the original', async () => {
    const articles = sampleArticles('http://localhost').map((article) =>
      article.lang === 'fa' ? { ...article, translation: 'machine' as const } : article,
    );
    const { url } = await serve(testWebApp({ articles }));
    expect(await text(url, '/fa/articles/tehran-talks')).toContain(
      'این متن ترجمهٔ ماشینی است. متن اصلی: <a href="/articles/tehran-talks" hreflang="en" lang="en" dir="ltr">English</a>',
    );
    expect(await text(url, '/articles/tehran-talks')).not.toContain('translated by machine');
  });

  it('tells Persian readers the Jalali date, and the Gregorian beside it', async () => {
    const { url } = await serve(testWebApp());
    expect(await text(url, '/fa/articles/tehran-talks')).toContain('۲۰ فروردین ۱۴۰۲ · ۹ آوریل ۲۰۲۳');
  });

  it('links within the site without a host, and turns inline alignment into a class', async () => {
    const { url } = await serve(testWebApp());
    const page = await text(url, '/articles/monitors');
    expect(page).toContain('See <a href="/articles/rail-link">the rail link</a>');
    expect(page).toContain('<td class="align-right">12</td>');
  });

  it('leads to where an article lives, if that is elsewhere', async () => {
    const link = 'https://elsewhere.example/story';
    const app = testWebApp({ articles: [articleOf({ slug: 'away', link, url: link })] });
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/articles/away');
    expect(answer.status).toBe(302);
    expect(answer.headers.location).toBe(link);
    expect(await text(url, '/')).toContain(`href="${link}"`);
  });

  it('answers an old address with 301', async () => {
    const articles = [
      articleOf({ slug: 'bridge', url: 'http://localhost/articles/bridge', aliases: ['/2019/05/old-bridge'] }),
    ];
    const { url } = await serve(testWebApp({ articles }));
    for (const path of ['/2019/05/old-bridge', '/2019/05/old-bridge/']) {
      const answer = await rawRequest(url, path);
      expect(answer.status).toBe(301);
      expect(answer.headers.location).toBe('/articles/bridge');
    }
  });
});

describe('what is not published', () => {
  const secret = 'The-Secret-Word';
  const hidden = ['draft', 'withdrawn', 'scheduled'].map((kind) =>
    articleOf({
      slug: kind,
      title: secret,
      summary: secret,
      html: secret,
      status: kind === 'scheduled' ? 'published' : kind === 'draft' ? 'draft' : 'withdrawn',
      publishedAt: kind === 'withdrawn' ? '2023-04-01T00:00:00.000Z' : null,
      date: kind === 'scheduled' ? '2023-04-11T00:00:00.000Z' : '2023-04-01T00:00:00.000Z',
      aliases: [`/old/${kind}`],
      countries: ['armenia'],
    }),
  );

  it('can’t be reached at any address', async () => {
    const app = testWebApp({ articles: [...sampleArticles('http://localhost'), ...hidden] });
    const folder = await temporaryFolder();
    await writeFile(`${folder.path}/map.png`, secret);
    for (const { slug } of hidden) app.files.set(`en/${slug}/map.png`, `${folder.path}/map.png`);
    app.withdrawn.add('en/withdrawn');
    addFeedDocuments(app);
    const { url } = await serve(app);
    const paths = hidden.flatMap(({ slug }) => [
      `/articles/${slug}`,
      `/articles/${slug}/`,
      `/fa/articles/${slug}`,
      `/articles/${slug}/map.png`,
      `/articles/%2e%2e/articles/${slug}`,
      `/old/${slug}`,
    ]);
    for (const path of paths) {
      const answer = await rawRequest(url, path);
      expect([301, 404, 410], path).toContain(answer.status);
      expect(answer.body.toString()).not.toContain(secret);
    }
    for (const path of [
      '/',
      '/fa/',
      '/countries/armenia',
      '/topics/security',
      '/authors/ana',
      '/feeds',
      '/feeds/select',
      '/feeds/select?country=armenia',
      '/feeds.opml',
      '/sitemap.xml',
      '/news-sitemap.xml',
      '/articles/court',
    ]) {
      expect(await text(url, path), path).not.toContain(secret);
    }
  });

  it('answers 410 for a withdrawn article and 404 for one that never was, in the page’s language', async () => {
    const app = testWebApp();
    app.withdrawn.add('fa/gone');
    const { url } = await serve(app);
    const gone = await rawRequest(url, '/fa/articles/gone');
    expect(gone.status).toBe(410);
    expect(gone.body.toString()).toContain('این مقاله پس گرفته شده است');
    const never = await rawRequest(url, '/fa/articles/never');
    expect(never.status).toBe(404);
    expect(never.body.toString()).toContain('<html lang="fa" dir="rtl">');
  });

  it('appears at its instant', async () => {
    const app = testWebApp({ articles: hidden });
    const { url } = await serve(app);
    expect((await rawRequest(url, '/articles/scheduled')).status).toBe(404);
    app.clock.set('2023-04-11T00:00:00.000Z');
    expect((await rawRequest(url, '/articles/scheduled')).status).toBe(200);
  });
});

describe('the front page', () => {
  it('shows each story once besides the list as it came in, and what other languages have', async () => {
    const { url } = await serve(testWebApp());
    const english = await text(url, '/');
    expect(english.match(/<h[23]><a href="\/articles\/rail-link">/g)).toHaveLength(1);
    expect(english).toContain(
      'Next edition: <time datetime="2023-04-14T03:00:00.000Z">Friday 14 April 2023, <bdi>07:00',
    );
    const persian = await text(url, '/fa/');
    expect(persian).toContain('گفت‌وگو در تهران');
    expect(persian).toContain(
      '<a href="/articles/rail-link" hreflang="en" lang="en" dir="ltr">A rail link is planned</a>',
    );
  });

  it('says so where nothing has been published', async () => {
    const { url } = await serve(testWebApp({ articles: [] }));
    expect(await text(url, '/')).toContain('Nothing has been published here yet.');
    expect((await rawRequest(url, '/countries/armenia')).status).toBe(200);
  });
});

describe('addresses', () => {
  it.each([
    ['/fa', '/fa/'],
    ['/en/articles/court', '/articles/court'],
    ['/en/', '/'],
    ['/en/feeds/select?country=armenia', '/feeds/select?country=armenia'],
    ['/articles/court/', '/articles/court'],
    ['/en//evil.example', '/evil.example'],
    ['//evil.example/', '/evil.example'],
    ['/%5cevil.example/', '/evil.example'],
  ])('sends %s to %s, never to another host', async (path, target) => {
    const { url } = await serve(testWebApp());
    const answer = await rawRequest(url, path);
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe(target);
  });

  it.each(['/countries/constructor', '/topics/__proto__', '/authors/unknown', '/newsletters/toString', '/nowhere'])(
    'knows no %s',
    async (path) => {
      const { url } = await serve(testWebApp());
      expect((await rawRequest(url, path)).status).toBe(404);
    },
  );

  it('refuses to change what can only be read', async () => {
    const { url } = await serve(testWebApp());
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await rawRequest(url, '/articles/court', { method });
      expect(answer.status).toBe(405);
      expect(answer.headers.allow).toBe('GET, HEAD');
    }
  });
});
