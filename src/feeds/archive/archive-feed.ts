import type { Article, PublishedCatalog, WithdrawnArticle } from '../../content/index.ts';
import { archivePath, homePath, type Site } from '../../site.ts';
import { createFeed, type FeedOptions, feedUrls } from '../create-feed.ts';
import type { Feed, FeedHistory, Tombstone } from '../feed.ts';
import { feedId } from '../feed-id.ts';
import { type ArchiveSlot, countParts, listPart } from './archive-parts.ts';

/** A day: a part changes only by a correction or a withdrawal. */
const archiveMaxAge = 86_400;

/** The home feed's place in its archive: null while no part is full. */
export function homeHistory(site: Site, lang: string, slots: readonly ArchiveSlot[]): FeedHistory | null {
  const parts = countParts(slots);
  return parts === 0 ? null : historyOf(site, lang, parts + 1, parts);
}

/** What stands in one part of a language's archive, newest first. */
export interface ArchivePart {
  /** From 1, the oldest. */
  readonly number: number;
  /** How many there are. */
  readonly parts: number;
  readonly entries: readonly Article[];
  readonly tombstones: readonly Tombstone[];
}

/**
 * A full part, or null where there is none of this number. An entry that is withdrawn is gone and has its tombstone for
 * good; its slot stays empty.
 *
 * @param slots as `listSlots` orders them.
 * @param withdrawn by article id.
 */
export function listArchivePart(
  number: number,
  slots: readonly ArchiveSlot[],
  published: Pick<PublishedCatalog, 'findById'>,
  withdrawn: ReadonlyMap<string, WithdrawnArticle>,
): ArchivePart | null {
  const newestFirst = listPart(slots, number).toReversed();
  if (newestFirst.length === 0) return null;
  const entries: Article[] = [];
  const tombstones: Tombstone[] = [];
  for (const { id } of newestFirst) {
    const article = published.findById(id);
    const gone = withdrawn.get(id);
    if (article) entries.push(article);
    else if (gone) tombstones.push({ id, at: gone.at });
  }
  return { number, parts: countParts(slots), entries, tombstones };
}

/** All full parts of a language's archive, the oldest first. */
export function listArchiveParts(
  published: Pick<PublishedCatalog, 'findById' | 'withdrawn'>,
  slots: readonly ArchiveSlot[],
): ArchivePart[] {
  const withdrawn = new Map(published.withdrawn.map((article) => [article.id, article]));
  return Array.from({ length: countParts(slots) }, (_, index) =>
    listArchivePart(index + 1, slots, published, withdrawn),
  ).filter((part) => part !== null);
}

/** Whether two parts make the same feed. */
export function isSamePart(one: ArchivePart, other: ArchivePart): boolean {
  return (
    one.number === other.number &&
    one.number < one.parts === other.number < other.parts &&
    isSameList(one.entries, other.entries, (a, b) => a === b) &&
    isSameList(one.tombstones, other.tombstones, (a, b) => a.id === b.id && a.at === b.at)
  );
}

function isSameList<Item>(some: readonly Item[], others: readonly Item[], isSame: (a: Item, b: Item) => boolean) {
  return some.length === others.length && some.every((item, index) => isSame(item, others[index] ?? item));
}

/**
 * One part of the home feed's archive. It is the same feed (RFC 5005 §4), so it has the home feed's id; it names no hub,
 * since nobody is to subscribe to it.
 */
export function createArchiveFeed(site: Site, options: FeedOptions, lang: string, part: ArchivePart): Feed {
  return createFeed(
    site,
    { maxAge: Math.max(archiveMaxAge, options.maxAge), hubs: [] },
    {
      id: feedId(site, lang, null),
      lang,
      name: null,
      page: homePath(site, lang),
      folder: archivePath(site, lang, part.number),
      history: historyOf(site, lang, part.number, part.parts),
    },
    part.entries,
    part.tombstones,
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
