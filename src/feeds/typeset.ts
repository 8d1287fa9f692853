import { setImmediate } from 'node:timers/promises';
import { sentenceOf } from '../errors.ts';
import type { EntryCache } from './entry-cache.ts';
import { type Feed, type FeedEntry, type FeedFormat, feedFileNames } from './feed.ts';
import type { FeedRenderer } from './feed-renderer.ts';
import { findFault } from './well-formed.ts';

/** Something that is missing from a document; the rest is published. */
export interface FeedProblem {
  /** URL path of the document. */
  readonly path: string;
  /** Id of the entry that was left out; null where the whole document is concerned. */
  readonly entry: string | null;
  readonly message: string;
}

/** How long rendering may hold up whatever else the process does. */
const breathMs = 10;

export function documentPath(feed: Feed, format: FeedFormat): string {
  return feed.path + feedFileNames[format];
}

/**
 * A feed's bytes in one format, or null where they wouldn't parse back. An entry that wouldn't is left out, so that
 * one bad entry never holds back the others, nor keeps a withdrawn one in a document. Lets the event loop run.
 */
export async function typeset(
  feed: Feed,
  format: FeedFormat,
  renderer: FeedRenderer,
  cache: EntryCache,
): Promise<{ body: Buffer | null; problems: FeedProblem[] }> {
  const path = documentPath(feed, format);
  const problems: FeedProblem[] = [];
  const pieces: string[] = [];
  const render = (entry: FeedEntry): string => {
    const piece = renderer.renderEntry(entry);
    const fault = findFault(format, piece);
    if (fault !== null) throw new Error(fault);
    return piece;
  };
  let breath = performance.now();
  for (const entry of feed.entries) {
    try {
      pieces.push(cache.get(format, entry, render));
    } catch (error) {
      problems.push({ path, entry: entry.id, message: `“${entry.title}” is left out: ${sentenceOf(error)}` });
    }
    if (performance.now() - breath < breathMs) continue;
    await setImmediate();
    breath = performance.now();
  }
  await setImmediate();
  try {
    const fault = findFault(format, renderer.renderDocument(feed, []).toString());
    if (fault !== null) throw new Error(fault);
    return { body: renderer.renderDocument(feed, pieces), problems };
  } catch (error) {
    problems.push({ path, entry: null, message: `${path} stays as it was: ${sentenceOf(error)}` });
    return { body: null, problems };
  }
}
