import { appendFile, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import type { Rebuilt } from '../../src/rooms/index.ts';
import { formatOf, judgeFeed } from '../support/feed-rules.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { type Fate, hostileFiles, writeHostileFiles } from '../support/hostile-files.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.ts';

describe('a folder of hostile files', () => {
  let folder: TemporaryFolder;
  let app: App;
  let built: Rebuilt;

  beforeAll(async () => {
    folder = await createTemporaryFolder();
    const dir = await smallPublication(folder.path);
    await appendFile(join(dir, 'silkpost.yaml'), 'feeds: { items: 1000 }\n');
    await writeHostileFiles(dir);
    app = await openApp(readConfig({ dir, environment: {} }), { clock: fixedClock('2026-03-03T00:00:00Z') });
    built = await app.rebuild();
  }, 120_000);

  afterAll(async () => {
    await app.close();
    await folder.remove();
  });

  it('is repaired or left out file by file, each with a problem that names it', () => {
    const named = new Set(built.problems.map(({ file }) => file));
    const published = new Set(app.catalog.published().articles.map(({ path }) => path));
    const known = new Set(app.catalog.catalog().articles.map(({ path }) => path));
    const fates = hostileFiles.map(({ path }): string => {
      const at = `hostile/${path}`;
      const isNamed = named.has(`content/${at}`);
      let fate: Fate | 'lost' = isNamed ? 'out' : 'lost';
      if (published.has(at)) fate = isNamed ? 'mended' : 'in';
      else if (known.has(at)) fate = 'later';
      return `${path}: ${fate}`;
    });
    expect(fates).toEqual(hostileFiles.map(({ path, fate }) => `${path}: ${fate}`));
  });

  it('leads nowhere else', () => {
    for (const name of ['link-outside.md', 'link-to-folder', 'circle.md']) {
      expect(built.problems).toContainEqual(expect.objectContaining({ file: `content/hostile/${name}` }));
    }
    expect(app.catalog.catalog().articles.map(({ title }) => title)).not.toContain('From outside');
  });

  it('makes documents that satisfy an independent parser and the rules, with every article in them', async () => {
    const paths = (await readdir(app.publicDir, { recursive: true })).filter((path) => formatOf(path) !== null);
    expect(paths.length).toBeGreaterThanOrEqual(built.documents);
    const published = app.catalog.published().articles.length;
    for (const path of paths) {
      const format = formatOf(path);
      if (format === null) continue;
      const verdict = judgeFeed(format, await readFile(join(app.publicDir, path), 'utf8'));
      expect(verdict.violations, path).toEqual([]);
      if (!path.includes('/')) expect(verdict.entries, path).toBe(published);
    }
  }, 60_000);
});
