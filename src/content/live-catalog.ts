import { createHash, randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Instant } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import { type Article, articleStateAt } from './article.ts';
import { type ArticleCatalog, nextEmbargo, type PublishedCatalog, publishedCatalog } from './article-catalog.ts';
import { yearIn } from './article-date.ts';
import { type ArticleReader, type ReadArticle, readArticleFile } from './article-files.ts';
import { type FileIdentity, identifyArticles } from './article-ids.ts';
import type { ArticleRecord, ArticleStore } from './article-store.ts';
import { type ContentFile, type ContentFolder, listContentFiles } from './content-files.ts';
import { createMarkdownParser } from './markdown.ts';
import { findMassRemoval } from './mass-removal.ts';
import { createPlainText } from './plain-text.ts';
import type { ContentProblem } from './problem.ts';
import { addressOf, dropSameAddresses } from './same-addresses.ts';
import { type CatalogChange, watchContent } from './watch-content.ts';

export interface LiveCatalogOptions {
  readonly contentDir: string;
  readonly site: Site;
  readonly store: ArticleStore;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RefreshOptions {
  /** Go on although many published articles are gone. */
  readonly acceptRemovals?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
}

/** The catalog of a folder that people work in. */
export interface LiveCatalog {
  catalog(): ArticleCatalog;
  /** What may be seen now; the same object until something changes or an embargo ends. */
  published(): PublishedCatalog;
  /** Reads what changed. Calls wait for one another. */
  refresh(options?: RefreshOptions): Promise<CatalogChange>;
  /** Refreshes when files change, and says so; also when an embargo ends. */
  watch(onChange: (change: CatalogChange) => Promise<void> | void): { close(): Promise<void> };
  /** Absolute path of a published article's file beside it, or null. */
  attachmentPath(lang: string, slug: string, name: string): string | null;
  close(): Promise<void>;
}

/** Goes into every record: a new one has every article rendered anew. */
const rendererVersion = 1;
/** Files read between two looks at the rest of the world. */
const filesAtOnce = 25;

interface Loaded {
  readonly file: ContentFile;
  readonly read: ReadArticle;
  /** The record that it came from unread, or null. */
  readonly cached: ArticleRecord | null;
}

export async function openLiveCatalog(options: LiveCatalogOptions): Promise<LiveCatalog> {
  const { contentDir, site, store, clock, log } = options;
  const reader: ArticleReader = {
    site,
    contentDir,
    markdown: createMarkdownParser(),
    plainText: createPlainText(),
  };
  const renderKey = createHash('sha256')
    .update(JSON.stringify([rendererVersion, site]))
    .digest('hex')
    .slice(0, 32);
  const records = new Map((await store.listRecords()).map((record) => [record.article.id, record]));
  /** Files that have something wrong with them are read each time, so that it is said each time. */
  let catalog: ArticleCatalog = { articles: lastGood(), problems: [] };
  let memo: { readonly published: PublishedCatalog; readonly until: Instant | null } | null = null;
  /** By id. */
  let unsaved = new Map<string, ArticleRecord>();
  let last: Promise<unknown> = Promise.resolve();
  const watchers = new Set<{ close(): Promise<void> }>();

  /** What the ledger knows without looking at any file. */
  function lastGood(): Article[] {
    return [...records.values()].flatMap((record) => articleOfRecord(record));
  }

  function keep(record: ArticleRecord): void {
    records.set(record.article.id, record);
    unsaved.set(record.article.id, record);
  }

  async function save(): Promise<void> {
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
  }

  function published(): PublishedCatalog {
    const now = clock.now();
    if (memo !== null && now >= memo.published.at && (memo.until === null || now < memo.until)) return memo.published;
    seePublished(now);
    memo = { published: publishedCatalog(catalog, site.languages, now), until: nextEmbargo(catalog, now) };
    return memo.published;
  }

  /** Notes when each article was first seen published. */
  function seePublished(now: Instant): void {
    if (
      !catalog.articles.some((article) => article.publishedAt === null && articleStateAt(article, now) === 'published')
    )
      return;
    const articles = catalog.articles.map((article) => {
      const record = records.get(article.id);
      if (article.publishedAt !== null || articleStateAt(article, now) !== 'published' || !record) return article;
      const seen = { ...article, publishedAt: now };
      keep({ ...record, article: seen });
      return seen;
    });
    catalog = { ...catalog, articles };
  }

  async function loadAll(folder: ContentFolder, onProgress: RefreshOptions['onProgress']) {
    const byPath = new Map(
      [...records.values()].filter(({ goneAt }) => goneAt === null).map((record) => [record.path, record]),
    );
    const loaded: Loaded[] = [];
    const problems: ContentProblem[] = [...folder.problems];
    for (const [index, file] of folder.articles.entries()) {
      const record = byPath.get(file.path);
      if (record && isUnchanged(record, file, folder)) {
        loaded.push({ file, read: { ...record, explicitId: null }, cached: record });
        continue;
      }
      const { read, problems: found } = await readArticleFile(reader, file, folder);
      problems.push(...found);
      if (read) loaded.push({ file, read, cached: null });
      if (index % filesAtOnce === 0) {
        onProgress?.(index, folder.articles.length);
        await nextTurn();
      }
    }
    return { loaded, problems };
  }

  function isUnchanged(record: ArticleRecord, file: ContentFile, folder: ContentFolder): boolean {
    return (
      record.size === file.size &&
      record.mtimeMs === file.mtimeMs &&
      record.renderKey === renderKey &&
      record.article.attachments.every(({ path, bytes }) => folder.others.get(path)?.size === bytes)
    );
  }

  async function refreshNow({ acceptRemovals = false, onProgress }: RefreshOptions): Promise<CatalogChange> {
    const folder = await listContentFiles(contentDir);
    const { loaded, problems } = await loadAll(folder, onProgress);
    const now = clock.now();
    const { ids, problems: doubts } = identify(loaded, folder);
    problems.push(...doubts);
    const next = new Map<string, ArticleRecord>();
    for (const { file, read, cached } of loaded) {
      const id = ids.get(file.path);
      if (id === undefined) continue;
      if (cached && cached.article.id === id) {
        next.set(id, cached);
        continue;
      }
      const earlier = records.get(id);
      const { bodyHash, article } = read;
      const faulty = problems.some((problem) => problem.file === `content/${file.path}`);
      next.set(id, {
        path: file.path,
        size: file.size,
        mtimeMs: file.mtimeMs,
        renderKey: faulty ? '' : renderKey,
        bodyHash,
        article: { ...article, id, publishedAt: earlier?.article.publishedAt ?? null },
        goneAt: null,
      });
    }
    const present = new Set(folder.articles.map(({ path }) => path));
    /** Whether a file that can't be taken now was out: its last good version stays, unless the file is another's now. */
    const stays = ({ article, path, goneAt }: ArticleRecord): boolean =>
      goneAt === null &&
      article.publishedAt !== null &&
      present.has(path) &&
      (ids.get(path) ?? article.id) === article.id;
    for (const record of records.values()) {
      if (!ids.has(record.path) && stays(record)) next.set(record.article.id, next.get(record.article.id) ?? record);
    }
    problems.push(...dropSameAddresses(next));
    const addresses = new Set([...next.values()].map(addressOf));
    for (const record of records.values()) {
      if (!next.has(record.article.id) && stays(record) && !addresses.has(addressOf(record))) {
        next.set(record.article.id, record);
      }
    }

    const findAccident = () => (acceptRemovals ? null : findMassRemoval([...records.values()], next, now));
    if (findAccident() !== null) await learnRemovals(next);
    const accident = findAccident();
    if (accident) {
      problems.push(accident);
      catalog = { articles: lastGood(), problems };
      memo = null;
      return { refused: true };
    }

    for (const [id, record] of next) if (records.get(id) !== record) keep(record);
    for (const record of records.values()) {
      if (!next.has(record.article.id) && record.goneAt === null) keep({ ...record, goneAt: now });
    }
    catalog = { articles: lastGood(), problems };
    memo = null;
    published();
    await save();
    return { refused: false };
  }

  /** What another process (`build --accept-removals`) has let go meanwhile. */
  async function learnRemovals(next: ReadonlyMap<string, ArticleRecord>): Promise<void> {
    for (const record of await store.listRecords()) {
      if (record.goneAt !== null && !next.has(record.article.id)) records.set(record.article.id, record);
    }
  }

  function identify(loaded: readonly Loaded[], folder: ContentFolder) {
    const files = loaded.map(({ file, read, cached }): FileIdentity => {
      const { lang, slug, date } = read.article;
      // What was read before is what it was then.
      const explicitId = cached ? cached.article.id : read.explicitId;
      return { path: file.path, explicitId, lang, slug, date, bodyHash: read.bodyHash };
    });
    const present = new Set(folder.articles.map(({ path }) => path));
    return identifyArticles(files, [...records.values()], present, ({ lang, slug, date }, attempt) =>
      site.authority === null
        ? `urn:uuid:${randomUUID()}`
        : `tag:${site.authority}:${lang}/${yearIn(site.timezone, date)}/${slug}${attempt === 1 ? '' : `-${attempt}`}`,
    );
  }

  function refresh(refreshOptions: RefreshOptions = {}): Promise<CatalogChange> {
    const run = last.then(() => refreshNow(refreshOptions));
    last = run.catch(() => undefined); // its own caller is told
    return run;
  }

  return {
    catalog: () => catalog,
    published,
    refresh,
    watch(onChange) {
      const watcher = watchContent(
        { contentDir, clock, log, catalog: () => catalog, published, refresh, save },
        onChange,
      );
      watchers.add(watcher);
      return watcher;
    },
    attachmentPath(lang, slug, name) {
      const article = published().findBySlug(lang, slug);
      const attachment = article?.attachments.find((candidate) => candidate.name === name);
      if (!attachment) return null;
      try {
        // Looked at once more: the file may have become a link since it was listed.
        const path = realpathSync(join(contentDir, attachment.path));
        return path.startsWith(realpathSync(contentDir) + sep) ? path : null;
      } catch {
        return null; // gone meanwhile
      }
    },
    async close() {
      await Promise.all([...watchers].map((watcher) => watcher.close()));
      await last;
      await save();
    },
  };
}

/** What a record contributes to the catalog: a published article whose file is gone counts as withdrawn. */
function articleOfRecord({ article, goneAt }: ArticleRecord): Article[] {
  if (goneAt === null) return [article];
  return article.publishedAt === null ? [] : [{ ...article, status: 'withdrawn' }];
}
