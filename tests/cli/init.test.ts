import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { silkpostHere } from '../support/silkpost-command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('silkpost init', () => {
  it('writes a publication in order, in a folder that isn’t there yet', async () => {
    const dir = join((await temporaryFolder()).path, 'news', 'hill');
    const words = ['--title', 'The "Hill": 100%', '--url', 'https://hill.example', '--lang', 'fa', '--lang', 'en'];
    const made = await silkpostHere(['init', dir, ...words, '--timezone', 'Asia/Tbilisi']);
    expect(made).toMatchObject({ code: 0, stdout: `${dir}\n` });
    expect((await readdir(dir)).sort()).toEqual(['.gitignore', 'README.md', 'content', 'silkpost.yaml', 'templates']);
    expect(await silkpostHere(['check', '--strict', '--editions', '--dir', dir])).toMatchObject({
      code: 0,
      stdout: '',
    });
    await silkpostHere(['build', '--dir', dir]);
    const feed = await readFile(join(dir, 'public', 'atom.xml'), 'utf8');
    expect(feed).toMatch(/<id>tag:hill\.example,\d{4}-\d{2}-\d{2}:fa\/\d{4}\/hello<\/id>/);
    expect(feed).toContain('The "Hill": 100%');
  });

  it('keeps a README and a .gitignore that are there, and refuses where there is a publication', async () => {
    const dir = (await temporaryFolder()).path;
    await writeFile(join(dir, 'README.md'), 'Mine.');
    expect((await silkpostHere(['init', dir])).code).toBe(0);
    expect(await readFile(join(dir, 'README.md'), 'utf8')).toBe('Mine.');
    const again = await silkpostHere(['init', dir, '--title', 'Another']);
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('so nothing was written');
    expect(await readFile(join(dir, 'silkpost.yaml'), 'utf8')).not.toContain('Another');
    const half = (await temporaryFolder()).path;
    await mkdir(join(half, 'content'));
    expect((await silkpostHere(['init', half])).code).toBe(1);
    expect(await readdir(half)).toEqual(['content']);
  });

  it('writes nothing for a value that silkpost.yaml can’t hold', async () => {
    const dir = (await temporaryFolder()).path;
    for (const [option, value, sentence] of [
      ['--url', 'hill.example', 'publication.url must be an http(s) URL'],
      ['--timezone', 'Mars/Olympus', 'publication.timezone is not an IANA time zone'],
      ['--lang', 'English', 'publication.languages.0 is not a language tag'],
    ] as const) {
      const refused = await silkpostHere(['init', dir, option, value]);
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain(sentence);
    }
    expect(await readdir(dir)).toEqual([]);
  });
});
