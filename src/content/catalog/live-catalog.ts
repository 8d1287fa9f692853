import { createHash } from 'node:crypto';
import type { Clock, Instant } from '../../clock.ts';
import { lazily } from '../../lazily.ts';
import type { Log } from '../../log.ts';
import type { Site } from '../../site.ts';
import type { Article, FullArticle } from '../article.ts';
import type { ArticleDesk } from '../article-desk.ts';
import { isArticleFile } from '../file-name.ts';
import type { ContentProblem } from '../problem.ts';
import { realPathInside } from '../real-path-inside.ts';
import { openArticleBodies } from './article-bodies.ts';
import { type ArticleCatalog, nextEmbargo, type PublishedCatalog, publishedCatalog } from './article-catalog.ts';
import { openArticleLedger } from './article-ledger.ts';
import type { ArticleRecord, ArticleStore } from './article-store.ts';
import { withChanges } from './content-changes.ts';
import { type ContentFolder, listContentFiles, type Paths } from './content-files.ts';
import { identifyLoaded } from './identify-loaded.ts';
import { listLeftAddresses } from './left-addresses.ts';
import { loadArticles } from './load-articles.ts';
import { countRemovals, createRemovalGuard } from './mass-removal.ts';
import { createMint } from './mint-id.ts';
import { nextRecords } from './next-records.ts';
import { readSmallChange } from './small-change.ts';
import { type CatalogChange, watchContent } from './watch-content.ts';

export interface LiveCatalogOptions {
  readonly contentDir: string;
  readonly site: Site;
  readonly store: ArticleStore;
  /** The same for all that share the store: new ids follow from it where the site has no authority. */
  readonly idSecret: Uint8Array;
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
  /** Come back before the ledger has what was seen: `saved` sees to that. Default: afterwards. */
  readonly saveLater?: boolean;
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
   *
   * @param render Who renders the texts that aren't kept yet; default: the desk.
   */
  withBodies(articles: readonly Article[], render?: ArticleDesk['render']): Promise<(FullArticle | null)[]>;
  /** Reads what changed. Calls wait for one another. */
  refresh(options?: RefreshOptions): Promise<CatalogChange>;
  /**
   * Saves what was left for later, and resolves when the ledger has all that was seen. Nothing may be served before: its
   * ids might be minted anew.
   */
  saved(): Promise<void>;
  /** Refreshes when files change, and says so; also when an embargo ends. */
  watch(onChange: (change: CatalogChange) => Promise<void> | void): { close(): Promise<void> };
  /** Absolute path of a published article's file beside it, or null. */
  attachmentPath(lang: string, slug: string, name: string): string | null;
  close(): Promise<void>;
}

/** Goes into every record: a new one has every article read and rendered anew. */
const rendererVersion = 5;
/** Texts with something wrong that are looked at again when files beside them change. */
const maxFaultyAnew = 500;

/** While one of these is so, what a file comes to depends on others: one may be waiting for its id or its address. */
const concernsOthers: ReadonlySet<string> = new Set(['mass-removal', 'duplicate-id', 'duplicate-slug']);

export async function openLiveCatalog(options: LiveCatalogOptions): Promise<LiveCatalog> {
  const { contentDir, site, store, idSecret, desk, clock, log } = options;
  const renderKey = createHash('sha256')
    .update(JSON.stringify([rendererVersion, site]))
    .digest('hex')
    .slice(0, 32);
  const mint = createMint(site, idSecret);
  const ledger = await openArticleLedger(store);
  const { records } = ledger;
  const guard = createRemovalGuard(ledger.articles(), clock.now());
  const bodies = await openArticleBodies({ desk, store, renderKey, clock, findRecord: (id) => records.get(id) });
  /** What the last refresh found. */
  let found: readonly ContentProblem[] = [];
  /** The folder as the last refresh saw it. */
  let seen: ContentFolder | null = null;
  let memo: { readonly published: PublishedCatalog; readonly until: Instant | null } | null = null;
  let last: Promise<unknown> = Promise.resolve();
  let saving: Promise<void> = Promise.resolve();
  let savesLater = false;
  const watchers = new Set<{ close(): Promise<void> }>();

  function catalog(): ArticleCatalog {
    const ofBodies = bodies
      .listFaulty()
      .flatMap((id) => (records.get(id)?.goneAt === null ? bodies.problemsOf(id) : []));
    return { articles: ledger.articles(), problems: [...found, ...ofBodies] };
  }

  function published(): PublishedCatalog {
    const now = clock.now();
    if (memo !== null && now >= memo.published.at && (memo.until === null || now < memo.until)) return memo.published;
    ledger.seePublished(now);
    const seenNow = { articles: ledger.articles(), problems: [] };
    memo = { published: publishedCatalog(seenNow, site.languages, now), until: nextEmbargo(seenNow, now) };
    return memo.published;
  }

  async function look(changed: ReadonlySet<string> | null): Promise<ContentFolder> {
    const partly = changed && seen ? withChanges(contentDir, seen, changed) : null;
    // Where no article is known each is read, and looked at then.
    return partly ?? listContentFiles(contentDir, (path) => records.size > 0 || !isArticleFile(path));
  }

  /** A text whose links or pictures led nowhere may be right since another file changed, or came out. */
  async function renderFaultyAnew(next: Map<string, ArticleRecord>): Promise<void> {
    const faulty = bodies
      .listFaulty()
      .flatMap((id) => next.get(id) ?? [])
      .slice(0, maxFaultyAnew);
    for (const record of await bodies.renderAnew(faulty)) next.set(record.article.id, record);
  }

  /** A text that links to an article which has another address now, or none, is rendered anew. */
  async function renderLinkingAnew(
    before: Iterable<ArticleRecord>,
    after: ReadonlyMap<string, ArticleRecord>,
    now: Instant,
  ): Promise<ArticleRecord[]> {
    const left = listLeftAddresses(before, after, now);
    if (left.size === 0) return [];
    // What changed itself is rendered anew in any case.
    const linking = (await bodies.findLinking(left)).flatMap((id) => {
      const record = records.get(id);
      return record && (after.get(id) ?? record) === record && record.goneAt === null ? record : [];
    });
    return bodies.renderAnew(linking);
  }

  /** What a few saved files changed, where nothing else can be concerned; false where more has to be looked at. */
  async function takeSmallChange(changed: ReadonlySet<string>, folder: ContentFolder): Promise<boolean> {
    if (bodies.listFaulty().some((id) => records.get(id)?.goneAt === null)) return false;
    if (found.some(({ code }) => concernsOthers.has(code))) return false;
    const next = withChanges(contentDir, folder, changed);
    const mayBeNew = !found.some(({ blocking }) => blocking);
    const now = clock.now();
    const small = await readSmallChange(changed, { mint, desk, records, mayBeNew, renderKey, now });
    if (next === null || small === null) return false;
    const files = new Set(small.records.map(({ path }) => `content/${path}`));
    const byId = new Map(small.records.map((record) => [record.article.id, record]));
    const before = [...byId.keys()].flatMap((id) => records.get(id) ?? []);
    const linking = await renderLinkingAnew(before, byId, now);
    for (const record of [...small.records, ...linking]) ledger.keep(record);
    seen = next;
    found = [...found.filter(({ file }) => !files.has(file)), ...small.problems];
    return true;
  }

  /** Why what comes next is taken for an accident; null where another process has let go meanwhile what is gone. */
  async function findAccident(next: ReadonlyMap<string, ArticleRecord>, now: Instant): Promise<ContentProblem | null> {
    let removals = countRemovals(records.values(), next, now);
    if (guard.findAccident(removals, now) !== null) {
      await ledger.learnRemovals(next);
      removals = countRemovals(records.values(), next, now);
    }
    const accident = guard.findAccident(removals, now);
    if (accident === null) guard.note(removals, now);
    return accident;
  }

  function saved(): Promise<void> {
    if (savesLater) {
      savesLater = false;
      saving = ledger.save();
      saving.catch(() => undefined); // thrown where it is waited for
    }
    return saving;
  }

  async function adopt(saveLater: boolean): Promise<CatalogChange> {
    // The view stays the same object where nothing is another.
    if (ledger.hasChanged()) {
      ledger.listAnew();
      memo = null;
    }
    published();
    savesLater = true;
    if (!saveLater) await saved();
    return { refused: false };
  }

  function refuse(): CatalogChange {
    ledger.listAnew();
    memo = null;
    return { refused: true };
  }

  async function refreshNow(refreshOptions: RefreshOptions): Promise<CatalogChange> {
    const { acceptRemovals = false, changed = null, saveLater = false, onProgress } = refreshOptions;
    await saved().catch(() => undefined); // whoever waited for it was told; what it couldn't save is saved now
    if (changed && seen && (await takeSmallChange(changed, seen))) return adopt(saveLater);

    const folder = await look(changed);
    const isFaultless = (id: string): boolean => bodies.problemsOf(id).length === 0;
    const read = await loadArticles({ folder, records: records.values(), renderKey, desk, isFaultless, onProgress });
    const now = clock.now();
    const paths = lazily(() => new Set(folder.articles.map(({ path }) => path)));
    const present: Paths = { has: (path) => paths().has(path) };
    const { ids, problems: doubts } = identifyLoaded(read.read, read.known, records, present, mint);
    const problems = [...read.problems, ...doubts];
    const next = nextRecords({ ...read, records, ids, present, problems, renderKey, now });
    await renderFaultyAnew(next);
    seen = { ...folder, articles: read.files };

    if (acceptRemovals) guard.forget();
    const accident = acceptRemovals ? null : await findAccident(next, now);
    found = accident ? [...problems, accident] : problems;
    if (accident) return refuse();
    for (const record of await renderLinkingAnew(records.values(), next, now)) next.set(record.article.id, record);
    ledger.replace(next, now);
    return adopt(saveLater);
  }

  function refresh(refreshOptions: RefreshOptions = {}): Promise<CatalogChange> {
    const run = last.then(() => refreshNow(refreshOptions));
    last = run.catch(() => undefined); // its own caller is told
    return run;
  }

  return {
    catalog,
    published,
    withBodies: (some, render) => bodies.full(some, render),
    refresh,
    saved,
    watch(onChange) {
      const watcher = watchContent(
        {
          contentDir,
          clock,
          log,
          catalog,
          published,
          save: () => ledger.save(),
          refresh: (changed) => refresh({ changed, saveLater: true }),
        },
        onChange,
      );
      watchers.add(watcher);
      return watcher;
    },
    attachmentPath(lang, slug, name) {
      const article = published().findBySlug(lang, slug);
      const attachment = article?.attachments.find((candidate) => candidate.name === name);
      // Looked at once more: the file may have become a link since it was listed.
      return attachment ? realPathInside(contentDir, attachment.path) : null;
    },
    async close() {
      await Promise.all([...watchers].map((watcher) => watcher.close()));
      await last;
      await saving.catch(() => undefined);
      await ledger.save();
    },
  };
}
