import { createHash, randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { Clock, Instant } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import { type Article, articleStateAt, type FullArticle } from './article.ts';
import { openArticleBodies } from './article-bodies.ts';
import { type ArticleCatalog, nextEmbargo, type PublishedCatalog, publishedCatalog } from './article-catalog.ts';
import { yearIn } from './article-date.ts';
import type { ArticleDesk } from './article-desk.ts';
import { type FileIdentity, identifyArticles } from './article-ids.ts';
import type { ArticleRecord, ArticleStore } from './article-store.ts';
import { createCompactRecord } from './compact-record.ts';
import { withChanges } from './content-changes.ts';
import { type ContentFile, type ContentFolder, listContentFiles } from './content-files.ts';
import { findMassRemoval } from './mass-removal.ts';
import { type LoadedFile, nextRecords } from './next-records.ts';
import type { ContentProblem } from './problem.ts';
import { readSmallChange } from './small-change.ts';
import { type CatalogChange, watchContent } from './watch-content.ts';

export interface LiveCatalogOptions {
  readonly contentDir: string;
  readonly site: Site;
  readonly store: ArticleStore;
  /** Who reads and renders. */
  readonly desk: ArticleDesk;
  readonly clock: Clock;
  readonly log: Log;
}

export interface RefreshOptions {
  /** Go on although many published articles are gone. */
  readonly acceptRemovals?: boolean;
  /** Paths relative to `content/` of the files that may have changed; default: all. */
  readonly changed?: ReadonlySet<string> | null;
  /** Come back before the ledger has what was seen; `saved` tells when it has. Default: afterwards. */
  readonly saveInBackground?: boolean;
  readonly onProgress?: (done: number, all: number) => void;
}

/** The catalog of a folder that people work in. */
export interface LiveCatalog {
  catalog(): ArticleCatalog;
  /** What may be seen now; the same object until something changes or an embargo ends. */
  published(): PublishedCatalog;
  /**
   * Articles with their texts, in their order: the last good version of each. Null where the file was changed since it
   * was read and no text was kept; the next refresh reads it.
   */
  withBodies(articles: readonly Article[]): Promise<(FullArticle | null)[]>;
  /** Reads what changed. Calls wait for one another. */
  refresh(options?: RefreshOptions): Promise<CatalogChange>;
  /** Resolves when the ledger has all that was seen. Nothing may be served before: its ids might be minted anew. */
  saved(): Promise<void>;
  /** Refreshes when files change, and says so; also when an embargo ends. */
  watch(onChange: (change: CatalogChange) => Promise<void> | void): { close(): Promise<void> };
  /** Absolute path of a published article's file beside it, or null. */
  attachmentPath(lang: string, slug: string, name: string): string | null;
  close(): Promise<void>;
}

/** Goes into every record: a new one has every article read and rendered anew. */
const rendererVersion = 3;
/** Texts with something wrong that are looked at again when files beside them change. */
const maxFaultyAnew = 500;

export async function openLiveCatalog(options: LiveCatalogOptions): Promise<LiveCatalog> {
  const { contentDir, site, store, desk, clock, log } = options;
  const renderKey = createHash('sha256')
    .update(JSON.stringify([rendererVersion, site]))
    .digest('hex')
    .slice(0, 32);
  const compact = createCompactRecord();
  const records = new Map<string, ArticleRecord>();
  for (const record of await store.listRecords()) records.set(record.article.id, compact(record));
  const bodies = await openArticleBodies({ desk, store, renderKey, clock, findRecord: (id) => records.get(id) });
  let articles: readonly Article[] = lastGood();
  /** What the last refresh found. */
  let found: readonly ContentProblem[] = [];
  /** The folder as the last refresh saw it. */
  let seen: ContentFolder | null = null;
  let memo: { readonly published: PublishedCatalog; readonly until: Instant | null } | null = null;
  /** By id. */
  let unsaved = new Map<string, ArticleRecord>();
  let last: Promise<unknown> = Promise.resolve();
  let saving: Promise<void> = Promise.resolve();
  const watchers = new Set<{ close(): Promise<void> }>();

  /** What the ledger knows without looking at any file. */
  function lastGood(): Article[] {
    return [...records.values()].flatMap((record) => articleOfRecord(record));
  }

  function catalog(): ArticleCatalog {
    const ofBodies = bodies
      .listFaulty()
      .flatMap((id) => (records.get(id)?.goneAt === null ? bodies.problemsOf(id) : []));
    return { articles, problems: [...found, ...ofBodies] };
  }

  function keep(kept: ArticleRecord): ArticleRecord {
    const record = compact(kept);
    records.set(record.article.id, record);
    unsaved.set(record.article.id, record);
    return record;
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
    memo = {
      published: publishedCatalog({ articles, problems: [] }, site.languages, now),
      until: nextEmbargo({ articles, problems: [] }, now),
    };
    return memo.published;
  }

  /** Notes when each article was first seen published. */
  function seePublished(now: Instant): void {
    const isNew = (article: Article): boolean =>
      article.publishedAt === null && articleStateAt(article, now) === 'published';
    if (!articles.some(isNew)) return;
    articles = articles.map((article) => {
      const record = records.get(article.id);
      if (!isNew(article) || !record) return article;
      return keep({ ...record, article: { ...article, publishedAt: now } }).article;
    });
  }

  async function loadAll(folder: ContentFolder, onProgress: RefreshOptions['onProgress']) {
    const byPath = new Map(
      [...records.values()].filter(({ goneAt }) => goneAt === null).map((record) => [record.path, record]),
    );
    const cached = (file: ContentFile): ArticleRecord | null => {
      const record = byPath.get(file.path);
      return record && isUnchanged(record, file, folder) && isFaultless(record) ? record : null;
    };
    const unread = folder.articles.filter((file) => cached(file) === null);
    const all = unread.length;
    const results = await desk.read(
      unread.map(({ path }) => path),
      (done) => onProgress?.(done, all),
    );
    const byFile = new Map(unread.map((file, index) => [file, results[index]]));
    const problems: ContentProblem[] = [...folder.problems];
    const loaded: LoadedFile[] = [];
    for (const file of folder.articles) {
      const result = byFile.get(file);
      if (result === undefined) {
        const record = byPath.get(file.path);
        if (record) loaded.push({ file, read: { ...record, explicitId: null }, cached: record });
        continue;
      }
      problems.push(...result.problems);
      if (result.read) loaded.push({ file, read: result.read, cached: null });
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

  /** Of what is read each time, so that it is said each time. */
  function isFaultless({ article }: ArticleRecord): boolean {
    return bodies.problemsOf(article.id).length === 0;
  }

  /** A text whose links or pictures led nowhere may be right since another file changed, or came out. */
  async function renderFaultyAnew(next: Map<string, ArticleRecord>): Promise<void> {
    const faulty = bodies
      .listFaulty()
      .flatMap((id) => next.get(id) ?? [])
      .slice(0, maxFaultyAnew);
    for (const record of await bodies.renderAnew(faulty)) next.set(record.article.id, record);
  }

  async function look(changed: ReadonlySet<string> | null): Promise<ContentFolder> {
    const partly = changed && seen ? withChanges(contentDir, seen, changed) : null;
    return partly ?? listContentFiles(contentDir);
  }

  /** What a few saved files changed, where nothing else can be concerned; false where more has to be looked at. */
  async function takeSmallChange(changed: ReadonlySet<string>, folder: ContentFolder): Promise<boolean> {
    if (bodies.listFaulty().length > 0 || found.some(({ code }) => code === 'mass-removal')) return false;
    const next = withChanges(contentDir, folder, changed);
    const living = new Map<string, ArticleRecord>();
    for (const record of records.values()) {
      if (record.goneAt === null && changed.has(record.path)) living.set(record.path, record);
    }
    const small = await readSmallChange(changed, contentDir, desk, (path) => living.get(path), renderKey, clock.now());
    if (next === null || small === null) return false;
    const files = new Set(small.records.map(({ path }) => `content/${path}`));
    for (const record of small.records) keep(record);
    seen = next;
    found = [...found.filter(({ file }) => !files.has(file)), ...small.problems];
    return true;
  }

  async function adopt(saveInBackground: boolean): Promise<CatalogChange> {
    articles = lastGood();
    memo = null;
    published();
    saving = save();
    saving.catch(() => undefined); // thrown where it is waited for
    if (!saveInBackground) await saving;
    return { refused: false };
  }

  async function refreshNow(refreshOptions: RefreshOptions): Promise<CatalogChange> {
    const { acceptRemovals = false, changed = null, saveInBackground = false, onProgress } = refreshOptions;
    await saving.catch(() => undefined); // whoever waited for it was told; what it couldn't save is saved now
    if (changed && seen && (await takeSmallChange(changed, seen))) return adopt(saveInBackground);
    const folder = await look(changed);
    const { loaded, problems } = await loadAll(folder, onProgress);
    const now = clock.now();
    const { ids, problems: doubts } = identify(loaded, folder);
    problems.push(...doubts);
    const present = new Set(folder.articles.map(({ path }) => path));
    const next = nextRecords({ records, loaded, ids, present, problems, renderKey, now });
    await renderFaultyAnew(next);
    seen = folder;

    const findAccident = () => (acceptRemovals ? null : findMassRemoval([...records.values()], next, now));
    if (findAccident() !== null) await learnRemovals(next);
    const accident = findAccident();
    if (accident) {
      found = [...problems, accident];
      articles = lastGood();
      memo = null;
      return { refused: true };
    }

    for (const [id, record] of next) if (records.get(id) !== record) keep(record);
    for (const record of records.values()) {
      if (!next.has(record.article.id) && record.goneAt === null) keep({ ...record, goneAt: now });
    }
    found = problems;
    return adopt(saveInBackground);
  }

  /** What another process (`build --accept-removals`) has let go meanwhile. */
  async function learnRemovals(next: ReadonlyMap<string, ArticleRecord>): Promise<void> {
    for (const record of await store.listRecords()) {
      if (record.goneAt !== null && !next.has(record.article.id)) records.set(record.article.id, record);
    }
  }

  function identify(loaded: readonly LoadedFile[], folder: ContentFolder) {
    const settled = new Map<string, string>();
    const files: FileIdentity[] = [];
    for (const { file, read, cached } of loaded) {
      const { lang, slug, date } = read.article;
      // What was read before is what it was then.
      if (cached) settled.set(file.path, cached.article.id);
      else files.push({ path: file.path, explicitId: read.explicitId, lang, slug, date, bodyHash: read.bodyHash });
    }
    const present = new Set(folder.articles.map(({ path }) => path));
    const mint = ({ lang, slug, date }: FileIdentity, attempt: number): string =>
      site.authority === null
        ? `urn:uuid:${randomUUID()}`
        : `tag:${site.authority}:${lang}/${yearIn(site.timezone, date)}/${slug}${attempt === 1 ? '' : `-${attempt}`}`;
    return identifyArticles(files, [...records.values()], present, mint, settled);
  }

  function refresh(refreshOptions: RefreshOptions = {}): Promise<CatalogChange> {
    const run = last.then(() => refreshNow(refreshOptions));
    last = run.catch(() => undefined); // its own caller is told
    return run;
  }

  return {
    catalog,
    published,
    withBodies: (some) => bodies.full(some),
    refresh,
    saved: () => saving,
    watch(onChange) {
      const watcher = watchContent(
        {
          contentDir,
          clock,
          log,
          catalog,
          published,
          save,
          refresh: (changed) => refresh({ changed, saveInBackground: true }),
        },
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
      await saving.catch(() => undefined);
      await save();
    },
  };
}

/** What a record contributes to the catalog: a published article whose file is gone counts as withdrawn. */
function articleOfRecord({ article, goneAt }: ArticleRecord): Article[] {
  if (goneAt === null) return [article];
  return article.publishedAt === null ? [] : [{ ...article, status: 'withdrawn', withdrawnAt: goneAt }];
}
