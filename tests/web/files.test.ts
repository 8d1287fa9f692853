import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { rawRequest } from '../support/http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serve, testWebApp } from '../support/web-app.ts';

describe('files beside an article', () => {
  it('come with their type, and an SVG can’t run anything', async () => {
    const folder = await temporaryFolder();
    const app = testWebApp();
    for (const name of ['map.svg', 'map.png', 'talk.flac', 'notes.html']) {
      await writeFile(
        `${folder.path}/${name}`,
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      );
      app.files.set(`en/tehran-talks/${name}`, `${folder.path}/${name}`);
    }
    const { url } = await serve(app);
    const svg = await rawRequest(url, '/articles/tehran-talks/map.svg');
    expect(svg.headers['content-type']).toBe('image/svg+xml; charset=utf-8');
    expect(svg.headers['content-security-policy']).toMatch(/default-src 'none'.*sandbox/);
    expect(svg.headers['x-content-type-options']).toBe('nosniff');
    expect((await rawRequest(url, '/articles/tehran-talks/map.png')).headers['content-type']).toBe('image/png');
    // Whatever content takes for an attachment is served as what it is.
    expect((await rawRequest(url, '/articles/tehran-talks/talk.flac')).headers['content-type']).toBe('audio/flac');
    // Never as a page.
    const page = await rawRequest(url, '/articles/tehran-talks/notes.html');
    expect(page.headers['content-type']).toBe('application/octet-stream');
    const again = await rawRequest(url, '/articles/tehran-talks/map.png', {
      headers: { 'if-none-match': String((await rawRequest(url, '/articles/tehran-talks/map.png')).headers.etag) },
    });
    expect(again.status).toBe(304);
  });

  it.each([
    '/articles/tehran-talks/../../silkpost.yaml',
    '/articles/tehran-talks/..%2f..%2fsilkpost.yaml',
    '/articles/tehran-talks/%2e%2e%2fsilkpost.yaml',
    '/articles/tehran-talks/map.png%00.svg',
    '/mail/..%2f..%2fsilkpost.yaml',
    '/mail/%2e%2e/digest.mjml.liquid',
    '/mail/.png',
    '/assets/..%2f..%2fpackage.json',
    '/silkpost.yaml',
    '/var/silkpost.db',
  ])('never leave their lists: %s', async (path) => {
    const { url } = await serve(testWebApp());
    expect((await rawRequest(url, path)).status).toBe(404);
  });
});

describe('the publication’s own files', () => {
  it('are served under their names', async () => {
    const { url } = await serve(testWebApp());
    for (const path of ['/logo.png', '/icon.png', '/favicon.ico', '/mail/mark.png', '/mail/selvedge.png']) {
      const answer = await rawRequest(url, path);
      expect(answer.status, path).toBe(200);
      expect(answer.headers['content-type']).toBe('image/png');
      expect(answer.body.subarray(1, 4).toString()).toBe('PNG');
    }
  });

  it('keep style and fonts under addresses that change with their bytes', async () => {
    const { url } = await serve(testWebApp());
    const stylePath = /href="(\/assets\/site\.[0-9a-f]{16}\.css)"/.exec(
      (await rawRequest(url, '/')).body.toString(),
    )?.[1];
    const style = await rawRequest(url, String(stylePath));
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(style.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const fonts = [...style.body.toString().matchAll(/url\("([^"]+\.woff2)"\)/g)].map((match) => match[1]);
    expect(fonts.length).toBeGreaterThan(8);
    for (const font of fonts) {
      const answer = await rawRequest(url, `/assets/${font}`);
      expect(answer.headers['content-type']).toBe('font/woff2');
      expect(answer.body.subarray(0, 4).toString()).toBe('wOF2');
    }
  });
});
