import type { Instant } from '../../clock.ts';
import { type Article, articleStateAt } from '../article.ts';
import { newestFirst } from './article-catalog.ts';
import type { ArticleRecord, ArticleStore } from './article-store.ts';
import { changedArticle } from './packed-article.ts';
import { createRecordPacker } from './record-packer.ts';

/** The store's records in memory, with what it hasn't got yet. */
export interface ArticleLedger {
  /** By id. */
  readonly records: ReadonlyMap<string, ArticleRecord>;
  /** What the records contribute to the catalog, as it was listed last, the newest first. */
  articles(): readonly Article[];
  /** Lists them anew: what the ledger knows without looking at any file. */
  listAnew(): void;
  /** Takes a record in; it is saved with the next `save`. */
  keep(record: ArticleRecord): void;
  /** Takes in what is there after a refresh, by id; of every other article the file is gone. */
  replace(next: ReadonlyMap<string, ArticleRecord>, now: Instant): void;
  /** Notes when each article was first seen published. */
  seePublished(now: Instant): void;
  /** What another process (`build --accept-removals`) has let go meanwhile of what isn't in `next`. */
  learnRemovals(next: ReadonlyMap<string, ArticleRecord>): Promise<void>;
  /** Whether any record is another than when they were listed last. */
  hasChanged(): boolean;
  /** Saves what was kept since the last time. Rejects with what the store rejects with; the next one tries again. */
  save(): Promise<void>;
}

/** More changes than this are listed together with all else. */
const fewChanges = 1000;

export async function openArticleLedger(store: ArticleStore): Promise<ArticleLedger> {
  const packer = createRecordPacker();
  const records = new Map<string, ArticleRecord>();
  for (const record of await store.listRecords()) records.set(record.article.id, record);
  /** By id. */
  let unsaved = new Map<string, ArticleRecord>();
  /** Ids of records that are others than when they were listed. */
  let changed = new Set<string>();
  let articles = listAll();

  function listAll(): readonly Article[] {
    return [...records.values()].flatMap(articleOfRecord).sort(newestFirst);
  }

  /** What stays is in its order, so that sorting takes one look at each. */
  function listWithChanges(ids: ReadonlySet<string>): readonly Article[] {
    const others = articles.filter(({ id }) => !ids.has(id));
    const anew = [...ids].flatMap((id) => records.get(id) ?? []).flatMap(articleOfRecord);
    return [...others, ...anew.sort(newestFirst)].sort(newestFirst);
  }

  function take(taken: ArticleRecord): ArticleRecord {
    const record = packer.pack(taken);
    records.set(record.article.id, record);
    unsaved.set(record.article.id, record);
    return record;
  }

  function keep(record: ArticleRecord): void {
    changed.add(take(record).article.id);
  }

  return {
    records,
    articles: () => articles,
    listAnew() {
      const ids = changed;
      changed = new Set();
      articles = ids.size > fewChanges ? listAll() : listWithChanges(ids);
    },
    keep,
    replace(next, now) {
      for (const [id, record] of next) if (records.get(id) !== record) keep(record);
      for (const record of records.values()) {
        if (!next.has(record.article.id) && record.goneAt === null) keep({ ...record, goneAt: now });
      }
    },
    seePublished(now) {
      const isNew = (article: Article): boolean =>
        article.publishedAt === null && articleStateAt(article, now) === 'published';
      if (!articles.some(isNew)) return;
      // The list has them at once: they aren't changes to it.
      articles = articles.map((article) => {
        const record = records.get(article.id);
        if (!isNew(article) || !record) return article;
        return take({ ...record, article: changedArticle(article, { publishedAt: now }) }).article;
      });
    },
    async learnRemovals(next) {
      for (const record of await store.listRecords()) {
        if (record.goneAt === null || next.has(record.article.id)) continue;
        records.set(record.article.id, record);
        changed.add(record.article.id);
      }
    },
    hasChanged: () => changed.size > 0,
    async save() {
      const some = unsaved;
      if (some.size === 0) return;
      unsaved = new Map();
      try {
        await store.saveRecords([...some.values()]);
      } catch (error) {
        // The next save tries again, with what is newer winning.
        unsaved = new Map([...some, ...unsaved]);
        throw error;
      }
    },
  };
}

/** What a record contributes to the catalog: a published article whose file is gone counts as withdrawn. */
function articleOfRecord({ article, goneAt }: ArticleRecord): Article[] {
  if (goneAt === null) return [article];
  if (article.publishedAt === null) return [];
  // One that waited for a new date was out again when it came.
  const before = articleStateAt(article, goneAt) === 'withdrawn' ? article.withdrawnAt : null;
  return [changedArticle(article, { status: 'withdrawn', withdrawnAt: before ?? goneAt })];
}
