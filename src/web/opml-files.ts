import { readFile } from 'node:fs/promises';
import type { App } from '../app.ts';
import { sentenceOf } from '../errors.ts';
import { OwnedFiles } from '../feeds/index.ts';
import { listOpml } from './opml.ts';
import { createView } from './view.ts';

/**
 * Lays the lists of all feeds into the public folder, each only where it isn't there as it should be. What can't be
 * written is logged.
 */
export async function writeOpmlFiles({ config, clock, catalog, sizes, publicDir, log }: App): Promise<void> {
  const { site, newsletters } = config;
  const published = catalog.published();
  const views = site.languages.map((lang) =>
    createView({
      site,
      lang,
      clock,
      published,
      sizes,
      stylePath: '',
      newsletters,
      // No list of feeds says them.
      rhythmsOf: () => [],
    }),
  );
  const files = new OwnedFiles(publicDir, '.silkpost-opml.json');
  const documents = listOpml(views);
  try {
    await files.removeAllBut(new Set(documents.keys()));
    await files.claim(documents.keys());
    for (const [path, text] of documents) {
      const bytes = Buffer.from(text);
      const there = await readFile(files.fileOf(path)).catch(() => null);
      if (!there?.equals(bytes)) await files.write(path, [bytes], clock.now(), true);
    }
  } catch (error) {
    log.warn('problem', { message: `The lists of feeds can’t be written: ${sentenceOf(error)}` });
  }
}
