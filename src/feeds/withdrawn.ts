import { type Instant, plusMs } from '../clock.ts';
import type { PublishedCatalog, WithdrawnArticle } from '../content/index.ts';
import type { Tombstone } from './feed.ts';

/** A program that wasn't opened for a month finds the entry in no document any more, and the page answers 410. */
const tombstoneDays = 30;

/** So that a newsroom that clears out its archive doesn't fill its feeds with gravestones. */
const maxTombstones = 50;

const dayMs = 86_400_000;

/** The tombstones of a subscription document in `lang`, newest first: of what `matches` lets through and isn't back. */
export function listTombstones(
  withdrawn: readonly WithdrawnArticle[],
  published: Pick<PublishedCatalog, 'findById'>,
  lang: string,
  now: Instant,
  matches: (withdrawn: WithdrawnArticle) => boolean = () => true,
): Tombstone[] {
  const since = plusMs(now, -tombstoneDays * dayMs);
  return (
    withdrawn
      // Of what nobody saw published not even the id is told.
      .filter(
        (one) =>
          one.publishedAt !== null &&
          one.lang === lang &&
          one.at >= since &&
          matches(one) &&
          !published.findById(one.id),
      )
      .sort((a, b) => (a.at === b.at ? (a.id < b.id ? -1 : 1) : a.at < b.at ? 1 : -1))
      .slice(0, maxTombstones)
      .map(({ id, at }) => ({ id, at }))
  );
}
