import { describe, expect, it } from 'vitest';
import { createHostRule } from '../../src/web/hosts.ts';
import { rawRequest } from '../support/http.ts';
import { serve, testWebApp } from '../support/web-app.ts';

const site = { url: 'https://dispatch.example', formerUrls: ['https://old.example'] };

describe('createHostRule', () => {
  const onLoopback = createHostRule({ site, hosts: ['mirror.example'], boundTo: '127.0.0.1' });
  const onAll = createHostRule({ site, hosts: [], boundTo: '0.0.0.0' });

  it.each([
    ['dispatch.example', 'ours'],
    ['DISPATCH.example:8080', 'ours'],
    ['dispatch.example.', 'ours'],
    ['mirror.example', 'ours'],
    ['localhost:8080', 'ours'],
    ['127.0.0.1:1', 'ours'],
    ['[::1]:8080', 'ours'],
    ['old.example', 'moved'],
    ['evil.example', 'misdirected'],
    ['dispatch.example.evil.example', 'misdirected'],
    ['evil.example@dispatch.example', 'misdirected'],
    ['dispatch.example evil.example', 'misdirected'],
    ['', 'misdirected'],
    [undefined, 'misdirected'],
  ])('on loopback takes %s as %s', (header, kind) => {
    expect(onLoopback(header, '/').kind).toBe(kind);
  });

  it('answers loopback names only where it is bound to loopback', () => {
    expect(onAll('localhost:8080', '/').kind).toBe('misdirected');
    expect(onAll('dispatch.example', '/').kind).toBe('ours');
  });
});

describe('createHostRule with paths in URLs', () => {
  const rule = createHostRule({
    site: {
      url: 'https://dispatch.example/paper',
      formerUrls: [
        'https://old.example/blog',
        'https://old.example/blog/news',
        'https://dispatch.example/weekly',
        'https://dispatch.example',
      ],
    },
    hosts: [],
    boundTo: '0.0.0.0',
  });
  const moved = (path: string) => ({ kind: 'moved', to: 'https://dispatch.example/paper', path });

  it.each([
    ['old.example', '/blog/rss.xml', moved('/rss.xml')],
    ['old.example', '/blog/news/rss.xml', moved('/rss.xml')],
    ['old.example', '/blog', moved('/')],
    ['old.example', '/blogs/x', moved('/blogs/x')],
    ['old.example', '/x', moved('/x')],
    ['dispatch.example', '/weekly/x', moved('/x')],
    ['dispatch.example', '/paper/x', { kind: 'ours', path: '/x' }],
    ['dispatch.example', '/paper', { kind: 'ours', path: '/' }],
    // A proxy may have cut the prefix off: this must not be sent round in circles.
    ['dispatch.example', '/x', { kind: 'ours', path: '/x' }],
  ])('takes http://%s%s as %j', (host, path, verdict) => {
    expect(rule(host, path)).toEqual(verdict);
  });

  it('tells a former path from the root that the publication has now', () => {
    const site = { url: 'https://dispatch.example', formerUrls: ['https://dispatch.example/blog'] };
    const rooted = createHostRule({ site, hosts: [], boundTo: '0.0.0.0' });
    expect(rooted('dispatch.example', '/blog/a')).toEqual({ kind: 'moved', to: site.url, path: '/a' });
    expect(rooted('dispatch.example', '/blogs')).toEqual({ kind: 'ours', path: '/blogs' });
  });
});

describe('host names over HTTP', () => {
  it('answers a foreign name with 421, and nothing of the publication in it', async () => {
    const { url } = await serve(testWebApp());
    for (const path of ['/', '/rss.xml', '/unsubscribe/good-token']) {
      const answer = await rawRequest(url, path, { headers: { host: 'evil.example' } });
      expect(answer.status).toBe(421);
      expect(answer.body.toString()).not.toContain('Dispatch');
    }
  });

  it('sends a former name to the same path under the new one', async () => {
    const app = testWebApp({ site: { url: 'https://dispatch.example', formerUrls: ['https://old.example'] } });
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/fa/articles/tehran-talks?a=1', { headers: { host: 'old.example' } });
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe('https://dispatch.example/fa/articles/tehran-talks?a=1');
    expect(answer.headers['cache-control']).toBe('public, max-age=86400');
  });

  it('keeps a query with question marks, and what comes after a former path', async () => {
    const app = testWebApp({ site: { url: 'https://dispatch.example', formerUrls: ['https://old.example/paper'] } });
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/paper/rss.xml?a=b?c', { headers: { host: 'old.example' } });
    expect(answer.headers.location).toBe('https://dispatch.example/rss.xml?a=b?c');
  });

  it('answers a one-click POST under a former name itself, since providers don’t follow redirects', async () => {
    const app = testWebApp({ site: { url: 'https://dispatch.example', formerUrls: ['https://old.example/paper'] } });
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/paper/unsubscribe/good-token', {
      method: 'POST',
      headers: { host: 'old.example', 'content-type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    });
    expect(answer.status).toBe(200);
    expect(app.leaves).toEqual([{ token: 'good-token', scope: 'newsletter', source: 'one-click' }]);
  });

  it('answers health under any name', async () => {
    const { url } = await serve(testWebApp());
    for (const path of ['/healthz', '/readyz']) {
      const answer = await rawRequest(url, path, { headers: { host: '10.1.2.3' } });
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body.toString()).ok).toBe(true);
    }
  });

  it('answers 503 on /readyz and 200 on /healthz where a part is not ready', async () => {
    const { url } = await serve({ ...testWebApp(), ready: () => ({ ok: false, checks: { database: 'locked' } }) });
    expect((await rawRequest(url, '/readyz')).status).toBe(503);
    expect((await rawRequest(url, '/healthz')).status).toBe(200);
  });

  it('builds every link from the publication’s URL, whatever name it was asked under', async () => {
    const app = testWebApp({ site: { url: 'https://dispatch.example' }, hosts: ['mirror.example'] });
    const { url } = await serve(app);
    const answer = await rawRequest(url, '/', { headers: { host: 'mirror.example' } });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('<link rel="canonical" href="https://dispatch.example/">');
    expect(answer.body.toString()).not.toContain('mirror.example');
  });
});
