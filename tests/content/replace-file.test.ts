import { appendFileSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replaceFile } from '../../src/content/replace-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('replaceFile', () => {
  it('writes through a link, which stays one', async () => {
    const { path } = await temporaryFolder();
    await mkdir(join(path, 'in'));
    await writeFile(join(path, 'in', 'a.md'), 'old');
    await symlink(join('in', 'a.md'), join(path, 'link.md'));
    expect(await replaceFile(join(path, 'link.md'), () => Buffer.from('new'))).toBe(true);
    expect((await lstat(join(path, 'link.md'))).isSymbolicLink()).toBe(true);
    expect(await readFile(join(path, 'in', 'a.md'), 'utf8')).toBe('new');
  });

  it('leaves a file alone that is saved meanwhile, and nothing beside it', async () => {
    const { path } = await temporaryFolder();
    const file = join(path, 'a.md');
    await writeFile(file, 'old');
    const replaced = await replaceFile(file, () => {
      appendFileSync(file, ' and edited');
      return Buffer.from('new');
    });
    expect(replaced).toBe(false);
    expect(await readFile(file, 'utf8')).toBe('old and edited');
    expect(await replaceFile(file, () => null)).toBe(false);
    expect(await readdir(path)).toEqual(['a.md']);
  });
});
