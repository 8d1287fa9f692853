import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ArticleStore } from '../../src/content/index.ts';
import { createArticleStore, openDatabase } from '../../src/storage/index.ts';
import { exampleArticle, exampleRecord } from '../support/article-record.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface OpenedStore {
  readonly store: ArticleStore;
  /** The same data, opened anew. */
  reopen(): Promise<ArticleStore>;
}

const implementations: Record<string, () => Promise<OpenedStore>> = {
  async SQLite() {
    const folder = await temporaryFolder();
    const file = join(folder.path, 'silkpost.db');
    let database = await openDatabase(file);
    onTestFinished(() => database.destroy());
    return {
      store: createArticleStore(database),
      async reopen() {
        await database.destroy();
        database = await openDatabase(file);
        return createArticleStore(database);
      },
    };
  },
};

for (const [name, open] of Object.entries(implementations)) {
  describe(`ArticleStore on ${name}`, () => {
    it('is empty at first', async () => {
      const { store } = await open();
      expect(await store.listRecords()).toEqual([]);
    });

    it('gives back every value that it was given, after a restart too', async () => {
      const { store, reopen } = await open();
      const record = exampleRecord(
        exampleArticle({
          lang: 'fa',
          title: 'گفت‌وگو «در» تهران \u{1F54A} \'";--',
          place: { name: 'تهران', lat: 35.6892, lon: 51.389 },
          authors: [{ key: null, name: 'A', url: 'https://a.example/' }],
        }),
        { goneAt: '2024-01-01T00:00:00.000Z' },
      );
      await store.saveRecords([record]);
      expect(await store.listRecords()).toEqual([record]);
      expect(await (await reopen()).listRecords()).toEqual([record]);
    });

    it('replaces by id and leaves the others', async () => {
      const { store } = await open();
      const kept = exampleRecord(exampleArticle({ slug: 'kept' }));
      const before = exampleRecord(exampleArticle({ slug: 'changed' }));
      await store.saveRecords([kept, before]);
      const after = exampleRecord(
        { ...before.article, path: 'elsewhere.md', title: 'Other' },
        {
          path: 'elsewhere.md',
          size: 7,
          mtimeMs: 8.5,
          renderKey: 'new',
          bodyHash: 'd',
          goneAt: '2024-01-01T00:00:00.000Z',
        },
      );
      await store.saveRecords([after]);
      const records = await store.listRecords();
      expect(records).toHaveLength(2);
      expect(records).toEqual(expect.arrayContaining([kept, after]));
    });

    it('keeps two articles that had the same path one after the other', async () => {
      const { store } = await open();
      const gone = exampleRecord(exampleArticle({ id: 'urn:a', path: 'a.md' }), { goneAt: '2024-01-01T00:00:00.000Z' });
      const here = exampleRecord(exampleArticle({ id: 'urn:b', path: 'a.md' }));
      await store.saveRecords([gone, here]);
      expect(await store.listRecords()).toHaveLength(2);
    });

    it('takes thousands at once, more than one transaction holds, without blocking for long', async () => {
      const { store } = await open();
      const html = '<p>text</p>'.repeat(400);
      const records = Array.from({ length: 2350 }, (_, index) =>
        exampleRecord(exampleArticle({ slug: `article-${index}`, html: index === 1000 ? html.repeat(500) : html })),
      );
      await store.saveRecords(records);
      const found = await store.listRecords();
      expect(new Set(found.map((record) => record.article.id)).size).toBe(2350);
      expect(found.find((record) => record.article.slug === 'article-1000')?.article.html).toHaveLength(2_200_000);
    });

    it('does nothing for an empty list', async () => {
      const { store } = await open();
      await store.saveRecords([]);
      expect(await store.listRecords()).toEqual([]);
    });
  });
}
