import { type Instant, plusMs } from '../clock.ts';
import type { Article, PublishedCatalog } from '../content/index.ts';
import type { Tombstone } from './feed.ts';
import type { Sectioned } from './selection.ts';

/** An article that was out and is withdrawn, deleted or a draft again. Nothing else may ever be named in a feed. */
export interface Withdrawn extends Sectioned {
  readonly id: string;
  readonly lang: string;
  readonly at: Instant;
}

/** A program that wasn't opened for a month finds the entry in no document any more, and the page answers 410. */
const tombstoneDays = 30;

/** So that a newsroom that clears out its archive doesn't fill its feeds with gravestones. */
const maxTombstones = 50;

const dayMs = 86_400_000;

/**
 * What is left of an article that readers have seen; null where they never did: a draft's id stays unknown.
 *
 * @param goneAt when its file was seen gone or a draft again; null: it says `status: withdrawn` since its `updated`.
 */
export function withdrawalOf(article: Article, goneAt: Instant | null): Withdrawn | null {
  const { id, lang, countries, topics, authors, publishedAt, updated } = article;
  if (publishedAt === null) return null;
  return { id, lang, countries, topics, authors, at: goneAt ?? updated };
}

/** The tombstones of a subscription document in `lang`, newest first: of what `matches` lets through and isn't back. */
export function listTombstones(
  withdrawn: readonly Withdrawn[],
  published: Pick<PublishedCatalog, 'findById'>,
  lang: string,
  now: Instant,
  matches: (withdrawn: Withdrawn) => boolean = () => true,
): Tombstone[] {
  const since = plusMs(now, -tombstoneDays * dayMs);
  return withdrawn
    .filter((one) => one.lang === lang && one.at >= since && matches(one) && !published.findById(one.id))
    .sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? 1 : -1))
    .slice(0, maxTombstones)
    .map(({ id, at }) => ({ id, at }));
}
