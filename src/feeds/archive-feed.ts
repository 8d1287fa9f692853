import type { Article, PublishedCatalog, WithdrawnArticle } from '../content/index.ts';
import { archivePath, homePath, type Site } from '../site.ts';
import { type ArchiveSlot, countParts, listPart } from './archive-parts.ts';
import { createFeed, type FeedOptions, feedUrls } from './create-feed.ts';
import type { Feed, FeedHistory, Tombstone } from './feed.ts';
import { feedId } from './feed-id.ts';

/** A day: a part changes only by a correction or a withdrawal. */
const archiveMaxAge = 86_400;

/** The home feed's place in its archive: null while no part is full. */
export function homeHistory(site: Site, lang: string, slots: readonly ArchiveSlot[]): FeedHistory | null {
  const parts = countParts(slots);
  return parts === 0 ? null : historyOf(site, lang, parts + 1, parts);
}

/** All full parts of a language's archive, the oldest first. */
export function listArchiveFeeds(
  lang: string,
  published: Pick<PublishedCatalog, 'findById' | 'withdrawn'>,
  site: Site,
  options: FeedOptions,
  slots: readonly ArchiveSlot[],
): Feed[] {
  const withdrawn = new Map(published.withdrawn.map((article) => [article.id, article]));
  return Array.from({ length: countParts(slots) }, (_, index) =>
    createArchiveFeed(site, options, lang, index + 1, slots, published, withdrawn),
  ).filter((feed) => feed !== null);
}

/**
 * One part of the home feed's archive, or null where there is no full part of this number. It is the same feed (RFC
 * 5005 §4), so it has the home feed's id; it names no hub, since nobody is to subscribe to it. An entry that is
 * withdrawn is gone and has its tombstone for good; its slot stays empty.
 *
 * @param slots as `listSlots` orders them.
 * @param withdrawn by article id.
 */
export function createArchiveFeed(
  site: Site,
  options: FeedOptions,
  lang: string,
  part: number,
  slots: readonly ArchiveSlot[],
  published: Pick<PublishedCatalog, 'findById'>,
  withdrawn: ReadonlyMap<string, WithdrawnArticle>,
): Feed | null {
  const newestFirst = listPart(slots, part).toReversed();
  if (newestFirst.length === 0) return null;
  const entries: Article[] = [];
  const tombstones: Tombstone[] = [];
  for (const { id } of newestFirst) {
    const article = published.findById(id);
    const gone = withdrawn.get(id);
    if (article) entries.push(article);
    else if (gone) tombstones.push({ id, at: gone.at });
  }
  return createFeed(
    site,
    { maxAge: Math.max(archiveMaxAge, options.maxAge), hubs: [] },
    {
      id: feedId(site, lang, null),
      lang,
      name: null,
      page: homePath(site, lang),
      folder: archivePath(site, lang, part),
      history: historyOf(site, lang, part, countParts(slots)),
    },
    entries,
    tombstones,
  );
}

/** @param part the one after the last for the subscription document. */
function historyOf(site: Site, lang: string, part: number, parts: number): FeedHistory {
  const urlsOf = (number: number) => feedUrls(site, archivePath(site, lang, number));
  return {
    current: feedUrls(site, homePath(site, lang)),
    previous: part > 1 ? urlsOf(part - 1) : null,
    next: part < parts ? urlsOf(part + 1) : null,
    isArchive: part <= parts,
  };
}
