import type { Instant } from '../clock.ts';
import type { Article, PublishedCatalog, WithdrawnArticle } from '../content/index.ts';
import { homePath, localized, type SectionKind, type Site, sectionPath } from '../site.ts';
import { homeHistory } from './archive/archive-feed.ts';
import { type ArchiveSlot, listRecent } from './archive/archive-parts.ts';
import { createFeed, type FeedOptions } from './create-feed.ts';
import type { Feed } from './feed.ts';
import { feedId } from './feed-id.ts';
import { type AlwaysShown, createRecency, type FeedWindow, listLastOut, selectEntries } from './select-entries.ts';
import { type Selection, selectionMatches } from './selection.ts';
import { listTombstones } from './withdrawn.ts';

export type { FeedOptions } from './create-feed.ts';

/** What the feeds of one language need to know of what isn't new any more. */
export interface FeedPast {
  /** All that were ever published in it, as `listSlots` orders them. */
  readonly slots: readonly ArchiveSlot[];
  /** What was withdrawn, in this and other languages. */
  readonly withdrawn: readonly WithdrawnArticle[];
  /** Whether home leads to its archive: the newest part is there, or is made in a moment. */
  readonly leadsToArchive: boolean;
}

/** A country, topic or author that has feeds of its own. */
interface FeedSection {
  readonly kind: SectionKind;
  readonly key: string;
  /** Its name in the feed's language. */
  readonly name: string;
}

const noPast: FeedPast = { slots: [], withdrawn: [], leadsToArchive: false };

/**
 * Every feed of the publication: for each language home, then each configured country, topic and author, also while
 * empty. A feed's entries are in its own language. Pure: the same arguments give equal feeds.
 */
export function listFeeds(
  published: PublishedCatalog,
  site: Site,
  options: FeedOptions,
  now: Instant,
  pastOf: (lang: string) => FeedPast = () => noPast,
): Feed[] {
  return site.languages.flatMap((lang) => listFeedsIn(lang, published, site, options, now, pastOf(lang)));
}

/** The feeds of one language. Home holds whatever is in no full part of its archive, and leads to the newest one. */
export function listFeedsIn(
  lang: string,
  published: PublishedCatalog,
  site: Site,
  options: FeedOptions,
  now: Instant,
  past: FeedPast = noPast,
): Feed[] {
  const articles = published.inLanguage(lang);
  const lastOut = listLastOut(articles, options, now);
  const unarchived = listRecent(past.slots).map(({ id }) => id);
  const home = createFeed(
    site,
    options,
    {
      id: feedId(site, lang, null),
      lang,
      name: null,
      page: homePath(site, lang),
      history: past.leadsToArchive ? homeHistory(site, lang, past.slots) : null,
    },
    selectEntries(articles, options, now, new Set([...lastOut, ...unarchived])),
    listTombstones(past.withdrawn, published, lang, now),
  );
  const bySection = selectBySection(articles, options, now, lastOut);
  const sections = listSections(site, lang).map((section) => {
    const { kind, key, name } = section;
    const selection: Selection = { countries: [], topics: [], authors: [], [kind]: [key] };
    return createFeed(
      site,
      options,
      { id: feedId(site, lang, section), lang, name, page: sectionPath(site, lang, kind, key) },
      bySection[kind].get(key) ?? [],
      listTombstones(past.withdrawn, published, lang, now, (withdrawn) => selectionMatches(withdrawn, selection)),
    );
  });
  return [home, ...sections];
}

function listSections(site: Site, lang: string): FeedSection[] {
  const titled = (kind: 'countries' | 'topics'): FeedSection[] =>
    Object.entries(site[kind]).map(([key, { title }]) => ({ kind, key, name: localized(title, lang, site) }));
  const authors = Object.entries(site.authors).map(([key, { name }]) => ({ kind: 'authors' as const, key, name }));
  return [...titled('countries'), ...titled('topics'), ...authors];
}

/** What {@link selectEntries} gives for each section, in one pass over all articles. */
function selectBySection(
  articles: readonly Article[],
  window: FeedWindow,
  now: Instant,
  always: AlwaysShown,
): Readonly<Record<SectionKind, ReadonlyMap<string, readonly Article[]>>> {
  const isRecent = createRecency(window, now);
  const chosen = {
    countries: new Map<string, Article[]>(),
    topics: new Map<string, Article[]>(),
    authors: new Map<string, Article[]>(),
  };
  for (const article of articles) {
    const limit = isRecent(article) || always.has(article.id) ? Number.POSITIVE_INFINITY : window.items;
    for (const key of article.countries) add(chosen.countries, key, article, limit);
    for (const key of article.topics) add(chosen.topics, key, article, limit);
    for (const { key } of article.authors) if (key !== null) add(chosen.authors, key, article, limit);
  }
  return chosen;
}

/** Adds the article to its section while that holds less than the limit; once, though it may name the key twice. */
function add(groups: Map<string, Article[]>, key: string, article: Article, limit: number): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, limit > 0 ? [article] : []);
  else if (group.length < limit && group.at(-1) !== article) group.push(article);
}
