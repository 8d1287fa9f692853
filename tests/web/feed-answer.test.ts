import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/errors.ts';
import type { FeedDocument, FeedFormat } from '../../src/feeds/index.ts';
import { absoluteUrl } from '../../src/site.ts';
import { type RawAnswer, type RawRequest, rawRequest } from '../support/http.ts';
import { documentOf, serve, type TestWebApp, type TestWebOptions, testWebApp } from '../support/web-app.ts';

const text = `<?xml version="1.0"?><rss>${'<item/>'.repeat(200)}</rss>`;
const changedAt = '2023-04-10T08:30:15.000Z';

function appWithFeeds({ hubs = [], ...options }: TestWebOptions & { hubs?: readonly string[] } = {}): TestWebApp {
  const app = testWebApp(options);
  const add = (path: string, format: FeedFormat, body: string): void => {
    const address = { url: absoluteUrl(app.site, path), hubs };
    app.documents.set(path, documentOf(path, format, body, changedAt, address));
  };
  add('/rss.xml', 'rss', text);
  add('/fa/atom.xml', 'atom', '<feed/>');
  add('/feed.json', 'json', '{}');
  return app;
}

describe('feeds over HTTP', () => {
  it('counts who gets a document, or hears that it is as it was, and nobody else', async () => {
    const app = appWithFeeds();
    const { url } = await serve(app);
    const agent = { 'user-agent': 'Feedly/1.0 (12 subscribers)' };
    const { etag = '' } = (await rawRequest(url, '/rss.xml', { headers: agent })).headers;
    await rawRequest(url, '/rss.xml', { headers: { 'if-none-match': etag } });
    await rawRequest(url, '/rss.xml', { method: 'HEAD' });
    await rawRequest(url, '/rss.xml', { headers: { 'if-match': '"other"' } });
    await rawRequest(url, '/none.xml');
    expect(app.polls).toEqual(['200 /rss.xml Feedly/1.0 (12 subscribers)', '304 /rss.xml ']);
  });

  it('sends the bytes with type, tag, date and how long they may be kept', async () => {
    const { url } = await serve(appWithFeeds());
    const answer = await rawRequest(url, '/rss.xml');
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe(text);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/rss+xml; charset=utf-8',
      'content-length': String(Buffer.byteLength(text)),
      'cache-control': 'public, max-age=900',
      'last-modified': 'Mon, 10 Apr 2023 08:30:15 GMT',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers.etag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    ['/fa/atom.xml', 'application/atom+xml; charset=utf-8'],
    ['/feed.json', 'application/feed+json; charset=utf-8'],
  ])('names the type of %s', async (path, type) => {
    const { url } = await serve(appWithFeeds());
    expect((await rawRequest(url, path)).headers['content-type']).toBe(type);
  });

  it.each([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.8', 'br'],
    ['gzip, br', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['deflate, *;q=0.1', 'br'],
    ['br;q=0, gzip;q=0, *', undefined],
    ['identity, gzip;q=0.5', undefined],
  ])('compresses for Accept-Encoding %s to %s, under another strong tag', async (accepted, coding) => {
    const { url } = await serve(appWithFeeds());
    const plain = await rawRequest(url, '/rss.xml');
    const packed = await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': accepted } });
    expect(packed.headers['content-encoding']).toBe(coding);
    expect(packed.headers['content-length']).toBe(String(packed.body.length));
    expect(packed.headers.vary).toBe('Accept-Encoding');
    if (coding === undefined) {
      expect(packed.headers.etag).toBe(plain.headers.etag);
      expect(packed.body).toEqual(plain.body);
    } else {
      expect(packed.headers.etag).toBe(String(plain.headers.etag).replace(/"$/, `-${coding}"`));
      expect((coding === 'br' ? brotliDecompressSync : gunzipSync)(packed.body)).toEqual(plain.body);
      expect(packed.body.length).toBeLessThan(plain.body.length);
    }
  });

  it('sends gzip while brotli is being made, and brotli from then on', async () => {
    let brotli: Buffer | Promise<Buffer> = new Promise(() => {});
    const zipped = gzipSync(text);
    const { url } = await serve(appWithFeeds({ encoded: (_document, coding) => (coding === 'br' ? brotli : zipped) }));
    const codingFor = async (accepted: string): Promise<string | undefined> =>
      (await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': accepted } })).headers['content-encoding'];
    expect(await codingFor('br, gzip')).toBe('gzip');
    expect(await codingFor('br')).toBeUndefined();
    brotli = brotliCompressSync(text);
    expect(await codingFor('br, gzip')).toBe('br');
  });

  it('sends the plain bytes where compressing fails', async () => {
    const { url } = await serve(appWithFeeds({ encoded: () => Promise.reject(new Error('out of memory')) }));
    const answer = await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': 'br, gzip' } });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toBe(text);
  });

  it('asks to come again soon where a document’s bytes are lost, and in a minute where it is still being made', async () => {
    const app = appWithFeeds();
    const lost = (): Promise<Buffer> => Promise.reject(new AppError('unavailable', 'It isn’t there.'));
    const isWaiting = (path: string): boolean => path === '/archive/1/rss.xml';
    const { url } = await serve({ ...app, feeds: { ...app.feeds, bytesOf: lost, isWaiting } });
    for (const accepted of ['br', 'gzip', 'identity']) {
      const { status, headers } = await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': accepted } });
      const found = [status, headers['retry-after'], headers['cache-control'], headers.etag];
      expect(found, accepted).toEqual([503, '5', 'no-store', undefined]);
    }
    const { status, headers, body } = await rawRequest(url, '/archive/1/rss.xml');
    expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '60', 'no-store']);
    expect(body.toString()).toMatch(/being made/);
    expect((await rawRequest(url, '/archive/2/rss.xml')).status).toBe(404);
  });

  it('answers HEAD as GET without the bytes', async () => {
    const { url } = await serve(appWithFeeds());
    for (const encoding of ['identity', 'gzip', 'br']) {
      const headers = { 'accept-encoding': encoding };
      const get = await rawRequest(url, '/rss.xml', { headers });
      const head = await rawRequest(url, '/rss.xml', { method: 'HEAD', headers });
      expect(head.status).toBe(200);
      expect(head.body).toHaveLength(0);
      const { date: _get, ...expected } = get.headers;
      const { date: _head, ...found } = head.headers;
      expect(found).toEqual(expected);
    }
  });

  it('answers 304 without bytes to every tag of these bytes, in any encoding, and repeats that tag', async () => {
    const { url } = await serve(appWithFeeds());
    const tagFor = async (encoding: string): Promise<string> =>
      String((await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': encoding } })).headers.etag);
    const plain = await tagFor('identity');
    const [gzip, br] = [await tagFor('gzip'), await tagFor('br')];
    const cases = [plain, gzip, br].flatMap((tag) => [
      [tag, tag],
      [`W/${tag}`, tag],
      [`"other", W/"x,y",${tag} `, tag],
    ]);
    for (const method of ['GET', 'HEAD']) {
      for (const encoding of ['identity', 'gzip', 'br, gzip']) {
        // Without a tag of ours it is that of the encoding which would be sent.
        const usual = encoding === 'identity' ? plain : gzip;
        for (const [sent = '', expected] of [...cases, ['*', usual]]) {
          const answer = await rawRequest(url, '/rss.xml', {
            method,
            headers: { 'if-none-match': sent, 'accept-encoding': encoding },
          });
          expect(answer.status, `${method} ${encoding} ${sent}`).toBe(304);
          expect(answer.body).toHaveLength(0);
          expect(answer.headers).toMatchObject({
            etag: expected,
            vary: 'Accept-Encoding',
            'cache-control': 'public, max-age=900',
            'last-modified': 'Mon, 10 Apr 2023 08:30:15 GMT',
            'access-control-allow-origin': '*',
          });
          expect(answer.headers['content-type']).toBeUndefined();
          expect(answer.headers['content-encoding']).toBeUndefined();
        }
      }
    }
  });

  it('answers 304 to a date from then on, unless a tag says otherwise', async () => {
    const { url } = await serve(appWithFeeds());
    const since = async (headers: Record<string, string>): Promise<number> =>
      (await rawRequest(url, '/rss.xml', { headers })).status;
    expect(await since({ 'if-modified-since': 'Mon, 10 Apr 2023 08:30:15 GMT' })).toBe(304);
    expect(await since({ 'if-modified-since': 'Mon, 10 Apr 2023 08:30:14 GMT' })).toBe(200);
    expect(await since({ 'if-modified-since': 'Mon, 10 Apr 2023 09:00:00 GMT', 'if-none-match': '"old"' })).toBe(200);
    expect(await since({ 'if-match': '"old"' })).toBe(412);
  });

  it('sends new bytes under a new tag as soon as there are any', async () => {
    const app = appWithFeeds();
    const { url } = await serve(app);
    const before = String((await rawRequest(url, '/rss.xml')).headers.etag);
    app.documents.set('/rss.xml', documentOf('/rss.xml', 'rss', '<rss/>', '2023-04-10T09:00:00.000Z'));
    const after = await rawRequest(url, '/rss.xml', { headers: { 'if-none-match': before } });
    expect(after.status).toBe(200);
    expect(after.body.toString()).toBe('<rss/>');
  });

  it('refuses other methods and knows no feed under another spelling', async () => {
    const { url } = await serve(appWithFeeds());
    const posted = await rawRequest(url, '/rss.xml', { method: 'POST', body: 'x' });
    expect(posted.status).toBe(405);
    expect(posted.headers.allow).toBe('GET, HEAD, OPTIONS');
    for (const path of ['/RSS.xml', '//rss.xml', '/%72ss.xml', '/x/../rss.xml']) {
      expect((await rawRequest(url, path)).status, path).not.toBe(200);
    }
  });

  it.each([
    ['POST', 405],
    ['OPTIONS', 204],
  ])('makes no selection for %s', async (method, status) => {
    const app = appWithFeeds();
    const print = (): Promise<never> => Promise.reject(new Error('It was made.'));
    const { url } = await serve({ ...app, feeds: { ...app.feeds, select: () => ({ kind: 'selection', print }) } });
    expect((await rawRequest(url, '/feeds/select/rss.xml?country=armenia', { method })).status).toBe(status);
  });

  it('lets pages of other sites read a feed, with its tag, and ask first', async () => {
    const { url } = await serve(appWithFeeds());
    const headers = { origin: 'https://reader.example' };
    const read = await rawRequest(url, '/rss.xml', { headers });
    expect(read.headers['access-control-allow-origin']).toBe('*');
    expect(read.headers['access-control-expose-headers']).toContain('ETag');
    const asked = await rawRequest(url, '/rss.xml', {
      method: 'OPTIONS',
      headers: {
        ...headers,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'if-none-match',
      },
    });
    expect(asked.status).toBe(204);
    expect(asked.body).toHaveLength(0);
    expect(asked.headers).toMatchObject({
      allow: 'GET, HEAD, OPTIONS',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'GET, HEAD, OPTIONS',
      'access-control-allow-headers': expect.stringContaining('If-None-Match'),
      'access-control-max-age': '86400',
    });
  });

  it('names the hubs that tell of changes, and its own public address, where there are hubs', async () => {
    const hubs = ['https://hub.example/', 'https://second.example/push?a=1'];
    const { url } = await serve(appWithFeeds({ hubs, site: { url: 'https://dispatch.example/paper' } }));
    const host = { host: 'dispatch.example' };
    for (const method of ['GET', 'HEAD']) {
      const answer = await rawRequest(url, '/paper/fa/atom.xml', { method, headers: host });
      expect(answer.headers['link']).toBe(
        '<https://hub.example/>; rel="hub", <https://second.example/push?a=1>; rel="hub", ' +
          '<https://dispatch.example/paper/fa/atom.xml>; rel="self"',
      );
    }
    const { url: without } = await serve(appWithFeeds());
    expect((await rawRequest(without, '/rss.xml')).headers['link']).toBeUndefined();
  });

  it('takes the address in absolute form too, as a proxy may write it', async () => {
    const { url } = await serve(appWithFeeds());
    const path = 'http://localhost/rss.xml?a=1';
    expect((await rawRequest(url, path, { headers: { host: 'evil.example' } })).body.toString()).toBe(text);
    expect((await rawRequest(url, 'http://evil.example/rss.xml')).status).toBe(421);
    expect((await rawRequest(url, '*', { method: 'OPTIONS' })).status).toBe(204);
  });

  it('serves a publication that lives below a path', async () => {
    const app = testWebApp({ site: { url: 'http://localhost/paper' } });
    app.documents.set('/rss.xml', documentOf('/rss.xml', 'rss', text, changedAt));
    const { url } = await serve(app);
    expect((await rawRequest(url, '/paper/rss.xml')).body.toString()).toBe(text);
    const home = await rawRequest(url, '/paper/');
    expect(home.status).toBe(200);
    expect(home.body.toString()).toContain('href="/paper/fa/"');
    expect(home.body.toString()).toContain('href="/paper/articles/tehran-talks"');
  });
});

describe('limits on feeds over HTTP', () => {
  const from = (client: string): Record<string, string> => ({ 'x-forwarded-for': client });
  const statusesOf = async (url: string, count: number, headers: Record<string, string>): Promise<number[]> => {
    const statuses: number[] = [];
    while (statuses.length < count) {
      const asked = Array.from({ length: Math.min(50, count - statuses.length) }, () =>
        rawRequest(url, '/rss.xml', { headers }),
      );
      statuses.push(...(await Promise.all(asked)).map(({ status }) => status));
    }
    return statuses;
  };

  it('refuse a client only what is whole and far too often, and say until when', async () => {
    const { url } = await serve(appWithFeeds({ trustedProxies: ['127.0.0.1'] }));
    const reader = from('203.0.113.7');
    expect(new Set(await statusesOf(url, 600, reader))).toEqual(new Set([200]));
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => rawRequest(url, '/rss.xml', { headers: reader })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    for (const { headers, body } of refused) {
      expect(Number(headers['retry-after'])).toBeGreaterThan(0);
      expect(headers['content-type']).toBe('text/plain; charset=utf-8');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(body.toString()).toMatch(/^Too many whole copies.* Ask again in \d+ seconds/);
    }
    const etag = String(answers.find(({ status }) => status === 200)?.headers.etag ?? '"x"');
    const conditional = [{ 'if-none-match': etag }, { 'if-none-match': '"old"' }, { 'if-modified-since': 'never' }];
    for (const condition of conditional) {
      const headers = { ...reader, ...condition };
      expect((await rawRequest(url, '/rss.xml', { headers })).status, JSON.stringify(condition)).not.toBe(429);
    }
    expect((await rawRequest(url, '/rss.xml', { method: 'HEAD', headers: reader })).status).toBe(200);
    expect((await rawRequest(url, '/rss.xml', { headers: from('203.0.113.8') })).status).toBe(200);
  });

  it.each([
    ['/feeds/select/rss.xml', text],
    ['/feeds/select', JSON.stringify({ title: 'Armenia', feed_url: '', home_page_url: '', items: [] })],
  ])('are refused before a selection is made for them: %s', async (path, body) => {
    const app = appWithFeeds({ trustedProxies: ['127.0.0.1'] });
    const made = documentOf('/feeds/select/rss.xml', 'rss', body, changedAt);
    let prints = 0;
    const print = async (): Promise<typeof made> => {
      prints += 1;
      return made;
    };
    const { url } = await serve({ ...app, feeds: { ...app.feeds, select: () => ({ kind: 'selection', print }) } });
    const statuses: number[] = [];
    while (statuses.length < 700) {
      const asked = Array.from({ length: 50 }, () =>
        rawRequest(url, `${path}?country=armenia`, { headers: from('203.0.113.7') }),
      );
      statuses.push(...(await Promise.all(asked)).map(({ status }) => status));
    }
    const sent = statuses.filter((status) => status === 200).length;
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    // Each copy counts once, though it is made before it is sent.
    expect(sent).toBeGreaterThanOrEqual(600);
    expect(prints).toBe(sent);
  });

  it.each(['/feeds/select/rss.xml', '/feeds/select'])('count a HEAD that has a selection made: %s', async (path) => {
    const app = appWithFeeds({ trustedProxies: ['127.0.0.1'] });
    let prints = 0;
    const print = async (): Promise<FeedDocument> => {
      prints += 1;
      throw new AppError('unavailable', 'Not now.');
    };
    const { url } = await serve({ ...app, feeds: { ...app.feeds, select: () => ({ kind: 'selection', print }) } });
    const ask = (options: RawRequest): Promise<RawAnswer> =>
      rawRequest(url, `${path}?country=armenia`, {
        ...options,
        headers: { ...from('203.0.113.7'), ...options.headers },
      });
    const answers: RawAnswer[] = [];
    while (answers.length < 700) {
      answers.push(...(await Promise.all(Array.from({ length: 50 }, () => ask({ method: 'HEAD' })))));
    }
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503, 429]));
    expect(prints).toBe(answers.filter(({ status }) => status === 503).length);
    // Whoever says what they have is never refused, and told when to come back.
    const conditional = await ask({ headers: { 'if-none-match': '"old"' } });
    expect(conditional.status).toBe(503);
    expect(conditional.headers['retry-after']).toBe('5');
  });

  it('leave alone whoever can’t be told apart: this machine, where no proxy is trusted', async () => {
    const { url } = await serve(appWithFeeds());
    expect(new Set(await statusesOf(url, 650, from('203.0.113.7')))).toEqual(new Set([200]));
  });
});
