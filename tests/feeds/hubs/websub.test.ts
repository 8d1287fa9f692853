import { describe, expect, it } from 'vitest';
import { plusMs } from '../../../src/clock.ts';
import {
  afterLook,
  afterTry,
  coalesceMs,
  type HubPing,
  hubsInReach,
  judgeAnswer,
  needsLook,
  pingsFor,
  selectAnnounced,
} from '../../../src/feeds/hubs/websub.ts';
import type { FeedDocument } from '../../../src/feeds/index.ts';
import { noon, siteOf } from '../../support/feed-fixtures.ts';

const hub = 'https://hub.example';
const selfUrl = 'https://dispatch.example/rss.xml';
const pingOf = (changes: Partial<HubPing> = {}): HubPing => ({
  hub,
  selfUrl,
  etag: '"a"',
  looks: 0,
  tries: 0,
  notBefore: noon,
  ...changes,
});
const documentAt = (path: string): FeedDocument => ({
  path,
  url: `https://dispatch.example${path}`,
  hubs: [hub],
  format: 'rss',
  size: 0,
  etag: '"a"',
  lastModified: noon,
  maxAge: 900,
});

describe('pingsFor', () => {
  it('makes one ping per hub and self URL, a moment later, so that changes can fall together', () => {
    const changed = [
      { selfUrl, etag: '"b"' },
      { selfUrl: 'https://dispatch.example/atom.xml', etag: '"c"' },
    ];
    const pings = pingsFor(changed, [hub, 'https://other.example'], [], noon);
    expect(pings).toHaveLength(4);
    expect(pings[0]).toEqual(pingOf({ etag: '"b"', notBefore: plusMs(noon, coalesceMs) }));
  });

  it('doesn’t put a ping off when the document changes again', () => {
    const [ping] = pingsFor([{ selfUrl, etag: '"b"' }], [hub], [pingOf({ notBefore: plusMs(noon, 5) })], noon);
    expect(ping).toMatchObject({ etag: '"b"', notBefore: plusMs(noon, 5) });
  });

  it('looks anew after a change, and soon, but keeps a wait that the hub caused', () => {
    const late = plusMs(noon, 600_000);
    const [looking] = pingsFor([{ selfUrl, etag: '"b"' }], [hub], [pingOf({ looks: 2, notBefore: late })], noon);
    expect(looking).toMatchObject({ looks: 0, notBefore: plusMs(noon, coalesceMs) });
    const [waiting] = pingsFor([{ selfUrl, etag: '"b"' }], [hub], [pingOf({ tries: 3, notBefore: late })], noon);
    expect(waiting).toMatchObject({ etag: '"b"', looks: 0, tries: 0, notBefore: late });
  });
});

describe('selectAnnounced', () => {
  const documents = ['/rss.xml', '/fa/feed.json', '/countries/armenia/rss.xml', '/archive/3/atom.xml'].map(documentAt);

  it('announces every document but archives', () => {
    const paths = selectAnnounced(documents, siteOf(), false).map(({ path }) => path);
    expect(paths).toEqual(['/rss.xml', '/fa/feed.json', '/countries/armenia/rss.xml']);
  });

  it('announces the home feeds alone after the first build ever', () => {
    const paths = selectAnnounced(documents, siteOf(), true).map(({ path }) => path);
    expect(paths).toEqual(['/rss.xml', '/fa/feed.json']);
  });
});

describe('hubsInReach', () => {
  it('leaves out hubs that could not fetch a site on loopback', () => {
    const near = ['http://127.0.0.1:9', 'http://localhost:9', 'http://[::1]:9', 'http://hub.localhost'];
    expect(hubsInReach('http://localhost:8080', [hub, ...near])).toEqual(near);
    expect(hubsInReach('https://dispatch.example', [hub, ...near])).toEqual([hub, ...near]);
    expect(hubsInReach('http://127.0.0.1.example', [hub, hub])).toEqual([hub]);
  });
});

describe('afterLook', () => {
  it('waits longer each time, and after the third look lets the hub be told', () => {
    const first = afterLook(pingOf(), noon);
    expect([first.notBefore, needsLook(first)]).toEqual([plusMs(noon, 5_000), true]);
    const second = afterLook(first, noon);
    expect([second.notBefore, needsLook(second)]).toEqual([plusMs(noon, 30_000), true]);
    const third = afterLook(second, noon);
    expect([third.notBefore, needsLook(third)]).toEqual([noon, false]);
  });
});

describe('judgeAnswer', () => {
  const answered = (status: number, text = '', retryAfterMs: number | null = null) =>
    judgeAnswer({ kind: 'answered', status, text, retryAfterMs });

  it('takes any 2xx as thanks', () => {
    for (const status of [200, 202, 204]) expect(answered(status)).toEqual({ kind: 'told' });
  });

  it('tries again after 408, 429, any 5xx and silence', () => {
    for (const status of [408, 429, 500, 503]) expect(answered(status, '', 7).kind).toBe('later');
    expect(answered(429, 'slow down', 7_000)).toEqual({
      kind: 'later',
      retryAfterMs: 7_000,
      reason: 'it answers 429: slow down',
    });
    expect(judgeAnswer({ kind: 'unreachable', reason: 'no route' })).toMatchObject({
      kind: 'later',
      reason: 'no route',
    });
  });

  it('takes a redirect and any other 4xx as a refusal', () => {
    for (const status of [301, 307, 400, 404, 410]) expect(answered(status).kind).toBe('refused');
  });
});

describe('afterTry', () => {
  it('waits four times longer each time, within a fifth, and at most six hours', () => {
    const waits: number[] = [];
    let ping: HubPing | null = pingOf();
    while (ping !== null) {
      ping = afterTry(ping, noon, null, 0.5);
      if (ping !== null) waits.push((Date.parse(ping.notBefore) - Date.parse(noon)) / 60_000);
    }
    expect(waits).toEqual([1, 4, 16, 64, 256, 360, 360]);
    expect(afterTry(pingOf(), noon, null, 0)?.notBefore).toBe(plusMs(noon, 48_000));
    expect(afterTry(pingOf(), noon, null, 0.999_999)?.notBefore).toBe(plusMs(noon, 72_000));
  });

  it('waits as long as the hub asks, but not for ever', () => {
    expect(afterTry(pingOf(), noon, 900_000, 0.5)?.notBefore).toBe(plusMs(noon, 900_000));
    expect(afterTry(pingOf(), noon, 1, 0.5)?.notBefore).toBe(plusMs(noon, 60_000));
    expect(afterTry(pingOf(), noon, 10 ** 12, 0.5)?.notBefore).toBe(plusMs(noon, 6 * 3_600_000));
  });
});
