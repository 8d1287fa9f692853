import { type Instant, plusMs } from '../../clock.ts';
import { sentenceOf } from '../../errors.ts';
import type { FeedRenderer } from '../formats/feed-renderer.ts';
import { findFault } from '../formats/well-formed.ts';
import type { Pieces } from './entry-pieces.ts';
import type { FeedDocument } from './feed-document.ts';
import type { Order } from './feed-order.ts';
import { assemble, frameOf, frameText, hashOf, lengthOf, noPieces, type PieceList } from './piece-list.ts';

/** Something that is missing from a document; the rest is published. */
export interface FeedProblem {
  /** URL path of the document. */
  readonly path: string;
  /** Id of the entry that was left out; null where the whole document is concerned. */
  readonly entry: string | null;
  readonly message: string;
}

/** A document that is published, with what the next one is made from. */
export interface Printed {
  readonly document: FeedDocument;
  readonly list: PieceList;
  /** Those of its order; empty where something was left out, so that it is made again. */
  readonly inputs: string;
}

export interface PrintResult {
  /** The last good one where this one's frame doesn't parse back; null where there is none. */
  readonly printed: Printed | null;
  /** The document's bytes; null where `printed` is an old one. */
  readonly parts: readonly Uint8Array[] | null;
  readonly problems: readonly FeedProblem[];
}

/**
 * One document. An entry that wouldn't parse back is left out, so that one bad entry never holds back the others, nor
 * keeps a withdrawn one in a document; where the frame wouldn't, the last good document stays.
 */
export function printDocument(
  { feed, format, path, wanted, inputs }: Order,
  pieces: Pieces,
  renderer: FeedRenderer,
  old: Printed | undefined,
  now: Instant,
): PrintResult {
  const problems: FeedProblem[] = [];
  const good: { key: string; bytes: Uint8Array }[] = [];
  for (const { item, key } of wanted) {
    const piece = pieces[format].get(key);
    if (piece instanceof Uint8Array) good.push({ key, bytes: piece });
    else problems.push({ path, entry: item.id, message: `“${item.title}” is left out: ${piece?.fault ?? ''}` });
  }
  try {
    const frame = frameOf(feed, renderer);
    const fault = findFault(format, frameText(frame));
    if (fault !== null) throw new Error(fault);
    const { parts, list } =
      good.length > 0 ? assemble(frame, good) : { parts: [renderer.renderDocument(feed, [])], list: noPieces };
    const etag = `"${hashOf(parts)}"`;
    const { maxAge, hubs, urls } = feed;
    const made = { path, format, size: lengthOf(parts), etag, maxAge, url: urls[format], hubs };
    const document = { ...made, lastModified: changeTime(etag, old, now) };
    return { printed: { document, list, inputs: problems.length === 0 ? inputs : '' }, parts, problems };
  } catch (error) {
    problems.push({ path, entry: null, message: `${path} stays as it was: ${sentenceOf(error)}` });
    return { printed: old ?? null, parts: null, problems };
  }
}

/** HTTP dates have whole seconds: of two changes within one the second gets the next. */
function changeTime(etag: string, old: Printed | undefined, now: Instant): Instant {
  if (old === undefined) return now;
  const before = old.document.lastModified;
  if (old.document.etag === etag) return before;
  const next = plusMs(before, 1000);
  return next > now ? next : now;
}
