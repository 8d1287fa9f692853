import { createHash } from 'node:crypto';
import type { Feed } from './feed.ts';
import type { FeedRenderer } from './feed-renderer.ts';

/** Which bytes of a document are which entry, so that the next one is put together from what stayed. */
export interface PieceList {
  /** Where the first piece begins. */
  readonly start: number;
  /** Bytes between two pieces. */
  readonly gap: number;
  /** Keys and lengths in bytes, in the document's order. */
  readonly pieces: readonly (readonly [key: string, length: number])[];
}

export const noPieces: PieceList = { start: 0, gap: 0, pieces: [] };

/** What stands around a document's pieces. */
export interface Frame {
  readonly head: Buffer;
  readonly gap: Buffer;
  readonly tail: Buffer;
  /** The document without any entry. */
  readonly empty: Buffer;
}

/** No text of a feed holds it: XML forbids it, and it is taken out of all that comes in. */
const stand = '\u0000';

export function frameOf(feed: Feed, renderer: FeedRenderer): Frame {
  const [head = '', gap = '', tail = ''] = renderer.renderDocument(feed, [stand, stand]).toString().split(stand);
  return {
    head: Buffer.from(head),
    gap: Buffer.from(gap),
    tail: Buffer.from(tail),
    empty: renderer.renderDocument(feed, []),
  };
}

/** A document from its frame and pieces. */
export function assemble(
  frame: Frame,
  pieces: readonly { readonly key: string; readonly bytes: Uint8Array }[],
): { body: Buffer; list: PieceList } {
  if (pieces.length === 0) return { body: frame.empty, list: noPieces };
  const parts: Uint8Array[] = [frame.head];
  for (const [index, { bytes }] of pieces.entries()) {
    if (index > 0) parts.push(frame.gap);
    parts.push(bytes);
  }
  const list: PieceList = {
    start: frame.head.length,
    gap: frame.gap.length,
    pieces: pieces.map(({ key, bytes }) => [key, bytes.length]),
  };
  return { body: Buffer.concat([...parts, frame.tail]), list };
}

/** The pieces of a document that are wanted, by key. */
export function cutPieces(
  body: Buffer,
  { start, gap, pieces }: PieceList,
  isWanted: (key: string) => boolean,
): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  let at = start;
  for (const [key, length] of pieces) {
    if (isWanted(key)) found.set(key, body.subarray(at, at + length));
    at += length + gap;
  }
  return found;
}

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
