import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createHubClient, parseRetryAfter } from '../../../src/feeds/hubs/hub-client.ts';
import { listenOnLoopback, startHub } from '../../support/hub.ts';

const client = createHubClient();
const going = new AbortController().signal;
const etagOf = (text: string): string => `"${createHash('sha256').update(text).digest('hex')}"`;
const selfUrl = 'https://dispatch.example/fa/rss.xml?a=b&c';

describe('publish', () => {
  it('posts the form that hubs take, and says who asks', async () => {
    const hub = await startHub();
    expect(await client.publish(hub.url, selfUrl, going)).toEqual({
      kind: 'answered',
      status: 204,
      retryAfterMs: null,
      text: '',
    });
    expect(hub.requests).toEqual([
      {
        method: 'POST',
        contentType: 'application/x-www-form-urlencoded;charset=UTF-8',
        userAgent: 'Silkpost',
        body: 'hub.mode=publish&hub.url=https%3A%2F%2Fdispatch.example%2Ffa%2Frss.xml%3Fa%3Db%26c',
        selfUrl,
      },
    ]);
  });

  it('keeps the start of what the hub says, on one line, and its Retry-After', async () => {
    const hub = await startHub();
    hub.answer = (response) =>
      response.writeHead(429, { 'retry-after': '120' }).end(`Slow\u001b[31m\n down${'.'.repeat(10 ** 6)}`);
    const answer = await client.publish(hub.url, selfUrl, going);
    expect(answer).toMatchObject({ kind: 'answered', status: 429, retryAfterMs: 120_000 });
    expect(answer.kind === 'answered' && answer.text).toMatch(/^Slow \[31m down\.{200,300}$/);
  });

  it('follows no redirect', async () => {
    const [hub, elsewhere] = [await startHub(), await startHub()];
    hub.answer = (response) => response.writeHead(307, { location: `${elsewhere.url}/` }).end();
    expect(await client.publish(hub.url, selfUrl, going)).toMatchObject({
      status: 307,
      text: `it has moved to ${elsewhere.url}/`,
    });
    expect(elsewhere.requests).toEqual([]);
  });

  it('says why a hub can’t be reached', async () => {
    const hub = await startHub();
    hub.answer = (response) => response.destroy();
    const broken = await client.publish(hub.url, selfUrl, going);
    expect(broken).toMatchObject({ kind: 'unreachable', reason: 'other side closed' });
    expect(await client.publish('http://127.0.0.1:1', selfUrl, going)).toMatchObject({ kind: 'unreachable' });
  });

  it('ends at once when it is stopped', async () => {
    const hub = await startHub();
    const stop = new AbortController();
    hub.answer = () => stop.abort();
    expect(await client.publish(hub.url, selfUrl, stop.signal)).toMatchObject({ kind: 'unreachable' });
  });
});

describe('shows', () => {
  it('tells the new bytes from others, compressed or not', async () => {
    const bodies: Readonly<Record<string, string>> = {
      '/new': 'new bytes',
      '/zipped': 'new bytes',
      '/old': 'old bytes',
    };
    const url = await listenOnLoopback(
      createServer((request, response) => {
        const body = bodies[request.url ?? ''];
        if (body === undefined) response.writeHead(404).end('new bytes');
        else if (request.url === '/zipped') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(body));
        else response.end(body);
      }),
    );
    const shown = async (path: string): Promise<boolean> => client.shows(url + path, etagOf('new bytes'), going);
    expect([await shown('/new'), await shown('/zipped'), await shown('/old'), await shown('/none')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(await client.shows('http://127.0.0.1:1/rss.xml', etagOf(''), going)).toBe(false);
  });

  it('follows no redirect', async () => {
    const url = await listenOnLoopback(
      createServer((request, response) => {
        if (request.url === '/moved') response.writeHead(302, { location: '/new' }).end();
        else response.end('new bytes');
      }),
    );
    expect(await client.shows(`${url}/moved`, etagOf('new bytes'), going)).toBe(false);
  });
});

describe('parseRetryAfter', () => {
  it('reads seconds and dates, and nothing else', () => {
    const now = Date.parse('2023-04-09T14:30:00Z');
    expect(parseRetryAfter('120', now)).toBe(120_000);
    expect(parseRetryAfter('Sun, 09 Apr 2023 14:31:00 GMT', now)).toBe(60_000);
    expect(parseRetryAfter('Sun, 09 Apr 2023 14:00:00 GMT', now)).toBe(0);
    for (const none of [null, '', 'soon', '-5', '1.5', '12s', 'Sunday']) expect(parseRetryAfter(none, now)).toBeNull();
  });
});
