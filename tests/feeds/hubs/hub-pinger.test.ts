import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plusMs, systemClock, toMs } from '../../../src/clock.ts';
import { createHubClient, type HubClient } from '../../../src/feeds/hubs/hub-client.ts';
import { createHubPinger, type HubPingerParts } from '../../../src/feeds/hubs/hub-pinger.ts';
import type { FeedDocument, HubPinger } from '../../../src/feeds/index.ts';
import { type Log, silentLog } from '../../../src/log.ts';
import { createHubPingStore, openDatabase } from '../../../src/storage/index.ts';
import { noon, siteOf } from '../../support/feed-fixtures.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { listenOnLoopback, startHub } from '../../support/hub.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Longer than any test: what is due goes, and no wait of seconds is sat out. */
const aMinute = 60_000;

/** A site that serves what it is given, a store that outlives restarts, and a clock that stands still. */
async function openNewsroom() {
  const database = await openDatabase(join((await temporaryFolder()).path, 'silkpost.db'));
  onTestFinished(() => database.destroy());
  const served = new Map<string, string>();
  const url = await listenOnLoopback(
    createServer((request, response) => {
      const body = served.get(request.url ?? '');
      response.writeHead(body === undefined ? 404 : 200).end(body);
    }),
  );
  const warnings: string[] = [];
  const log: Log = { info() {}, warn: (_event, fields) => warnings.push(String(fields?.['message'])), error() {} };
  const clock = fixedClock(noon);
  const store = createHubPingStore(database);
  return {
    url,
    served,
    warnings,
    clock,
    store,
    /** A pinger as after a start of the program. */
    open(hubs: readonly string[], changes: Partial<HubPingerParts> = {}): HubPinger {
      const pinger = createHubPinger({ site: siteOf({ url }), hubs, store, clock, log, ...changes });
      onTestFinished(() => pinger.close());
      return pinger;
    },
    /** A document that the site serves from now on. */
    publish(path: string, text: string): FeedDocument {
      served.set(path, text);
      return documentOf(path, text);
    },
  };
}

function documentOf(path: string, text: string): FeedDocument {
  const body = Buffer.from(text);
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  const address = { path, url: `https://dispatch.example${path}`, hubs: [] };
  return { ...address, format: 'rss', size: body.length, etag, lastModified: noon, maxAge: 900 };
}

describe('announce', () => {
  it('leads to one ping per hub and document, once each', async () => {
    const { url, open, publish } = await openNewsroom();
    const hubs = [await startHub(), await startHub()];
    const pinger = open(hubs.map((hub) => hub.url));
    await pinger.announce([publish('/rss.xml', 'one'), publish('/fa/rss.xml', 'two')], false);
    expect(await pinger.sendNow(aMinute)).toEqual({ told: 4, left: 0, problems: [] });
    for (const hub of hubs) {
      expect(hub.requests.map(({ selfUrl }) => selfUrl).toSorted()).toEqual([`${url}/fa/rss.xml`, `${url}/rss.xml`]);
    }
    expect(await pinger.sendNow(aMinute)).toEqual({ told: 0, left: 0, problems: [] });
  });

  it('lets several changes of a document come to one ping', async () => {
    const { open, publish } = await openNewsroom();
    const hub = await startHub();
    const pinger = open([hub.url]);
    for (const text of ['one', 'two', 'three']) await pinger.announce([publish('/rss.xml', text)], false);
    await pinger.sendNow(aMinute);
    expect(hub.requests).toHaveLength(1);
  });

  it('outlives a restart', async () => {
    const { open, publish } = await openNewsroom();
    const hub = await startHub();
    const before = open([hub.url]);
    await before.announce([publish('/rss.xml', 'one')], false);
    await before.close();
    expect(await open([hub.url]).sendNow(aMinute)).toMatchObject({ told: 1, left: 0 });
  });

  it('forgets what was meant for a hub or an address that is no longer configured', async () => {
    const { open, publish, store } = await openNewsroom();
    const [old, hub] = [await startHub(), await startHub()];
    await open([old.url]).announce([publish('/rss.xml', 'one')], false);
    await open([old.url], { site: siteOf() }).announce([documentOf('/rss.xml', 'one')], false);
    expect(await open([hub.url]).sendNow(aMinute)).toEqual({ told: 0, left: 0, problems: [] });
    expect(await store.listPings()).toEqual([]);
    expect([...old.requests, ...hub.requests]).toEqual([]);
  });

  it('does nothing without a hub, and says when hubs could not reach the site', async () => {
    const { open, publish, store, warnings } = await openNewsroom();
    await open([]).announce([publish('/rss.xml', 'one')], false);
    expect(warnings).toEqual([]);
    await open(['https://hub.example']).announce([publish('/rss.xml', 'one')], false);
    expect(warnings).toEqual([expect.stringContaining('is on this machine')]);
    expect(await store.listPings()).toEqual([]);
  });

  it('never fails the build that calls it', async () => {
    const { open, publish, store } = await openNewsroom();
    const broken = { ...store, savePings: () => Promise.reject(new Error('The disk is full')) };
    await open(['http://127.0.0.1:1'], { store: broken }).announce([publish('/rss.xml', 'one')], false);
  });
});

describe('sendNow', () => {
  it('tells no hub before the self URL gives the new bytes', async () => {
    const { open, publish, served, store, clock } = await openNewsroom();
    const hub = await startHub();
    const pinger = open([hub.url]);
    const document = publish('/rss.xml', 'new');
    served.set('/rss.xml', 'old, from a cache');
    await pinger.announce([document], false);
    expect(await pinger.sendNow(1_000)).toEqual({ told: 0, left: 1, problems: [] });
    expect(hub.requests).toEqual([]);
    expect(await store.listPings()).toMatchObject([{ looks: 1, tries: 0, notBefore: plusMs(noon, 5_000) }]);

    served.set('/rss.xml', 'new');
    expect(await pinger.sendNow(1_000)).toMatchObject({ told: 0, left: 1 });
    clock.set(plusMs(noon, 5_000));
    expect(await pinger.sendNow(1_000)).toEqual({ told: 1, left: 0, problems: [] });
  });

  it('tells the hub all the same after three looks, with a warning', async () => {
    const { url, open, clock, store, warnings } = await openNewsroom();
    const hub = await startHub();
    const pinger = open([hub.url]);
    await pinger.announce([documentOf('/rss.xml', 'new'), documentOf('/atom.xml', 'new')], false);
    for (const looks of [1, 2]) {
      expect(await pinger.sendNow(1_000)).toMatchObject({ told: 0, left: 2 });
      const [ping] = await store.listPings();
      expect(ping).toMatchObject({ looks });
      clock.set(ping?.notBefore ?? '');
    }
    expect(await pinger.sendNow(1_000)).toMatchObject({ told: 2, left: 0 });
    expect(warnings).toEqual([expect.stringMatching(new RegExp(`^${url}/\\w+.xml and 1 more did not give`))]);
  });

  it('tries again when the hub fails, after the time it asks for, and asks it once for many documents', async () => {
    const { open, publish, clock, store } = await openNewsroom();
    const hub = await startHub();
    hub.answer = (response) => response.writeHead(503, { 'retry-after': '600' }).end();
    const pinger = open([hub.url]);
    const paths = Array.from({ length: 20 }, (_, index) => `/topics/t${index}/rss.xml`);
    await pinger.announce(
      paths.map((path) => publish(path, path)),
      false,
    );
    const report = await pinger.sendNow(1_000);
    expect(report).toMatchObject({ told: 0, left: 20 });
    expect(report.problems[0]).toContain('it answers 503');
    // Four documents are dealt with at once.
    expect(hub.requests.length).toBeLessThanOrEqual(4);
    for (const ping of await store.listPings()) {
      expect(ping).toMatchObject({ tries: 1 });
      expect(toMs(ping.notBefore)).toBe(toMs(noon) + 600_000);
    }
    hub.answer = (response) => response.writeHead(202).end();
    expect(await pinger.sendNow(1_000)).toMatchObject({ told: 0, left: 20 });
    clock.set(plusMs(noon, 600_000));
    expect(await pinger.sendNow(aMinute)).toMatchObject({ told: 20, left: 0 });
  });

  it('gives up after eight tries, and at once when it is refused', async () => {
    const { open, publish, clock, store } = await openNewsroom();
    const hub = await startHub();
    hub.answer = (response) => response.destroy();
    const pinger = open([hub.url]);
    await pinger.announce([publish('/rss.xml', 'one')], false);
    let problems: readonly string[] = [];
    for (let tries = 1; tries <= 8; tries += 1) {
      ({ problems } = await pinger.sendNow(1_000));
      const [ping] = await store.listPings();
      if (ping) clock.set(ping.notBefore);
    }
    expect(hub.requests).toHaveLength(8);
    expect(problems.at(-1)).toContain('asked too often in vain');
    expect(await store.listPings()).toEqual([]);

    hub.answer = (response) => response.writeHead(400).end('No such topic');
    await pinger.announce([publish('/rss.xml', 'two')], false);
    expect(await pinger.sendNow(1_000)).toEqual({
      told: 0,
      left: 0,
      problems: [expect.stringContaining('it answers 400: No such topic')],
    });
  });

  it('lets one hub’s failure keep nothing from another', async () => {
    const { open, publish } = await openNewsroom();
    const [broken, hub] = [await startHub(), await startHub()];
    broken.answer = (response) => response.destroy();
    const pinger = open([broken.url, hub.url]);
    await pinger.announce([publish('/rss.xml', 'one'), publish('/atom.xml', 'two')], false);
    expect(await pinger.sendNow(1_000)).toMatchObject({ told: 2, left: 2 });
    expect(hub.requests).toHaveLength(2);
  });

  it('ends with its time, and keeps what a slow hub has not answered', async () => {
    const { open, publish, store } = await openNewsroom();
    const hub = await startHub();
    hub.answer = () => {};
    const pinger = open([hub.url]);
    await pinger.announce([publish('/rss.xml', 'one')], false);
    expect(await pinger.sendNow(300)).toMatchObject({ told: 0, left: 1 });
    expect(await store.listPings()).toMatchObject([{ tries: 0 }]);
  });
});

describe('start', () => {
  it('sends what is there and what comes, by itself', async () => {
    const { url, open, publish, store } = await openNewsroom();
    const hub = await startHub();
    const told: unknown[] = [];
    const bothTold = Promise.withResolvers<void>();
    const log: Log = {
      ...silentLog,
      info: (_event, fields) => {
        told.push(fields?.['url']);
        if (told.length === 3) bothTold.resolve();
      },
    };
    // Noted at noon, so long due.
    await open([hub.url]).announce([publish('/rss.xml', 'one')], false);
    const pinger = open([hub.url], { clock: systemClock, log });
    pinger.start();
    await hub.waitFor(1);
    await pinger.announce([publish('/rss.xml', 'two'), publish('/atom.xml', 'two')], false);
    await bothTold.promise;
    await pinger.close();
    expect(told.toSorted()).toEqual([`${url}/atom.xml`, `${url}/rss.xml`, `${url}/rss.xml`]);
    expect(hub.requests).toHaveLength(3);
    expect(await store.listPings()).toEqual([]);
  });

  it('stops at once while a hub keeps it waiting, and keeps the ping', async () => {
    const { open, publish, store } = await openNewsroom();
    const hub = await startHub();
    hub.answer = () => {};
    await open([hub.url]).announce([publish('/rss.xml', 'one')], false);
    const pinger = open([hub.url], { clock: systemClock });
    pinger.start();
    await hub.waitFor(1);
    await pinger.close();
    expect(await store.listPings()).toMatchObject([{ tries: 0 }]);
  });

  it('counts no look that was broken off by its end', async () => {
    const { open, publish, store } = await openNewsroom();
    const hub = await startHub();
    const looking = Promise.withResolvers<void>();
    const client: HubClient = {
      ...createHubClient(),
      shows: (_url, _etag, stop) =>
        new Promise((resolve) => {
          looking.resolve();
          stop.addEventListener('abort', () => resolve(false));
        }),
    };
    await open([hub.url]).announce([publish('/rss.xml', 'one')], false);
    const pinger = open([hub.url], { clock: systemClock, client });
    pinger.start();
    await looking.promise;
    await pinger.close();
    expect(await store.listPings()).toMatchObject([{ looks: 0, tries: 0 }]);
    expect(hub.requests).toEqual([]);
  });
});
