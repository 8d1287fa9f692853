import { createHash } from 'node:crypto';
import type { Feed } from '../feed.ts';
import type { FeedRenderer } from '../formats/feed-renderer.ts';

/**
 * Which bytes of a document are which entry, so that the next one is put together from what stayed. Thousands of documents'
 * stay in memory, so the keys are one text, which the formats of a feed share.
 */
export interface PieceList {
  /** Where the first piece begins. */
  readonly start: number;
  /** Bytes between two pieces. */
  readonly gap: number;
  /** In the document's order, with a space between two; no key holds one. */
  readonly keys: string;
  /** Bytes of each piece. */
  readonly lengths: readonly number[];
}

export const noPieces: PieceList = { start: 0, gap: 0, keys: '', lengths: [] };

export function keysText(keys: readonly string[]): string {
  return keys.join(' ');
}

export function listKeys({ keys, lengths }: PieceList): readonly string[] {
  return lengths.length === 0 ? [] : keys.split(' ');
}

/** Lets lists with equal keys have one text of them. */
export function createKeySharing(): (list: PieceList) => PieceList {
  const texts = new Map<string, string>();
  return (list) => {
    const keys = texts.get(list.keys) ?? list.keys;
    texts.set(keys, keys);
    return { ...list, keys };
  };
}

/** A few keys are looked for in the text as it is: thousands of documents don't hold them. */
const fewKeys = 8;

export function holdsSome(list: PieceList, keys: ReadonlySet<string>): boolean {
  if (keys.size > fewKeys) return listKeys(list).some((key) => keys.has(key));
  // Where a key is a part of another, cutting finds nothing.
  for (const key of keys) if (list.keys.includes(key)) return true;
  return false;
}

/** What stands around a document's pieces. */
export interface Frame {
  readonly head: Buffer;
  readonly gap: Buffer;
  readonly tail: Buffer;
}

/** No text of a feed holds it: XML forbids it, and it is taken out of all that comes in. */
const stand = '\u0000';

export function frameOf(feed: Feed, renderer: FeedRenderer): Frame {
  const [head = '', gap = '', tail = ''] = renderer.renderDocument(feed, [stand, stand]).toString().split(stand);
  return {
    head: Buffer.from(head),
    gap: Buffer.from(gap),
    tail: Buffer.from(tail),
  };
}

/** What is left of a frame without its pieces, which parses back where the frame does. */
export function frameText({ head, tail }: Frame): string {
  return head.toString() + tail.toString();
}

/** A document from its frame and at least one piece: its bytes in parts, since most of them are shared by many documents. */
export function assemble(
  frame: Frame,
  pieces: readonly { readonly key: string; readonly bytes: Uint8Array }[],
): { parts: Uint8Array[]; list: PieceList } {
  const parts: Uint8Array[] = [frame.head];
  for (const [index, { bytes }] of pieces.entries()) {
    if (index > 0) parts.push(frame.gap);
    parts.push(bytes);
  }
  const list: PieceList = {
    start: frame.head.length,
    gap: frame.gap.length,
    keys: keysText(pieces.map(({ key }) => key)),
    lengths: pieces.map(({ bytes }) => bytes.length),
  };
  parts.push(frame.tail);
  return { parts, list };
}

/** The pieces of a document that are wanted, by key. */
export function cutPieces(body: Buffer, list: PieceList, isWanted: (key: string) => boolean): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  let at = list.start;
  for (const [index, key] of listKeys(list).entries()) {
    const length = list.lengths[index] ?? 0;
    if (isWanted(key)) found.set(key, body.subarray(at, at + length));
    at += length + list.gap;
  }
  return found;
}

/** SHA-256 of bytes in several parts, hex. */
export function hashOf(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

export function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((length, part) => length + part.length, 0);
}
