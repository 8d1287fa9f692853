import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { parseFeed } from '../support/feed-fixtures.ts';
import { type FixedClock, fixedClock } from '../support/fixed-clock.ts';
import { rawRequest } from '../support/http.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';

interface Newsroom {
  readonly app: App;
  readonly clock: FixedClock;
  get(path: string): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

async function open(dir: string, now = '2026-11-27T02:00:00.000Z'): Promise<Newsroom> {
  const clock = fixedClock(now);
  const app = await openApp(readConfig({ dir, environment: {} }), { clock });
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closing ??= server.close().then(() => app.close());
    return closing;
  };
  onTestFinished(close);
  await app.rebuild();
  return {
    app,
    clock,
    async get(path) {
      const { status, body } = await rawRequest(server.url, path);
      return { status, text: body.toString() };
    },
    close,
  };
}

async function addReader({ app }: Newsroom): Promise<void> {
  const reader = { name: null, languages: ['en'], countries: [], topics: [], timezone: null, newsletters: ['weekly'] };
  await app.subscribers.addSubscribers(
    [{ ...reader, email: 'ann@example.com', source: 'operator', consent: 'test', sample: false }],
    app.clock.now(),
  );
}

/** Writes articles whose titles and summaries need escaping. */
async function write(dir: string, name: string, more = ''): Promise<void> {
  const front = `title: "About <${name}> & more"\nsummary: "Summary of ${name} </p><script>"\ndate: 2026-11-26\n${more}`;
  await writeFile(join(dir, 'content', `${name}.md`), `---\n${front}---\n\nThe text of ${name}.\n`);
}

/** Sends what is due on Friday at 07:00 in Tbilisi. */
async function sendOnFriday({ app, clock }: Newsroom): Promise<void> {
  await app.desk.runDue();
  clock.set('2026-11-27T03:00:00.000Z');
  await app.desk.runDue();
  await app.postRoom.sendUntilIdle(null, () => {});
}

const formats = ['rss.xml', 'atom.xml', 'feed.json'] as const;

async function feedsOf(room: Newsroom, folder = '/newsletters/weekly') {
  const [rss, atom, json] = await Promise.all(formats.map(async (name) => (await room.get(`${folder}/${name}`)).text));
  return parseFeed({ rss: rss ?? '', atom: atom ?? '', json: json ?? '' });
}

const idOf = (lang: string): string => `tag:courier.example,2026:newsletters/weekly/2026-11-27T0300Z/${lang}`;

describe('the feed of a newsletter’s editions', () => {
  it('is there before anything went out, is announced, and has an edition once it went', async () => {
    const dir = await smallPublication();
    await write(dir, 'bridge');
    await write(dir, 'tunnel');
    await write(dir, 'tunnel.fa');
    const room = await open(dir);
    await addReader(room);
    expect((await feedsOf(room)).json.items ?? []).toEqual([]);
    const page = (await room.get('/newsletters/weekly')).text;
    const list = (await room.get('/feeds.opml')).text;
    for (const name of formats) expect(page).toContain(`/newsletters/weekly/${name}"`);
    for (const prefix of ['', '/fa']) expect(list).toContain(`localhost:8080${prefix}/newsletters/weekly/rss.xml`);

    await sendOnFriday(room);
    const { rss, atom, json } = await feedsOf(room);
    expect(rss.items?.map(({ guid }) => guid?.value)).toEqual([idOf('en')]);
    expect(atom.entries?.map(({ id }) => id)).toEqual([idOf('en')]);
    const url = 'http://localhost:8080/newsletters/weekly/2026-11-27T0300Z';
    expect(json.items).toMatchObject([
      {
        id: idOf('en'),
        url,
        title: 'About <bridge> & more',
        summary: 'About <tunnel> & more',
        date_published: '2026-11-27T03:00:00.000Z',
        content_html: [
          '<h2><a href="http://localhost:8080/articles/bridge">About &lt;bridge&gt; &amp; more</a></h2>',
          '<p>Summary of bridge &lt;/p&gt;&lt;script&gt;</p>',
          '<h2><a href="http://localhost:8080/articles/tunnel">About &lt;tunnel&gt; &amp; more</a></h2>',
          '<p>Summary of tunnel &lt;/p&gt;&lt;script&gt;</p>',
          `<p><a href="${url}">Read on the web</a></p>`,
        ].join('\n'),
      },
    ]);
    expect((await room.get('/newsletters/weekly/2026-11-27T0300Z')).status).toBe(200);

    const persian = (await feedsOf(room, '/fa/newsletters/weekly')).json.items?.[0];
    expect(persian?.id).toBe(idOf('fa'));
    expect(persian?.content_html).toContain('href="http://localhost:8080/fa/articles/tunnel"');
    expect(persian?.content_html).toContain(
      '<div lang="en" dir="ltr">\n<h2><a href="http://localhost:8080/articles/bridge"',
    );
    for (const name of formats) {
      expect((await room.get(`/newsletters/weekly/${name}`)).text).not.toMatch(/unsubscribe|preferences|ann@/);
    }
  });

  it('is the same after a restart, and loses a story that is withdrawn', async () => {
    const dir = await smallPublication();
    for (const name of ['bridge', 'tunnel', 'tunnel.fa', 'zxgone']) await write(dir, name);
    const first = await open(dir);
    await addReader(first);
    await sendOnFriday(first);
    const read = (room: Newsroom): Promise<string[]> =>
      Promise.all(['', '/fa'].map(async (prefix) => (await room.get(`${prefix}/newsletters/weekly/atom.xml`)).text));
    const before = await read(first);
    expect(before.join()).toContain('zxgone');
    await first.close();

    const second = await open(dir, '2026-11-27T05:00:00.000Z');
    expect(await read(second)).toEqual(before);
    await write(dir, 'zxgone', 'status: withdrawn\n');
    await write(dir, 'tunnel.fa', 'status: withdrawn\n');
    await second.app.rebuild();
    const [english, persian] = await read(second);
    expect(english).toContain('tunnel');
    expect(english).toContain(`<id>${idOf('en')}</id>`);
    expect(english).not.toContain('zxgone');
    expect(persian).toContain('bridge');
    expect(persian).not.toMatch(/zxgone|tunnel/);
    expect((await second.get('/fa/newsletters/weekly/2026-11-27T0300Z')).text).not.toMatch(/zxgone|tunnel/);

    for (const name of ['bridge', 'tunnel']) await write(dir, name, 'status: withdrawn\n');
    await second.app.rebuild();
    expect((await feedsOf(second)).json.items ?? []).toEqual([]);
    expect((await second.get('/newsletters/weekly/2026-11-27T0300Z')).status).toBe(410);
  });

  it('is renewed by whoever sent the edition, and by others who look', async () => {
    const dir = await smallPublication();
    await write(dir, 'bridge');
    const room = await open(dir, new Date().toISOString());
    await addReader(room);
    const sent = await silkpostHere(['send', 'weekly', '--articles', 'bridge', '--yes', '--dir', dir]);
    expect([sent.code, sent.stderr]).toEqual([0, expect.stringContaining('1 sent')]);
    const written = JSON.parse(await readFile(join(dir, 'public', 'newsletters', 'weekly', 'feed.json'), 'utf8'));
    expect(written.items).toHaveLength(1);

    await room.app.renewFeeds();
    expect((await feedsOf(room)).json.items?.map(({ id }) => id)).toEqual([written.items[0].id]);
  });
});

describe('a feed that another process wrote over', () => {
  it('is laid out and served again', async () => {
    const dir = await smallPublication();
    await write(dir, 'bridge');
    const room = await open(dir);
    const file = join(dir, 'public', 'rss.xml');
    const good = await readFile(file, 'utf8');
    await writeFile(file, good.replace('</rss>', '<!-- older --></rss>'));
    await room.app.renewFeeds();
    expect(await readFile(file, 'utf8')).toBe(good);
    expect((await room.get('/rss.xml')).text).toBe(good);
  });
});
