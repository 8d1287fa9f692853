import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OwnedFiles } from '../../../src/feeds/press/owned-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const then = '2023-04-09T14:30:00.123Z';

async function openFolder(): Promise<{ dir: string; files: OwnedFiles }> {
  const dir = (await temporaryFolder()).path;
  return { dir, files: new OwnedFiles(dir, '.owned.json') };
}

describe('OwnedFiles', () => {
  it('writes a file with its time, and again only where it changed, is missing or was altered', async () => {
    const { dir, files } = await openFolder();
    const file = join(dir, 'fa/rss.xml');
    const write = (changed: boolean): Promise<boolean> =>
      files.write('/fa/rss.xml', [Buffer.from('one')], then, changed);
    expect(await write(false)).toBe(true);
    expect((await stat(file)).mtimeMs).toBeCloseTo(Date.parse(then), -1);
    expect(await write(false)).toBe(false);
    expect(await write(true)).toBe(true);
    await writeFile(file, 'tampered with');
    expect(await write(false)).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('one');
  });

  it('writes any number of parts, more than a system takes at once', async () => {
    const { dir, files } = await openFolder();
    const parts = Array.from({ length: 5000 }, (_, index) => Buffer.from(`${index} `));
    await files.write('/a.xml', parts, '2023-04-10T12:00:00.000Z', true);
    expect(await readFile(join(dir, 'a.xml'), 'utf8')).toBe(parts.join(''));
  });

  it('leaves no temporary file behind', async () => {
    const { dir, files } = await openFolder();
    await files.write('/a.xml', [Buffer.from('one')], then, true);
    await mkdir(join(dir, 'taken.xml/inside'), { recursive: true });
    await expect(files.write('/taken.xml', [Buffer.from('two')], then, true)).rejects.toThrow();
    expect((await readdir(dir)).sort()).toEqual(['a.xml', 'taken.xml']);
  });

  it('shows a reader the whole old or the whole new file, never a part', async () => {
    const { dir, files } = await openFolder();
    const bodies = ['a', 'b'].map((letter) => Buffer.alloc(300_000, letter));
    const [first = Buffer.alloc(0)] = bodies;
    await files.write('/big.xml', [first], then, true);
    let writing = true;
    const writer = async (): Promise<void> => {
      for (let round = 0; round < 40; round += 1) {
        await files.write('/big.xml', [bodies[round % 2] ?? first], then, true);
      }
      writing = false;
    };
    const seen = new Set<string>();
    const reader = async (): Promise<void> => {
      while (writing) {
        const text = await readFile(join(dir, 'big.xml'), 'latin1');
        seen.add(`${text.length} ${new Set(text).size} ${text[0]}`);
      }
    };
    await Promise.all([writer(), reader(), reader()]);
    expect([...seen].sort()).toEqual(['300000 1 a', '300000 1 b']);
  });

  it('removes what it wrote and isn’t kept, with folders that this empties, and nothing of others', async () => {
    const { dir, files } = await openFolder();
    await mkdir(join(dir, 'shared'), { recursive: true });
    await writeFile(join(dir, 'shared/others.xml'), 'not ours');
    await files.claim(['/rss.xml', '/shared/rss.xml', '/alone/deep/rss.xml']);
    for (const path of ['/rss.xml', '/shared/rss.xml', '/alone/deep/rss.xml']) {
      await files.write(path, [Buffer.from('ours')], then, true);
    }
    const later = new OwnedFiles(dir, '.owned.json');
    expect(await later.removeAllBut(new Set(['/rss.xml']))).toEqual(['/alone/deep/rss.xml', '/shared/rss.xml']);
    expect((await readdir(dir, { recursive: true })).sort()).toEqual([
      '.owned.json',
      'rss.xml',
      'shared',
      'shared/others.xml',
    ]);
    expect(await later.removeAllBut(new Set(['/rss.xml']))).toEqual([]);
  });

  it('forgets nothing that it claimed but never came to write', async () => {
    const { dir, files } = await openFolder();
    await files.claim(['/a.xml', '/b.xml']);
    await writeFile(join(dir, 'b.xml'), 'written just before the process was killed');
    await new OwnedFiles(dir, '.owned.json').removeAllBut(new Set(['/a.xml']));
    expect(await readdir(dir)).toEqual(['.owned.json']);
  });

  it('never leaves its folder, not even for a list that somebody edited', async () => {
    const { dir } = await openFolder();
    await writeFile(join(dir, 'outside.xml'), 'precious');
    const inner = join(dir, 'public');
    await mkdir(inner);
    await writeFile(join(inner, '.owned.json'), JSON.stringify(['../outside.xml', '/../outside.xml', 7, '..']));
    const files = new OwnedFiles(inner, '.owned.json');
    expect(await files.removeAllBut(new Set())).toEqual([]);
    expect(await readFile(join(dir, 'outside.xml'), 'utf8')).toBe('precious');
    for (const path of ['/../outside.xml', '..', '/', 'a\0b']) {
      await expect(files.write(path, [Buffer.from('x')], then, true)).rejects.toThrow('leads out');
    }
  });

  it('removes temporary files of a process that was killed, and no others', async () => {
    const { dir, files } = await openFolder();
    const left = [
      '.rss.xml.0123456789ab.tmp',
      'fa/.rss.xml.ba9876543210.tmp',
      '.other.xml.0123456789ab.tmp',
      '.rss.xml.tmp',
    ];
    await mkdir(join(dir, 'fa'));
    for (const name of left) await writeFile(join(dir, name), 'half a docum');
    await files.claim(['/rss.xml', '/fa/rss.xml', '/missing/rss.xml']);
    expect(await readdir(dir)).toEqual(expect.arrayContaining(['.rss.xml.0123456789ab.tmp']));
    await new OwnedFiles(dir, '.owned.json', 0).claim([]);
    const kept = await readdir(dir, { recursive: true });
    expect(kept.sort()).toEqual(['.other.xml.0123456789ab.tmp', '.owned.json', '.rss.xml.tmp', 'fa']);
  });

  it('owns nothing where its list can’t be read', async () => {
    const { dir, files } = await openFolder();
    await writeFile(join(dir, '.owned.json'), '["/a.xml"');
    await writeFile(join(dir, 'a.xml'), 'stays');
    expect(await files.removeAllBut(new Set())).toEqual([]);
    expect(await readFile(join(dir, 'a.xml'), 'utf8')).toBe('stays');
  });

  it('copies a file with its time, and again only when it changed', async () => {
    const { dir, files } = await openFolder();
    const source = join(dir, 'source.png');
    await writeFile(source, 'picture');
    await utimes(source, 1000, 1000);
    expect(await files.copy('/copies/a.png', source)).toBe(true);
    expect(await files.copy('/copies/a.png', source)).toBe(false);
    expect((await stat(join(dir, 'copies/a.png'))).mtimeMs).toBe(1_000_000);
    await writeFile(source, 'PICTURE');
    expect(await files.copy('/copies/a.png', source)).toBe(true);
    expect(await readFile(join(dir, 'copies/a.png'), 'utf8')).toBe('PICTURE');
  });

  it('replaces a link in its place rather than writing through it', async () => {
    const { dir, files } = await openFolder();
    await writeFile(join(dir, 'target'), 'precious');
    await symlink(join(dir, 'target'), join(dir, 'rss.xml'));
    await files.write('/rss.xml', [Buffer.from('feed')], then, true);
    expect(await readFile(join(dir, 'target'), 'utf8')).toBe('precious');
    expect(await readFile(join(dir, 'rss.xml'), 'utf8')).toBe('feed');
  });
});
