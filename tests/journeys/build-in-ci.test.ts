import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { writeOpmlFiles } from '../../src/web/work.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { runSilkpost } from '../support/silkpost-process.ts';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A publication whose ids nobody can guess, with so many articles in two languages that each has an archive. */
async function largePublication(): Promise<string> {
  const dir = await smallPublication();
  const file = join(dir, 'silkpost.yaml');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/ {2}authority: .*\n/, ''));
  await writeFile(join(dir, 'content', 'map.png'), png);
  for (let index = 0; index < 120; index++) {
    const [story, lang] = [Math.floor(index / 2), index % 2 === 0 ? 'en' : 'fa'];
    const front = [
      `title: "Story ${story} in ${lang} & more"`,
      `summary: Summary ${story}.`,
      // Several on each day, so that the order hangs on more than the date.
      `date: 2026-01-${String((story % 20) + 1).padStart(2, '0')}`,
      `countries: [${story % 3 === 0 ? 'armenia' : 'georgia'}]`,
      ...(story % 10 === 0 ? ['image: { src: map.png, alt: A map }'] : []),
      ...(story % 7 === 0 ? ['updated: 2026-02-01T10:00:00Z'] : []),
    ];
    const other = `story-${(story + 1) % 60}${lang === 'en' ? '' : '.fa'}.md`;
    const text = `Text ${story}, with [another](${other}) and ![a map](map.png).`;
    const name = `story-${story}${lang === 'en' ? '' : '.fa'}.md`;
    await writeFile(join(dir, 'content', name), `---\n${front.join('\n')}\n---\n\n${text}\n`);
  }
  return dir;
}

/** SHA-256 of each file by its path, without Silkpost's own lists. */
async function filesIn(dir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /^\.silkpost-.*\.json$/.test(entry.name)) continue;
    const path = join(entry.parentPath, entry.name);
    found[relative(dir, path)] = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  }
  return found;
}

describe('silkpost build without the database', () => {
  it('writes byte for byte what a service has, once the ids are in the files', async () => {
    const dir = await largePublication();
    const app = await openApp(readConfig({ dir, environment: {} }));
    onTestFinished(() => app.close());
    await app.rebuild();
    await writeOpmlFiles(app);
    await app.finish();
    const before = await filesIn(app.publicDir);

    expect((await runSilkpost(['ids', '--write', '--dir', dir])).stderr).toContain('120 ids written');
    await app.rebuild();
    await app.finish();
    const served = await filesIn(app.publicDir);
    expect(served).toEqual(before);
    expect(Object.keys(served)).toEqual(
      expect.arrayContaining(
        ['', 'fa/'].flatMap((prefix) =>
          ['atom.xml', 'archive/1/rss.xml', 'archive/1/feed.json.br', 'countries/armenia/atom.xml.gz'].map(
            (path) => prefix + path,
          ),
        ),
      ),
    );

    const built = await runSilkpost(['build', '--dir', dir, '--data', join(dir, 'fresh'), '--out', 'elsewhere']);
    expect([built.code, built.stderr]).toEqual([0, expect.stringContaining('120 articles')]);
    expect(await filesIn(join(dir, 'elsewhere'))).toEqual(served);
  });
});
