import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ArticleStore, BodyRecord, ContentProblem } from '../../src/content/index.ts';
import { createArticleStore, openDatabase } from '../../src/storage/index.ts';
import { exampleArticle, exampleRecord, plainRecord } from '../support/article-record.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface OpenedStore {
  readonly store: ArticleStore;
  /** The same data, opened anew. */
  reopen(): Promise<ArticleStore>;
}

const missing: ContentProblem = {
  file: 'content/one.md',
  line: 7,
  column: 1,
  field: null,
  code: 'missing-file',
  message: 'map.png isn’t there.',
  blocking: false,
};

function bodyOf(articleId: string, over: Partial<BodyRecord> = {}): BodyRecord {
  return { articleId, version: 'v1', html: '<p>They met.</p>\n', problems: [], ...over };
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
      expect((await store.listRecords()).map(plainRecord)).toEqual([record]);
      expect((await (await reopen()).listRecords()).map(plainRecord)).toEqual([record]);
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
      const records = (await store.listRecords()).map(plainRecord);
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
      const summary = 'Some words. '.repeat(400);
      const records = Array.from({ length: 2350 }, (_, index) =>
        exampleRecord(
          exampleArticle({ slug: `article-${index}`, summary: index === 1000 ? summary.repeat(500) : summary }),
        ),
      );
      await store.saveRecords(records);
      const found = await store.listRecords();
      expect(new Set(found.map((record) => record.article.id)).size).toBe(2350);
      expect(found.find((record) => record.article.slug === 'article-1000')?.article.summary).toHaveLength(2_400_000);
    });

    it('does nothing for an empty list', async () => {
      const { store } = await open();
      await store.saveRecords([]);
      await store.saveBodies([]);
      expect(await store.listRecords()).toEqual([]);
      expect(await store.findBodies([])).toEqual([]);
      expect(await store.listBodyProblems()).toEqual(new Map());
    });

    it('gives back bodies of the ids that it was asked for, after a restart too', async () => {
      const { store, reopen } = await open();
      const one = bodyOf('urn:one', { html: '<p>گفت‌وگو \u{1F54A} \'";--</p>', problems: [missing] });
      await store.saveBodies([one, bodyOf('urn:two')]);
      expect(await store.findBodies(['urn:one', 'urn:unknown'])).toEqual([one]);
      expect(await (await reopen()).findBodies(['urn:one'])).toEqual([one]);
    });

    it('lists all bodies, thousands of them too, each once', async () => {
      const { store } = await open();
      const bodies = Array.from({ length: 2350 }, (_, index) => bodyOf(`urn:${index}`, { html: `<p>${index}</p>` }));
      await store.saveBodies(bodies);
      const listed = (await Array.fromAsync(store.listBodies())).flat();
      expect(listed).toHaveLength(bodies.length);
      expect(new Map(listed.map((body) => [body.articleId, body]))).toEqual(
        new Map(bodies.map((body) => [body.articleId, body])),
      );
    });

    it('replaces a body by id, its problems too, and leaves the others', async () => {
      const { store } = await open();
      const kept = bodyOf('urn:kept', { problems: [missing] });
      await store.saveBodies([kept, bodyOf('urn:changed', { problems: [missing] })]);
      const after = bodyOf('urn:changed', { version: 'v2', html: '<p>Other.</p>' });
      await store.saveBodies([after]);
      const found = await store.findBodies(['urn:changed', 'urn:kept']);
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining([kept, after]));
      expect(await store.listBodyProblems()).toEqual(new Map([['urn:kept', [missing]]]));
    });

    it('lists the problems of all bodies that have any, also of articles that it has no record of', async () => {
      const { store, reopen } = await open();
      const other = { ...missing, line: 9, message: 'photo.png isn’t there.' };
      await store.saveBodies([
        bodyOf('urn:one', { problems: [missing, other] }),
        bodyOf('urn:two'),
        bodyOf('urn:three', { problems: [other] }),
      ]);
      const problems = new Map([
        ['urn:one', [missing, other]],
        ['urn:three', [other]],
      ]);
      expect(await store.listBodyProblems()).toEqual(problems);
      expect(await (await reopen()).listBodyProblems()).toEqual(problems);
    });

    it('takes thousands of bodies, and one larger than a transaction should hold', async () => {
      const { store } = await open();
      const html = '<p>text</p>'.repeat(100);
      const bodies = Array.from({ length: 2350 }, (_, index) =>
        bodyOf(`urn:${index}`, { html: index === 1000 ? html.repeat(2000) : html }),
      );
      await store.saveBodies(bodies);
      const found = await store.findBodies(bodies.map(({ articleId }) => articleId));
      expect(new Set(found.map(({ articleId }) => articleId)).size).toBe(2350);
      expect(found.find(({ articleId }) => articleId === 'urn:1000')?.html).toHaveLength(2_200_000);
    });
  });
}
