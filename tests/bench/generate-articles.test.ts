import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateArticles } from '../../bench/generate-articles.ts';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function digestOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  for (const path of paths.toSorted()) hash.update(path.slice(folder.length)).update(await readFile(path));
  return hash.digest('hex');
}

describe('generateArticles', () => {
  it('writes the same publication for the same seed, and another for another', async () => {
    const digests: string[] = [];
    for (const seed of [1, 1, 2]) {
      const { path: dir } = await temporaryFolder();
      await generateArticles({ dir, count: 20, seed });
      digests.push(await digestOf(dir));
    }
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  });

  it('writes articles that Silkpost has nothing against', async () => {
    const { path: dir } = await temporaryFolder();
    await generateArticles({ dir, count: 20, seed: 3 });
    const app = await openApp(readConfig({ dir, environment: {} }));
    try {
      const { articles, problems } = await app.rebuild();
      expect({ articles, problems }).toEqual({ articles: 20, problems: [] });
    } finally {
      await app.close();
    }
  });

  it('gives bodies of 300 to 600 words', async () => {
    const { path: dir } = await temporaryFolder();
    await generateArticles({ dir, count: 20, seed: 4 });
    const names = await readdir(join(dir, 'content'), { recursive: true });
    for (const name of names.filter((file) => file.endsWith('.md'))) {
      const text = await readFile(join(dir, 'content', name), 'utf8');
      const words = text.slice(text.indexOf('\n---\n') + 5).split(/\s+/).length;
      expect(words, name).toBeGreaterThan(300);
      expect(words, name).toBeLessThan(600);
    }
  });
});
