import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Clock, plusMs, systemClock } from '../../../src/clock.ts';
import { type WatchParts, watchContent } from '../../../src/content/catalog/watch-content.ts';
import {
  type ArticleStore,
  type LiveCatalog,
  openLiveCatalog,
  type PublishedCatalog,
} from '../../../src/content/index.ts';
import { silentLog } from '../../../src/log.ts';
import { createArticleStore, openDatabase } from '../../../src/storage/index.ts';
import { inlineDesk } from '../../support/article-desk.ts';
import { idSecret } from '../../support/content-room.ts';
import { catalogOf, siteOf } from '../../support/feed-fixtures.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Watched {
  readonly contentDir: string;
  readonly catalog: LiveCatalog;
  readonly store: ArticleStore;
  /** Times that the listener was called. */
  readonly calls: () => number;
  titles(): string[];
}

/** @param meanwhile What somebody does after the folder was read and before it is watched. */
async function watched(
  files: Record<string, string>,
  clock: Clock = systemClock,
  meanwhile: (contentDir: string) => Promise<void> = async () => undefined,
): Promise<Watched> {
  const { path: dir } = await temporaryFolder();
  const contentDir = join(dir, 'content');
  await mkdir(contentDir);
  for (const [name, text] of Object.entries(files)) await writeFile(join(contentDir, name), text);
  const database = await openDatabase(join(dir, 'silkpost.db'));
  const store = createArticleStore(database);
  const site = siteOf({ languages: ['en', 'fa'] });
  const catalog = await openLiveCatalog({
    contentDir,
    site,
    store,
    idSecret,
    desk: inlineDesk(site, contentDir),
    clock,
    log: silentLog,
  });
  onTestFinished(async () => {
    await catalog.close();
    await database.destroy();
  });
  await catalog.refresh();
  await meanwhile(contentDir);
  let calls = 0;
  catalog.watch(() => {
    calls += 1;
  });
  return {
    contentDir,
    catalog,
    store,
    calls: () => calls,
    titles: () => catalog.published().articles.map(({ title }) => title),
  };
}

function article(title: string, date = '2020-01-01'): string {
  return `---\ntitle: ${title}\nsummary: A summary.\ndate: ${date}\n---\nThe text.\n`;
}

/** Writes until the watcher, which takes a moment to begin, has seen it. */
async function saved(path: string, text: string, seen: () => void): Promise<void> {
  await vi.waitFor(
    async () => {
      await writeFile(path, text);
      await vi.waitFor(seen, { timeout: 900, interval: 20 });
    },
    { timeout: 10_000, interval: 20 },
  );
}

describe('watch', () => {
  it('shows a saved file, one that an editor renames over it, and a deleted one, within a second each', async () => {
    const { contentDir, titles } = await watched({ 'one.md': article('First') });
    const file = join(contentDir, 'one.md');
    await saved(file, article('Second'), () => expect(titles()).toEqual(['Second']));
    await writeFile(join(contentDir, '.one.md.swp'), article('Third'));
    await rename(join(contentDir, '.one.md.swp'), file);
    await vi.waitFor(() => expect(titles()).toEqual(['Third']), { timeout: 1000, interval: 20 });
    await rm(file);
    await vi.waitFor(() => expect(titles()).toEqual([]), { timeout: 1000, interval: 20 });
  });

  it('keeps the last good version of a file that is half written, and takes the whole afterwards', async () => {
    const { contentDir, titles, catalog } = await watched({ 'one.md': article('Whole') });
    const file = join(contentDir, 'one.md');
    await saved(file, '---\ntitle: Ha', () => expect(catalog.catalog().problems).toHaveLength(1));
    expect(titles()).toEqual(['Whole']);
    await writeFile(file, article('Whole again'));
    await vi.waitFor(() => expect(titles()).toEqual(['Whole again']), { timeout: 1000, interval: 20 });
    expect(catalog.catalog().problems).toEqual([]);
  });

  it('tells of an embargo’s end although somebody looked at the catalog first, and saves when it was', async () => {
    const end = plusMs(systemClock.now(), 700);
    const { catalog, store, calls, titles } = await watched({ 'one.md': article('Embargoed', end) });
    expect(titles()).toEqual([]);
    await vi.waitFor(() => expect(titles()).toEqual(['Embargoed']), { timeout: 5000, interval: 1 });
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(0), { timeout: 5000, interval: 20 });
    const [record] = await store.listRecords();
    expect(record?.article.publishedAt).toBe(catalog.published().articles[0]?.publishedAt);
    expect(record?.article.publishedAt ?? '').toMatch(/^20/);
  });

  it('links an article where others name it as soon as its embargo has ended', async () => {
    const end = plusMs(systemClock.now(), 700);
    const one = article('One').replace('The text.', 'Soon: [more](two.md).');
    const { catalog, calls } = await watched({ 'one.md': one, 'two.md': article('Two', end) });
    const textOfOne = async (): Promise<string | undefined> => {
      const published = catalog.published().articles.filter(({ slug }) => slug === 'one');
      return (await catalog.withBodies(published))[0]?.html;
    };
    expect(await textOfOne()).toContain('<p>Soon: more.</p>');
    expect(catalog.catalog().problems).toMatchObject([
      { file: 'content/one.md', code: 'link-to-unpublished', line: 6 },
    ]);
    const before = catalog.published().findBySlug('en', 'one')?.contentHash;
    await vi.waitFor(async () => expect(await textOfOne()).toContain('/articles/two">more</a>'), {
      timeout: 5000,
      interval: 20,
    });
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(0), { timeout: 5000, interval: 20 });
    expect(catalog.published().findBySlug('en', 'one')?.contentHash).not.toBe(before);
    expect(catalog.catalog().problems).toEqual([]);
  });

  it('is silent once it is closed', async () => {
    const { contentDir, catalog, calls } = await watched({ 'one.md': article('One') });
    const other = catalog.watch(() => undefined);
    await other.close();
    await catalog.close();
    await writeFile(join(contentDir, 'two.md'), article('Two'));
    await catalog.refresh();
    expect(calls()).toBe(0);
  });

  it('takes up what was saved after the folder was read and before it was watched, without another event', async () => {
    const { calls, titles } = await watched({ 'one.md': article('First') }, systemClock, (contentDir) =>
      writeFile(join(contentDir, 'one.md'), article('Saved meanwhile')),
    );
    await vi.waitFor(() => expect(titles()).toEqual(['Saved meanwhile']), { timeout: 5000, interval: 20 });
    await vi.waitFor(() => expect(calls()).toBe(1), { timeout: 5000, interval: 20 });
  });

  it('keeps the view, by which it knows that there is nothing to tell, where nothing changed', async () => {
    const { catalog } = await watched({ 'one.md': article('One') });
    const before = catalog.published();
    await catalog.refresh();
    expect(catalog.published()).toBe(before);
  });
});

interface Stub {
  readonly dir: string;
  /** What each refresh was asked to read: file names, or null for all. */
  readonly asked: (readonly string[] | null)[];
  close(): Promise<void>;
}

/** Watches a folder with parts that read nothing: another view is published whenever files are named. */
async function watchStub(parts: Partial<WatchParts>, onChange: () => void): Promise<Stub> {
  const { path: dir } = await temporaryFolder();
  const asked: (readonly string[] | null)[] = [];
  let published: PublishedCatalog = catalogOf([]);
  const watcher = watchContent(
    {
      contentDir: dir,
      clock: systemClock,
      log: silentLog,
      catalog: () => ({ articles: [], problems: [] }),
      published: () => published,
      save: async () => undefined,
      ...parts,
      async refresh(changed) {
        asked.push(changed && [...changed].toSorted());
        if (changed && changed.size > 0) published = catalogOf([]);
        return (await parts.refresh?.(changed)) ?? { refused: false };
      },
    },
    onChange,
  );
  onTestFinished(() => watcher.close());
  // The folder is watched once it is looked at as a whole.
  await vi.waitFor(() => expect(asked).toEqual([null]), { timeout: 5000, interval: 20 });
  return { dir, asked, close: () => watcher.close() };
}

describe('watchContent', () => {
  it('tells nothing where nothing changed before the folder was watched', async () => {
    let calls = 0;
    const { asked, close } = await watchStub({}, () => {
      calls += 1;
    });
    await close();
    expect([asked, calls]).toEqual([[null], 0]);
  });

  it('tells a listener again that failed, without another event', async () => {
    let calls = 0;
    const { dir, asked } = await watchStub({}, () => {
      calls += 1;
      if (calls === 1) throw new Error('The disk is full.');
    });
    await writeFile(join(dir, 'one.md'), 'One.');
    await vi.waitFor(() => expect(calls).toBe(2), { timeout: 10_000, interval: 20 });
    // The file isn’t read a second time.
    expect(asked.at(-1)).toEqual([]);
  });

  it('forgets no changed file when they can’t be read once', async () => {
    let failures = 0;
    let calls = 0;
    const refresh: WatchParts['refresh'] = async (changed) => {
      if (changed !== null && failures === 0) {
        failures += 1;
        throw new Error('The database is locked.');
      }
      return { refused: false };
    };
    const { dir, asked } = await watchStub({ refresh }, () => {
      calls += 1;
    });
    for (const name of ['one.md', 'two.md']) await writeFile(join(dir, name), 'A text.');
    await vi.waitFor(() => expect(calls).toBeGreaterThan(0), { timeout: 10_000, interval: 20 });
    expect(failures).toBe(1);
    expect(asked.at(-1)).toEqual(expect.arrayContaining([...(asked[1] ?? [])]));
    expect(new Set(asked.slice(2).flatMap((names) => names ?? []))).toEqual(new Set(['one.md', 'two.md']));
  });

  it('looks at the folder again after a refusal, for another process may accept it', async () => {
    const told: boolean[] = [];
    let refusals = 0;
    const refresh: WatchParts['refresh'] = async () => {
      refusals += 1;
      return { refused: refusals <= 2 };
    };
    const { asked } = await watchStub({ refresh, refusedMs: 20 }, () => told.push(true));
    await vi.waitFor(() => expect(asked).toEqual([null, null, null]), { timeout: 5000, interval: 20 });
    expect(told).toEqual([true, true]);
  });
});
