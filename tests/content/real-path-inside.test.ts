import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realPathInside } from '../../src/content/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('realPathInside', () => {
  it('follows links within the folder, and none out of it, however the name of what lies beside it begins', async () => {
    const { path } = await temporaryFolder();
    const [folder, beside] = [join(path, 'content'), join(path, 'content-of-others')];
    for (const dir of [folder, beside]) {
      await mkdir(dir);
      await writeFile(join(dir, 'map.png'), 'x');
    }
    await symlink(join(folder, 'map.png'), join(folder, 'same.png'));
    await symlink(join(beside, 'map.png'), join(folder, 'theirs.png'));
    expect(realPathInside(folder, 'same.png')).toBe(join(folder, 'map.png'));
    expect(realPathInside(folder, 'theirs.png')).toBeNull();
    expect(realPathInside(folder, '../content-of-others/map.png')).toBeNull();
    expect(realPathInside(folder, 'gone.png')).toBeNull();
  });
});
