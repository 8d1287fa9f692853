import { chmod, cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost, startSilkpost } from '../support/silkpost-process.ts';

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

    const listed = await runSilkpost(['ids', '--dir', dir]);
    expect(
      listed.stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['content/a.md', 'content/b.md', 'content/braces.md']);
    expect(await readFile(join(dir, 'content', 'a.md'), 'utf8')).toBe(files['a.md']);

    const written = await runSilkpost(['ids', '--write', '--dir', dir]);
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

    const again = await runSilkpost(['ids', '--write', '--dir', dir]);
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
    expect((await runSilkpost(['ids', '--write', '--dir', dir])).code).toBe(0);
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
    expect((await runSilkpost(['build', '--dir', checkout])).code).toBe(0);
    expect(idsIn(await readFile(join(checkout, 'public', 'atom.xml'), 'utf8'))).toEqual(idsIn(before.text));
  });
});
