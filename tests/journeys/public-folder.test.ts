import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { rawRequest } from '../support/http.ts';
import { writePhoto } from '../support/photo.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';

async function writeStories(dir: string, count: number): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const date = new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString();
    const front = `title: Story ${number}\nsummary: It happened.\ndate: ${date}`;
    await writeFile(join(dir, 'content', `story-${number}.md`), `---\n${front}\n---\n\nText ${number}.\n`);
  }
}

describe('a public folder in which other things stand', () => {
  it('is told of file by file, is served all the same, and is filled once they are gone', async () => {
    const dir = await smallPublication();
    await writeFile(
      join(dir, 'content', 'bridge.md'),
      '---\ntitle: A bridge\nsummary: It opened.\ndate: 2026-01-01\n---\n\nText.\n',
    );
    const folder = join(dir, 'public');
    await mkdir(join(folder, 'rss.xml'), { recursive: true });
    await writeFile(join(folder, 'newsletters'), 'a file where a folder should be');
    const said: string[] = [];
    const note = (_event: string, fields?: Readonly<Record<string, unknown>>): void => {
      said.push(String(fields?.['message']));
    };
    const log = { info: () => {}, warn: note, error: note };
    const app = await openApp(readConfig({ dir, environment: {} }), { log });
    onTestFinished(() => app.close());
    const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    await app.rebuild();
    await app.finish();
    const lost = ['/rss.xml', '/newsletters/weekly/rss.xml', '/newsletters/weekly/atom.xml'];
    for (const path of lost) {
      expect(said.filter((message) => message.startsWith(`${path} can’t be written: `))).toHaveLength(1);
      for (const coding of ['identity', 'gzip']) {
        const answer = await rawRequest(server.url, path, { headers: { 'accept-encoding': coding } });
        expect([path, answer.status, answer.body.length > 0]).toEqual([path, 200, true]);
      }
    }
    expect(await readFile(join(folder, 'newsletters'), 'utf8')).toBe('a file where a folder should be');
    expect(await readFile(join(folder, 'atom.xml'), 'utf8')).toContain('A bridge');

    await rm(join(folder, 'rss.xml'), { recursive: true });
    await rm(join(folder, 'newsletters'));
    await app.close();
    const again = await openApp(readConfig({ dir, environment: {} }));
    onTestFinished(() => again.close());
    await again.rebuild();
    for (const path of lost) expect(await readFile(join(folder, path), 'utf8')).toContain('The Hill Courier');
  });
});

describe('an archive that isn’t made yet', () => {
  it('answers that it comes, to a program that follows the feed into it, and then comes', async () => {
    const dir = await smallPublication();
    await writeStories(dir, 51);
    const app = await openApp(readConfig({ dir, environment: {} }));
    onTestFinished(() => app.close());
    const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    await app.rebuild();
    const feed = (await rawRequest(server.url, '/atom.xml')).body.toString();
    const archive = new URL(/rel="prev-archive"[^>]* href="([^"]*)"/.exec(feed)?.[1] ?? '').pathname;
    const before = await rawRequest(server.url, archive);
    expect([before.status, before.headers['retry-after'], before.headers['cache-control']]).toEqual([
      503,
      '60',
      'no-store',
    ]);
    expect((await rawRequest(server.url, '/archive/2/atom.xml')).status).toBe(404);
    await app.finish();
    expect((await rawRequest(server.url, archive)).status).toBe(200);
  });
});

describe('an accident with content/', () => {
  it('leaves every file of the public folder and every answer as it was', async () => {
    const dir = await smallPublication();
    await writeStories(dir, 7);
    await writePhoto(join(dir, 'content', 'map.jpg'), 600, 400);
    const story = await readFile(join(dir, 'content', 'story-1.md'), 'utf8');
    await writeFile(join(dir, 'content', 'story-1.md'), story.replace('Text 1.', '![A map](map.jpg)'));
    expect((await silkpostHere(['build', '--dir', dir])).code).toBe(0);
    const files = await readdir(join(dir, 'public'), { recursive: true });
    expect(files).toContain('articles/story-1/map.jpg.w480.jpg');

    await rename(join(dir, 'content'), join(dir, 'away'));
    expect((await silkpostHere(['build', '--dir', dir])).code).toBe(1);
    expect((await readdir(join(dir, 'public'), { recursive: true })).sort()).toEqual(files.toSorted());
    const app = await openApp(readConfig({ dir, environment: {} }));
    onTestFinished(() => app.close());
    const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    expect((await app.rebuild()).refused).toBe(true);
    for (const path of ['/articles/story-1', '/articles/story-1/map.jpg', '/articles/story-1/map.jpg.w480.jpg']) {
      expect([path, (await rawRequest(server.url, path)).status]).toEqual([path, 200]);
    }
  });
});

describe('silkpost build --no-archives', () => {
  it('says which archives are missing, leads to none of them, and a full build makes and links them', async () => {
    const dir = await smallPublication();
    await writeStories(dir, 51);
    const build = async (...words: string[]) => {
      const { code, stdout, stderr } = await silkpostHere(['build', '--dir', dir, '--json', ...words]);
      return { code, stderr, ...JSON.parse(stdout) };
    };
    const part = join(dir, 'public', 'archive', '1', 'rss.xml');
    const quick = await build('--no-archives');
    expect(quick).toMatchObject({ code: 0, archives: null, waiting: 3 });
    expect(quick.stderr).toContain('3 archive documents still to be made');
    expect(existsSync(part)).toBe(false);
    const feeds = () =>
      Promise.all(['rss.xml', 'atom.xml', 'feed.json'].map((name) => readFile(join(dir, 'public', name), 'utf8')));
    for (const feed of await feeds()) expect(feed).not.toContain('/archive/');

    const full = await build();
    expect(full).toMatchObject({ code: 0, waiting: 0 });
    expect(full.stderr).not.toContain('still to be made');
    expect(existsSync(part)).toBe(true);
    const linked = await feeds();
    for (const feed of linked) expect(feed).toContain('/archive/1/');
    // What is there is led to by the quick build too, so that no feed changes.
    expect(await build('--no-archives')).toMatchObject({ code: 0, written: 0, waiting: 0 });
    expect(await feeds()).toEqual(linked);
    // And so is a part that has just filled.
    await writeStories(dir, 101);
    expect(await build('--no-archives')).toMatchObject({ code: 0, waiting: 0 });
    for (const feed of await feeds()) expect(feed).toContain('/archive/2/');
  });
});

describe('the lists of feeds in the public folder', () => {
  it('are what the service answers with, and stay as they are where nothing changed', async () => {
    const dir = await smallPublication();
    const build = () => silkpostHere(['build', '--dir', dir]);
    expect((await build()).code).toBe(0);
    const app = await openApp(readConfig({ dir, environment: {} }));
    onTestFinished(() => app.close());
    const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
    onTestFinished(() => server.close());
    const paths = ['/feeds.opml', '/en/feeds.opml', '/fa/feeds.opml'];
    const files = paths.map((path) => join(dir, 'public', path));
    for (const [index, path] of paths.entries()) {
      const { status, body } = await rawRequest(server.url, path);
      expect([status, body.toString()]).toEqual([200, await readFile(files[index] ?? '', 'utf8')]);
    }
    const times = async () => (await Promise.all(files.map((file) => stat(file)))).map(({ mtimeMs }) => mtimeMs);
    const before = await times();
    await build();
    expect(await times()).toEqual(before);
  });
});
