import { createHash, randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { watch as watchFiles } from 'chokidar';
import { type Clock, type Instant, toMs } from '../clock.ts';
import { sentenceOf } from '../errors.ts';
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
import { createPlainText } from './plain-text.ts';
import type { ContentProblem } from './problem.ts';

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

export interface CatalogChange {
  /** Whether so many published articles were gone that the last good state was kept. */
  readonly refused: boolean;
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
/** Editors write a file in several steps. */
const settleMs = 80;
/** Timers can't wait longer than 24 days; and the clock may be set. */
const longestWaitMs = 3_600_000;
/** More than this many removals at once, and more than this share of what is published, look like an accident. */
const manyRemovals = 5;
const largeShare = 0.1;

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
  let unsaved: ArticleRecord[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const watchers = new Set<{ close(): Promise<void> }>();

  /** What the ledger knows without looking at any file. */
  function lastGood(): Article[] {
    return [...records.values()].flatMap((record) => articleOfRecord(record));
  }

  function keep(record: ArticleRecord): void {
    records.set(record.article.id, record);
    unsaved.push(record);
  }

  async function save(): Promise<void> {
    const some = unsaved;
    unsaved = [];
    if (some.length > 0) await store.saveRecords(some);
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
    problems.push(...dropSameSlugs(next));
    const present = new Set(folder.articles.map(({ path }) => path));
    for (const record of records.values()) {
      if (next.has(record.article.id)) continue;
      // A file that can't be read now keeps its last good version, if that was out.
      const kept = present.has(record.path) && record.goneAt === null && record.article.publishedAt !== null;
      if (kept) next.set(record.article.id, record);
    }

    const removed = [...records.values()].filter(
      (record) => isOut(record, now) && !isOut(next.get(record.article.id), now),
    );
    const before = [...records.values()].filter((record) => isOut(record, now)).length;
    if (!acceptRemovals && removed.length > manyRemovals && removed.length > before * largeShare) {
      const message = `${removed.length} of ${before} published articles are gone. The last good state is kept; silkpost build --accept-removals lets them go.`;
      problems.push({
        file: 'content',
        line: null,
        column: null,
        field: null,
        code: 'mass-removal',
        message,
        blocking: true,
      });
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
      const watcher = watchContent(onChange);
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

  function watchContent(onChange: (change: CatalogChange) => Promise<void> | void): { close(): Promise<void> } {
    let settling: NodeJS.Timeout | undefined;
    let waking: NodeJS.Timeout | undefined;
    let work: Promise<unknown> = Promise.resolve();
    let over = false;
    const enqueue = (job: () => Promise<void>): void => {
      work = work.then(job).catch((error: unknown) => {
        log.error('problem', { message: `content/ could not be read anew: ${sentenceOf(error)}` });
      });
      work = work.then(sleepUntilEmbargo);
    };
    const sleepUntilEmbargo = (): void => {
      clearTimeout(waking);
      const next = over ? null : nextEmbargo(catalog, clock.now());
      if (next === null) return;
      const wait = Math.min(longestWaitMs, Math.max(0, toMs(next) - toMs(clock.now())) + 1);
      waking = setTimeout(() => {
        enqueue(async () => {
          const before = memo?.published;
          if (published() === before) return;
          await save();
          await onChange({ refused: false });
        });
      }, wait);
      waking.unref();
    };
    const watcher = watchFiles(contentDir, { ignoreInitial: true }).on('all', () => {
      clearTimeout(settling);
      settling = setTimeout(() => enqueue(async () => onChange(await refresh())), settleMs);
    });
    watcher.on('error', (error) => {
      log.error('problem', { message: `content/ can’t be watched: ${sentenceOf(error)}` });
    });
    sleepUntilEmbargo();
    return {
      async close() {
        over = true;
        clearTimeout(settling);
        clearTimeout(waking);
        await watcher.close();
        await work;
      },
    };
  }
}

/** What a record contributes to the catalog: a published article whose file is gone counts as withdrawn. */
function articleOfRecord({ article, goneAt }: ArticleRecord): Article[] {
  if (goneAt === null) return [article];
  return article.publishedAt === null ? [] : [{ ...article, status: 'withdrawn' }];
}

function isOut(record: ArticleRecord | undefined, now: Instant): boolean {
  return record !== undefined && record.goneAt === null && articleStateAt(record.article, now) === 'published';
}

/** Of two articles at one address the one that was there before stays. */
function dropSameSlugs(next: Map<string, ArticleRecord>): ContentProblem[] {
  const problems: ContentProblem[] = [];
  const bySlug = Map.groupBy(next.values(), ({ article }) => `${article.lang}/${article.slug}`);
  for (const same of bySlug.values()) {
    const [first, ...others] = same.toSorted((a, b) => seniority(a).localeCompare(seniority(b)));
    for (const record of others) {
      next.delete(record.article.id);
      const message = `content/${first?.path} has the address ${record.article.slug} in ${record.article.lang} already. Give this file another “slug:”.`;
      const place = { file: `content/${record.path}`, line: 1, column: 1, field: 'slug' };
      problems.push({ ...place, code: 'duplicate-slug', message, blocking: true });
    }
  }
  return problems;
}

function seniority({ article, path }: ArticleRecord): string {
  return `${article.publishedAt ?? '9'} ${path}`;
}
