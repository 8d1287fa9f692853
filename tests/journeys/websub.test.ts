import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { freePort } from '../support/free-port.ts';
import { startHub, type TestHub } from '../support/hub.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { startSilkpost } from '../support/silkpost-process.ts';

const article = (title: string, fields: string): string => `---
title: ${title}
summary: It had been closed for years.
date: 2026-03-02T10:00:00Z
${fields}
---

The bridge is open.
`;

/** A publication with a hub, served at its own address. */
async function openNewsroom() {
  const [dir, hub, port] = [await smallPublication(), await startHub(), await freePort()];
  await appendFile(join(dir, 'silkpost.yaml'), `feeds: { hubs: ["${hub.url}"] }\n`);
  const clock = fixedClock('2026-03-02T12:00:00Z');
  const environment = { SILKPOST_PORT: String(port) };
  const app = await openApp(readConfig({ dir, environment }), { clock });
  onTestFinished(() => app.close());
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port });
  onTestFinished(() => server.close());
  const write = (name: string, text: string) => writeFile(join(dir, 'content', `${name}.md`), text);
  await write('2026-03-01-bridge', article('A bridge opens', 'countries: [armenia]'));
  return { app, clock, dir, hub, write, url: app.config.site.url };
}

/** Paths that a rebuild has announced. */
async function announced(app: App, hub: TestHub): Promise<string[]> {
  const before = hub.requests.length;
  await app.rebuild();
  expect((await app.hubs.sendNow(60_000)).problems).toEqual([]);
  return hub.requests
    .slice(before)
    .map(({ selfUrl }) => selfUrl.replace(app.config.site.url, ''))
    .toSorted();
}

const formats = (...folders: string[]): string[] =>
  folders.flatMap((folder) => ['atom.xml', 'feed.json', 'rss.xml'].map((name) => folder + name)).toSorted();

describe('feeds.hubs', () => {
  it('are told of the home feeds first, then of what changes, and of nothing else', async () => {
    const { app, hub, write } = await openNewsroom();
    expect(await announced(app, hub)).toEqual(formats('/', '/fa/'));
    expect(await announced(app, hub)).toEqual([]);
    await write('2026-03-01-bridge', article('A bridge opened', 'countries: [armenia]'));
    expect(await announced(app, hub)).toEqual(formats('/', '/countries/armenia/'));
  });

  it('hear nothing of a draft or an embargo, and of the article when the embargo ends', async () => {
    const { app, clock, hub, write } = await openNewsroom();
    await announced(app, hub);
    await write('2026-03-02-draft', article('A secret', 'status: draft\ncountries: [georgia]'));
    await write('2026-03-02-embargo', article('A verdict', 'countries: [georgia]').replace('T10', 'T13'));
    expect(await announced(app, hub)).toEqual([]);
    await write('2026-03-02-draft', article('Another secret', 'status: draft\ncountries: [georgia]'));
    expect(await announced(app, hub)).toEqual([]);
    clock.set('2026-03-02T13:00:00Z');
    expect(await announced(app, hub)).toEqual(formats('/', '/countries/georgia/'));
  });

  it('are told nothing again by a build into another folder', async () => {
    const { app, dir, hub, clock } = await openNewsroom();
    await announced(app, hub);
    clock.set('2026-03-02T12:00:01Z');
    const elsewhere = await openApp(app.config, { clock, publicDir: join(dir, 'elsewhere') });
    onTestFinished(() => elsewhere.close());
    expect((await elsewhere.rebuild()).written).toBeGreaterThan(0);
    expect(await elsewhere.hubs.sendNow(60_000)).toEqual({ told: 0, left: 0, problems: [] });
  });
});

describe('silkpost build and run', () => {
  it.each(['build', 'run'])('%s tells the hubs before it ends, and says so', async (command) => {
    const { app, dir, hub } = await openNewsroom();
    // The running site has the same articles, so that the addresses give the same bytes.
    await app.rebuild();
    const built = await silkpostHere([command, '--dir', dir, '--data', join(dir, 'other')], {
      SILKPOST_PORT: new URL(app.config.site.url).port,
    });
    expect(built.code).toBe(0);
    expect(built.stderr).toContain('6 pings sent to hubs');
    expect(hub.requests).toHaveLength(6);
  });
});

describe('silkpost start', () => {
  it('tells the hubs of a saved article by itself, and stops promptly', async () => {
    const [dir, hub] = [await smallPublication(), await startHub()];
    await appendFile(join(dir, 'silkpost.yaml'), `feeds: { hubs: ["${hub.url}"] }\n`);
    const running = await startSilkpost(['start', '--dir', dir]);
    await hub.waitFor(6);
    await writeFile(join(dir, 'content', '2026-03-01-bridge.md'), article('A bridge opens', 'countries: [armenia]'));
    await hub.waitFor(12);
    const paths = hub.requests.slice(6).map(({ selfUrl }) => selfUrl.replace(running.url, ''));
    expect(paths.toSorted()).toEqual(formats('/', '/countries/armenia/'));
    running.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });
});
