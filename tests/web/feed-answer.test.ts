import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { rawRequest } from '../support/http.ts';
import { documentOf, serve, type TestWebApp, testWebApp } from '../support/web-app.ts';

const text = `<?xml version="1.0"?><rss>${'<item/>'.repeat(200)}</rss>`;
const changedAt = '2023-04-10T08:30:15.000Z';

function appWithFeeds(): TestWebApp {
  const app = testWebApp();
  app.documents.set('/rss.xml', documentOf('/rss.xml', 'rss', text, changedAt));
  app.documents.set('/fa/atom.xml', documentOf('/fa/atom.xml', 'atom', '<feed/>', changedAt));
  app.documents.set('/feed.json', documentOf('/feed.json', 'json', '{}', changedAt));
  return app;
}

describe('feeds over HTTP', () => {
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

  it('compresses where that is welcome, under another strong tag', async () => {
    const { url } = await serve(appWithFeeds());
    const plain = await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': 'gzip;q=0, br' } });
    const packed = await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': 'br, gzip;q=0.8' } });
    expect(plain.headers['content-encoding']).toBeUndefined();
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(packed.body).toString()).toBe(text);
    expect(packed.headers['content-length']).toBe(String(packed.body.length));
    expect(packed.body.length).toBeLessThan(plain.body.length);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    expect(packed.headers.vary).toBe('Accept-Encoding');
  });

  it('answers HEAD as GET without the bytes', async () => {
    const { url } = await serve(appWithFeeds());
    for (const encoding of ['identity', 'gzip']) {
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

  it('answers 304 without bytes to every tag of these bytes, in any encoding', async () => {
    const { url } = await serve(appWithFeeds());
    const plain = String((await rawRequest(url, '/rss.xml')).headers.etag);
    const packed = String((await rawRequest(url, '/rss.xml', { headers: { 'accept-encoding': 'gzip' } })).headers.etag);
    for (const method of ['GET', 'HEAD']) {
      for (const encoding of ['identity', 'gzip']) {
        for (const tag of [plain, packed, `W/${plain}`, `"other", ${packed}`, '*']) {
          const answer = await rawRequest(url, '/rss.xml', {
            method,
            headers: { 'if-none-match': tag, 'accept-encoding': encoding },
          });
          expect(answer.status, `${method} ${encoding} ${tag}`).toBe(304);
          expect(answer.body).toHaveLength(0);
          expect(answer.headers.etag).toBe(encoding === 'gzip' ? packed : plain);
          expect(answer.headers.vary).toBe('Accept-Encoding');
          expect(answer.headers['cache-control']).toBe('public, max-age=900');
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
    expect(posted.headers.allow).toBe('GET, HEAD');
    for (const path of ['/RSS.xml', '//rss.xml', '/%72ss.xml', '/x/../rss.xml']) {
      expect((await rawRequest(url, path)).status, path).not.toBe(200);
    }
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
