import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { openLiveCatalog } from '../../src/content/index.ts';
import { silentLog } from '../../src/log.ts';
import { createArticleStore, openDatabase } from '../../src/storage/index.ts';
import { inlineDesk } from '../support/article-desk.ts';
import { idSecret } from '../support/content-room.ts';
import { samplePublication } from '../support/publication-folder.ts';

describe('the sample publication', () => {
  it('has no problem in any article, and the first in all seven languages', async () => {
    const dir = await samplePublication();
    const { site, paths } = readConfig({ dir, environment: {} });
    const database = await openDatabase(join(dir, 'var', 'silkpost.db'));
    onTestFinished(() => database.destroy());
    const store = createArticleStore(database);
    const catalog = await openLiveCatalog({
      contentDir: paths.content,
      site,
      store,
      idSecret,
      desk: inlineDesk(site, paths.content),
      clock: systemClock,
      log: silentLog,
    });
    await catalog.refresh();
    onTestFinished(() => catalog.close());
    const published = catalog.published();
    const articles = (await catalog.withBodies(published.articles)).filter((article) => article !== null);
    expect(articles).toHaveLength(published.articles.length);
    // Of the texts too, which are rendered when somebody wants them.
    expect(catalog.catalog().problems).toEqual([]);
    expect(published.inLanguage('en').length).toBeGreaterThanOrEqual(16);
    for (const lang of site.languages) expect(published.findBySlug(lang, 'tehran-talks')?.lang).toBe(lang);
    for (const { image, html } of articles) {
      if (image) expect(image).toMatchObject({ rasterUrl: expect.stringMatching(/\.png$/), width: expect.any(Number) });
      expect(html).not.toMatch(/(?:href|src)="(?!https?:|mailto:)/);
    }
    // A link between articles leads to one that is there.
    const pages = new Set(published.articles.map(({ url }) => url));
    const links = articles.flatMap(({ html }) => [...html.matchAll(/href="([^"#]*\/articles\/[^"#]*)"/g)]);
    expect(links.length).toBeGreaterThan(0);
    expect(links.map((match) => match[1]).filter((url) => !pages.has(url ?? ''))).toEqual([]);
  });
});
