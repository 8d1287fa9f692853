import type { Extension } from 'feed';
import type { Feed, FeedEntry } from '../feed.ts';

/** One format: pure functions, the same input gives the same bytes. */
export interface FeedRenderer {
  /** An entry as it stands in every document of this format that holds it. */
  renderEntry(entry: FeedEntry): string;
  /** A whole document around pieces made by `renderEntry`, in their order. */
  renderDocument(feed: Feed, entries: readonly string[]): Buffer;
}

/** What `feed` calls an extension: it sets the key `name` to `value`, whatever the value is. */
export function extension(name: string, value: unknown): Extension {
  // The boundary: the library writes any value, but its type knows records only.
  return { name, objects: value as Record<string, unknown> };
}

/** The program's name in documents; without a version, so that an update alone changes no bytes. */
export const generatorName = 'Silkpost';
