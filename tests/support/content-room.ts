import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type ArticleDesk, type ArticleStore, type LiveCatalog, openLiveCatalog } from '../../src/content/index.ts';
import { silentLog } from '../../src/log.ts';
import type { Site } from '../../src/site.ts';
import { createArticleStore, openDatabase } from '../../src/storage/index.ts';
import { inlineDesk } from './article-desk.ts';
import { siteOf } from './feed-fixtures.ts';
import { type FixedClock, fixedClock } from './fixed-clock.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface ContentRoom {
  /** Absolute path of `content/`. */
  readonly dir: string;
  readonly catalog: LiveCatalog;
  readonly store: ArticleStore;
  readonly clock: FixedClock;
  /** How many texts were rendered so far. */
  rendered(): number;
  write(path: string, front: Readonly<Record<string, string>>, body?: string): Promise<void>;
  problems(): string[];
  /** The published article's text at an address, or null. */
  html(slug: string): Promise<string | null>;
  /** The published article's id at an address, or null. */
  id(slug: string, lang?: string): string | null;
}

export interface ContentRoomOptions {
  /** The publication's folder; a second room in it is a second start of the program. */
  readonly dir?: string;
  readonly site?: Partial<Site>;
  readonly now?: string;
}

/** As in one data folder, whichever room it is. */
export const idSecret = Buffer.from('the secret of thirty-two letters');

/** A catalog over a folder and a database of its own, in seven languages, until the test ends. */
export async function openContentRoom(options: ContentRoomOptions = {}): Promise<ContentRoom> {
  const dir = options.dir ?? (await temporaryFolder()).path;
  const contentDir = join(dir, 'content');
  await mkdir(contentDir, { recursive: true });
  const clock = fixedClock(options.now ?? '2026-11-24T12:00:00.000Z');
  const database = await openDatabase(join(dir, 'silkpost.db'));
  const site = siteOf({
    url: 'https://dispatch.example',
    languages: ['en', 'hy', 'az', 'ka', 'ru', 'fa', 'tr'],
    authority: 'dispatch.example,2023',
    ...options.site,
  });
  const store = createArticleStore(database);
  let rendered = 0;
  const inline = inlineDesk(site, contentDir);
  const desk: ArticleDesk = {
    read: inline.read,
    render(orders) {
      rendered += orders.length;
      return inline.render(orders);
    },
  };
  const catalog = await openLiveCatalog({ contentDir, site, store, idSecret, desk, clock, log: silentLog });
  onTestFinished(async () => {
    await catalog.close();
    await database.destroy();
  });
  return {
    dir: contentDir,
    catalog,
    store,
    clock,
    rendered: () => rendered,
    problems: () => catalog.catalog().problems.map(({ file, code }) => `${file} ${code}`),
    async html(slug) {
      const article = catalog.published().findBySlug('en', slug);
      const [full] = article ? await catalog.withBodies([article]) : [];
      return full?.html ?? null;
    },
    id: (slug, lang = 'en') => catalog.published().findBySlug(lang, slug)?.id ?? null,
    async write(path, front, body = `The text of ${path}.`) {
      const fields = { title: 'A title', summary: 'A summary.', date: '2026-11-20', ...front };
      const yaml = Object.entries(fields).map(([key, value]) => `${key}: ${value}`);
      await mkdir(dirname(join(contentDir, path)), { recursive: true });
      await writeFile(join(contentDir, path), ['---', ...yaml, '---', '', body, ''].join('\n'));
    },
  };
}
