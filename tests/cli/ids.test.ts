import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallPublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { startSilkpost } from '../support/silkpost-process.ts';

async function publication(articles: Readonly<Record<string, string>>): Promise<string> {
  const dir = await smallPublication();
  // Without an authority ids are random: no second build can guess them.
  const file = join(dir, 'silkpost.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/ {2}authority: .*\n/, ''));
  for (const [name, text] of Object.entries(articles)) await writeFile(join(dir, 'content', name), text);
  return dir;
}

const article = (title: string, end = '\n', more = '') =>
  ['---', '# A remark', `title: ${title}`, 'summary: News.', 'date: 2026-01-05', `${more}---`, '', 'Text.', ''].join(
    end,
  );

const idsIn = (text: string): string[] =>
  [...text.matchAll(/<entry[\s\S]*?<id>(urn:uuid:[^<]+)<\/id>/g)].map(([, id = '']) => id);

describe('silkpost ids', () => {
  it('lists what it would write, and then writes it and nothing else', async () => {
    const files = { 'a.md': article('A', '\r\n'), 'b.md': article('B') };
    const dir = await publication({
      ...files,
      'bad.md': '---\ntitle: [\n---\n',
      'braces.md': '---\n{ title: C, summary: C, date: 2026-01-01 }\n---\n',
    });
    await chmod(join(dir, 'content', 'a.md'), 0o640);

    const listed = await silkpostHere(['ids', '--dir', dir]);
    expect(
      listed.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['content/a.md', 'content/b.md', 'content/braces.md']);
    expect(await readFile(join(dir, 'content', 'a.md'), 'utf8')).toBe(files['a.md']);

    const written = await silkpostHere(['ids', '--write', '--dir', dir]);
    expect(written.code).toBe(1);
    expect(written.stderr).toMatch(
      /content\/bad\.md has a problem.*\ncontent\/braces\.md can’t take the line.*urn:uuid:/,
    );
    expect(written.stderr).toContain('2 ids written');
    for (const [name, text] of Object.entries(files)) {
      const line = written.stdout.split('\n').find((one) => one.startsWith(`content/${name} `));
      const end = text.includes('\r') ? '\r\n' : '\n';
      const expected = text.replace(`---${end}`, `---${end}id: ${line?.split(' ')[1]}${end}`);
      expect(await readFile(join(dir, 'content', name), 'utf8')).toBe(expected);
      expect(listed.stdout).toContain(line);
    }
    expect((await stat(join(dir, 'content', 'a.md'))).mode & 0o777).toBe(0o640);
    expect((await readdir(join(dir, 'content'))).sort()).toEqual(['a.md', 'b.md', 'bad.md', 'braces.md']);

    const again = await silkpostHere(['ids', '--write', '--dir', dir]);
    expect(again.stdout).toBe('');
  });

  it('changes nothing for readers of a running service, and a build without its database gives the same ids', async () => {
    const dir = await publication({ 'a.md': article('A'), 'b.md': article('B'), 'b.fa.md': article('ب') });
    const running = await startSilkpost(['start', '--dir', dir]);
    const look = async () => {
      const answer = await fetch(`${running.url}/atom.xml`);
      return { tag: answer.headers.get('etag'), text: await answer.text() };
    };
    const before = await look();
    expect(idsIn(before.text)).toHaveLength(2);
    const rebuilds = running.lines.filter(({ event }) => event === 'rebuild').length;
    expect((await silkpostHere(['ids', '--write', '--dir', dir])).code).toBe(0);
    await expect
      .poll(() => running.lines.filter(({ event }) => event === 'rebuild').length, { timeout: 10_000 })
      .toBeGreaterThan(rebuilds);
    expect(await look()).toEqual(before);
    expect(running.lines.filter(({ event }) => event === 'problem')).toEqual([]);
    running.kill('SIGTERM');
    await running.ended;

    const checkout = await publication({});
    await rm(join(checkout, 'content'), { recursive: true });
    await mkdir(join(checkout, 'content'));
    await cp(join(dir, 'content'), join(checkout, 'content'), { recursive: true });
    expect((await silkpostHere(['build', '--dir', checkout])).code).toBe(0);
    expect(idsIn(await readFile(join(checkout, 'public', 'atom.xml'), 'utf8'))).toEqual(idsIn(before.text));
  });
});

const oldFeed = (items: readonly string[]): string =>
  `<?xml version="1.0"?>\n<rss version="2.0"><channel><title>Old</title>${items.join('')}</channel></rss>`;

const item = (guid: string, link: string, title: string, date = 'Mon, 05 Jan 2026 10:00:00 +0400'): string =>
  `<item><title>${title}</title><link>${link}</link><guid isPermaLink="false">${guid}</guid><pubDate>${date}</pubDate></item>`;

describe('silkpost ids --from', () => {
  it('lists what the old feed has, writes guids and old addresses and nothing else, and the build keeps to them', async () => {
    const files = {
      'a.md': article('A', '\r\n'),
      'b.md': article('B', '\n', 'aliases:\n  - /else\n'),
      'c.md': article('C', '\n', 'id: http://old.example/?p=3\n'),
      'd.md': article('D', '\n', 'id: urn:example:another\n'),
      'new.md': article('Something new'),
    };
    const dir = await publication(files);
    const feed = oldFeed([
      item('http://old.example/?p=1', 'http://old.example/2026/01/a/', 'A'),
      item('http://old.example/?p=2', 'http://old.example/2026/01/b/', 'B'),
      item('http://old.example/?p=3', 'http://old.example/2026/01/c/', 'C'),
      item('http://old.example/?p=4', 'http://old.example/2026/01/d/', 'D'),
      item('http://old.example/?p=5', 'http://old.example/2026/01/lost/', 'Lost'),
      item('6 at http://old.example', 'http://old.example/2026/01/a/', 'A'),
    ]);
    await writeFile(join(dir, 'old.xml'), feed);
    const read = (name: string) => readFile(join(dir, 'content', name), 'utf8');

    const listed = await silkpostHere(['ids', '--from', 'old.xml', '--dir', dir]);
    expect(listed.stdout.trim().split('\n')).toEqual([
      'content/a.md http://old.example/?p=1 /2026/01/a',
      'content/b.md http://old.example/?p=2 /2026/01/b',
      'content/c.md http://old.example/?p=3 /2026/01/c',
    ]);
    for (const [name, text] of Object.entries(files)) expect(await read(name)).toBe(text);

    const written = await silkpostHere(['ids', '--from', 'old.xml', '--write', '--dir', dir]);
    expect(written.code).toBe(3);
    expect(written.stdout).toBe(listed.stdout);
    expect(written.stderr).toMatch(/content\/d\.md has the id urn:example:another, but .*\?p=4/);
    expect(written.stderr).toContain('“Lost” (http://old.example/2026/01/lost/) is no article here');
    expect(written.stderr).toContain('its guid “6 at http://old.example”');
    expect(written.stderr).toContain('6 entries read; ids written into 3 files');
    expect(await read('a.md')).toBe(
      files['a.md'].replace('---\r\n', '---\r\nid: http://old.example/?p=1\r\naliases: ["/2026/01/a"]\r\n'),
    );
    expect(await read('b.md')).toBe(
      files['b.md']
        .replace('---\n', '---\nid: http://old.example/?p=2\n')
        .replace('  - /else', '  - "/2026/01/b"\n  - /else'),
    );
    expect(await read('c.md')).toBe(files['c.md'].replace('---\n', '---\naliases: ["/2026/01/c"]\n'));
    for (const name of ['d.md', 'new.md'] as const) expect(await read(name)).toBe(files[name]);
    // No ledger has given any article an id of its own meanwhile.
    expect((await readdir(dir)).sort()).toEqual(['content', 'old.xml', 'silkpost.yaml', 'templates']);

    expect((await silkpostHere(['ids', '--from', 'old.xml', '--write', '--dir', dir])).stdout).toBe('');
    const built = await silkpostHere(['build', '--dir', dir]);
    expect(built.stderr).not.toContain('changed-id');
    const rss = await readFile(join(dir, 'public', 'rss.xml'), 'utf8');
    for (const number of [1, 2, 3]) expect(rss).toContain(`>http://old.example/?p=${number}</guid>`);
  });

  it('warns of a sitemap, of a ledger that is there, and refuses what is no feed', async () => {
    const dir = await publication({ 'a.md': article('A') });
    const url = '<url><loc>http://old.example/posts/a/</loc></url>';
    await writeFile(
      join(dir, 'map.xml'),
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${url}</urlset>`,
    );
    await writeFile(join(dir, 'page.xml'), '<html></html>');
    const first = await silkpostHere(['ids', '--from', 'map.xml', '--dir', dir]);
    expect(first).toMatchObject({ code: 0, stdout: 'content/a.md http://old.example/posts/a/ /posts/a\n' });
    expect(first.stderr).toContain('A sitemap has no guids');
    expect(first.stderr).not.toContain('changed-id');
    expect((await silkpostHere(['build', '--dir', dir])).code).toBe(0);
    expect((await silkpostHere(['ids', '--from', 'map.xml', '--dir', dir])).stderr).toContain('changed-id');

    const page = await silkpostHere(['ids', '--from', 'page.xml', '--dir', dir]);
    expect([page.code, page.stderr]).toEqual([1, expect.stringContaining('page.xml: It is neither RSS nor Atom')]);
    const missing = await silkpostHere(['ids', '--from', 'missing.xml', '--dir', dir]);
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('missing.xml can’t be read')]);
  });
});
