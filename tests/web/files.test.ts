import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
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
    const vary = async (name: string) => (await rawRequest(url, `/articles/tehran-talks/${name}`)).headers.vary;
    expect([await vary('map.svg'), await vary('map.png')]).toEqual(['Accept-Encoding', undefined]);
  });

  it('were never changed tomorrow, whatever their file says', async () => {
    const folder = await temporaryFolder();
    const app = testWebApp();
    const file = join(folder.path, 'map.png');
    await writeFile(file, 'a map');
    app.files.set('en/tehran-talks/map.png', file);
    const { url } = await serve(app);
    const tomorrow = Date.now() / 1000 + 86_400;
    await utimes(file, tomorrow, tomorrow);
    const { headers } = await rawRequest(url, '/articles/tehran-talks/map.png');
    expect(Date.parse(headers['last-modified'] ?? '')).toBeLessThanOrEqual(Date.now());
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

describe('parts of a file beside an article', () => {
  const path = '/articles/tehran-talks/talk.mp3';

  async function recording(bytes: number): Promise<{ url: string; file: string; content: Buffer }> {
    const folder = await temporaryFolder();
    const app = testWebApp();
    const content = randomBytes(bytes);
    const file = `${folder.path}/talk.mp3`;
    await writeFile(file, content);
    app.files.set('en/tehran-talks/talk.mp3', file);
    return { url: (await serve(app)).url, file, content };
  }

  // Read whole, and read part by part from the disk.
  it.each([1000, 3_000_000])('come to a program that seeks in a file of %i bytes', async (bytes) => {
    const { url, content } = await recording(bytes);
    const whole = await rawRequest(url, path);
    expect(whole.status).toBe(200);
    expect(whole.headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': String(bytes),
      'content-type': 'audio/mpeg',
    });
    expect(whole.body.equals(content)).toBe(true);
    for (const [range, start, end] of [
      ['bytes=0-0', 0, 0],
      ['bytes=100-', 100, bytes - 1],
      ['bytes=-300', bytes - 300, bytes - 1],
      [`bytes=${bytes - 500}-${bytes + 500}`, bytes - 500, bytes - 1],
    ] as const) {
      const headers = { range, 'accept-encoding': 'gzip' };
      const part = await rawRequest(url, path, { headers });
      expect(part.status, range).toBe(206);
      expect(part.headers).toMatchObject({
        'content-range': `bytes ${start}-${end}/${bytes}`,
        'content-length': String(end - start + 1),
        'content-type': 'audio/mpeg',
        etag: whole.headers.etag,
        'last-modified': whole.headers['last-modified'],
      });
      expect(part.body.equals(content.subarray(start, end + 1))).toBe(true);
    }
  });

  it.each([1000, 300_000])('are refused past the end of %i bytes', async (bytes) => {
    const { url } = await recording(bytes);
    const answer = await rawRequest(url, path, { headers: { range: `bytes=${bytes}-` } });
    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe(`bytes */${bytes}`);
    expect(answer.body).toHaveLength(0);
  });

  it('give way to the whole file where the program has a part of another one', async () => {
    const { url } = await recording(300_000);
    const etag = String((await rawRequest(url, path)).headers.etag);
    const statusOf = async (headers: Record<string, string>, method = 'GET'): Promise<number> =>
      (await rawRequest(url, path, { method, headers: { range: 'bytes=0-9', ...headers } })).status;
    expect(await statusOf({ 'if-range': etag })).toBe(206);
    expect(await statusOf({ 'if-range': `W/${etag}` })).toBe(200);
    expect(await statusOf({ 'if-range': '"old"' })).toBe(200);
    expect(await statusOf({ 'if-none-match': etag })).toBe(304);
    expect(await statusOf({ 'if-match': '"old"' })).toBe(412);
    expect(await statusOf({}, 'HEAD')).toBe(200);
    expect(await statusOf({ range: 'bytes=0-1,5-6' })).toBe(200);
  });

  it('get another tag when the file changes', async () => {
    const { url, file } = await recording(300_000);
    const before = String((await rawRequest(url, path)).headers.etag);
    await writeFile(file, randomBytes(300_001));
    expect((await rawRequest(url, path, { headers: { 'if-none-match': before } })).status).toBe(200);
  });

  it('leave no file open when a listener hangs up', async () => {
    const { url } = await recording(40_000_000);
    const openFiles = async (): Promise<number> => (await readdir('/proc/self/fd')).length;
    const hangUp = (): Promise<void> =>
      new Promise((resolve) => {
        const sent = request(url + path, (answer) => {
          answer.once('data', () => sent.destroy());
          answer.once('close', resolve);
          answer.on('error', () => undefined); // hung up on purpose
        });
        sent.on('error', () => undefined);
        sent.end();
      });
    await hangUp();
    const before = await openFiles();
    for (let count = 0; count < 20; count++) await hangUp();
    // Closing takes some turns of the loop.
    await vi.waitFor(async () => expect(await openFiles()).toBeLessThanOrEqual(before + 4), 10_000);
  });
});

describe('a file that becomes shorter while it is sent', () => {
  it('has its connection cut, so that nobody takes a part for all', async () => {
    const folder = await temporaryFolder();
    const app = testWebApp();
    const file = `${folder.path}/talk.mp3`;
    await writeFile(file, randomBytes(40_000_000));
    app.files.set('en/tehran-talks/talk.mp3', file);
    const { url } = await serve(app);
    const sent = request(`${url}/articles/tehran-talks/talk.mp3`).end();
    const [answer] = await once(sent, 'response');
    // While nobody reads, the server waits: far from all has been sent when the file is cut.
    await truncate(file, 1000);
    await expect(pipeline(answer, new PassThrough().resume())).rejects.toThrow(/aborted|hang up/);
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

  it('are no files from elsewhere that a link in the folder leads to', async () => {
    const { path } = await temporaryFolder();
    const dir = join(path, 'publication');
    await mkdir(dir);
    await writeFile(join(path, 'secret.png'), 'not for anybody');
    await symlink(join(path, 'secret.png'), join(dir, 'logo.png'));
    await writeFile(join(dir, 'mark.png'), 'the mark');
    await symlink('mark.png', join(dir, 'icon.png'));
    const { url } = await serve(Object.assign(testWebApp(), { dir }));
    expect((await rawRequest(url, '/logo.png')).status).toBe(404);
    expect((await rawRequest(url, '/icon.png')).body.toString()).toBe('the mark');
  });

  it('keep style and fonts under addresses that change with their bytes', async () => {
    const { url } = await serve(testWebApp());
    const stylePath = /href="(\/assets\/site\.[0-9a-f]{16}\.css)"/.exec(
      (await rawRequest(url, '/')).body.toString(),
    )?.[1];
    const style = await rawRequest(url, String(stylePath));
    expect(style.headers['content-type']).toBe('text/css; charset=utf-8');
    expect(style.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const accepted = { 'accept-encoding': 'br, gzip' };
    // Brotli is made when it is first asked for, and gzip sent meanwhile.
    await vi.waitFor(async () => {
      const small = await rawRequest(url, String(stylePath), { headers: accepted });
      expect(small.headers['content-encoding']).toBe('br');
      expect(brotliDecompressSync(small.body)).toEqual(style.body);
    }, 10_000);
    const fonts = [...style.body.toString().matchAll(/url\("([^"]+\.woff2)"\)/g)].map((match) => match[1]);
    expect(fonts.length).toBeGreaterThan(8);
    for (const font of fonts) {
      const answer = await rawRequest(url, `/assets/${font}`);
      expect(answer.headers['content-type']).toBe('font/woff2');
      expect(answer.body.subarray(0, 4).toString()).toBe('wOF2');
    }
  });
});
