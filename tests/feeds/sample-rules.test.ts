import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { formatOf, judgeFeed } from '../support/feed-rules.ts';
import { samplePublication } from '../support/publication-folder.ts';

describe('the sample’s feeds', () => {
  it('satisfy an independent parser and the rules of their standards, each of them', async () => {
    const dir = await samplePublication();
    const app = await openApp(readConfig({ dir, environment: {} }));
    onTestFinished(() => app.close());
    const { documents } = await app.rebuild();
    const paths = (await readdir(app.publicDir, { recursive: true })).filter((path) => formatOf(path) !== null);
    expect(paths.length).toBeGreaterThanOrEqual(documents);
    expect(documents).toBeGreaterThan(300);
    let entries = 0;
    for (const path of paths) {
      const format = formatOf(path);
      if (format === null) continue;
      const verdict = judgeFeed(format, await readFile(join(app.publicDir, path), 'utf8'));
      expect(verdict.violations, path).toEqual([]);
      entries += verdict.entries;
    }
    expect(entries).toBeGreaterThan(300);
  });
});
