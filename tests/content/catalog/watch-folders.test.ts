import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { watchFolders } from '../../../src/content/catalog/watch-folders.ts';
import { createTemporaryFolder, temporaryFolder } from '../../support/temporary-folder.ts';

interface Watch {
  readonly root: string;
  /** Paths that were told of since the last call. */
  readonly told: (string | null)[];
  readonly errors: unknown[];
  close(): void;
}

async function watch(root: string): Promise<Watch> {
  const told: (string | null)[] = [];
  const errors: unknown[] = [];
  const watcher = await watchFolders(
    root,
    (path) => told.push(path),
    (error) => errors.push(error),
  );
  onTestFinished(() => watcher.close());
  return { root, told, errors, close: () => watcher.close() };
}

/** Waits until all of these were told of. */
async function heard({ told }: Watch, ...paths: readonly (string | null)[]): Promise<void> {
  await vi.waitFor(() => expect(told).toEqual(expect.arrayContaining([...paths])), { timeout: 5000, interval: 5 });
}

describe('watchFolders', () => {
  it('tells of files that are written, renamed and removed, in folders that were there', async () => {
    const { path: root } = await temporaryFolder();
    await mkdir(join(root, 'a/b'), { recursive: true });
    const watched = await watch(root);
    await writeFile(join(root, 'one.md'), 'One.');
    await writeFile(join(root, 'a/b/two.md'), 'Two.');
    await heard(watched, 'one.md', 'a/b/two.md');
    watched.told.length = 0;
    await rename(join(root, 'one.md'), join(root, 'a/three.md'));
    await rm(join(root, 'a/b/two.md'));
    await heard(watched, 'one.md', 'a/three.md', 'a/b/two.md');
    expect(watched.errors).toEqual([]);
  });

  it('watches a new folder and the folders in it', async () => {
    const { path: root } = await temporaryFolder();
    const watched = await watch(root);
    await mkdir(join(root, 'new/deep'), { recursive: true });
    // Not before the folder was looked through: what came into it until then is in that look.
    await heard(watched, 'new', null);
    watched.told.length = 0;
    await writeFile(join(root, 'new/deep/one.md'), 'One.');
    await heard(watched, 'new/deep/one.md');
  });

  it('says that anything may have changed where a folder came with files in it, or went', async () => {
    const { path: root } = await temporaryFolder();
    const { path: elsewhere } = await temporaryFolder();
    await mkdir(join(elsewhere, 'folder'));
    await writeFile(join(elsewhere, 'folder/one.md'), 'One.');
    const watched = await watch(root);
    await rename(join(elsewhere, 'folder'), join(root, 'folder'));
    await heard(watched, null);
    watched.told.length = 0;
    await rm(join(root, 'folder'), { recursive: true });
    await heard(watched, null);
    watched.told.length = 0;
    await mkdir(join(root, 'folder'));
    await heard(watched, null);
    watched.told.length = 0;
    await writeFile(join(root, 'folder/two.md'), 'Two.');
    await heard(watched, 'folder/two.md');
    expect(watched.errors).toEqual([]);
  });

  it('reports a root that is removed, once', async () => {
    const folder = await createTemporaryFolder();
    const watched = await watch(folder.path);
    await folder.remove();
    await vi.waitFor(() => expect(watched.errors).toHaveLength(1), { timeout: 5000, interval: 5 });
  });

  it('reports a root that isn’t there', async () => {
    const { path } = await temporaryFolder();
    const { errors } = await watch(join(path, 'nothing'));
    expect(errors).toHaveLength(1);
  });

  it('tells nothing once it is closed', async () => {
    const { path: root } = await temporaryFolder();
    const first = await watch(root);
    const second = await watch(root);
    first.close();
    await writeFile(join(root, 'one.md'), 'One.');
    await heard(second, 'one.md');
    expect(first.told).toEqual([]);
  });
});
