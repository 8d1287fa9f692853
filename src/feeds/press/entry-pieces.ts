import { hash } from 'node:crypto';
import type { FeedFormat, FeedItem } from '../feed.ts';
import type { DocumentBytes } from './document-bytes.ts';
import type { FeedDocument } from './feed-document.ts';
import { cutPieces, holdsSome, type PieceList } from './piece-list.ts';
import type { SetEntry } from './set-entry.ts';

/** Entries that are rendered together: enough for every core, few enough to keep none of them idle. */
const atOnce = 64;
const inFlight = 4;

export interface EntrySource {
  /** In the order of the items; null for an article that can't be read now. */
  set(items: readonly FeedItem[]): Promise<readonly (SetEntry | null)[]>;
}

/** A document with the pieces it is made of. */
export interface PiecedDocument {
  readonly document: FeedDocument;
  readonly list: PieceList;
}

/** An item that a document is to hold. */
export interface WantedEntry {
  readonly item: FeedItem;
  readonly key: string;
}

/** A piece, or why there is none. */
export type Piece = Uint8Array | { readonly fault: string };

/** Of each format, pieces by key. */
export type Pieces = Readonly<Record<FeedFormat, ReadonlyMap<string, Piece>>>;

/**
 * What tells one rendered entry from another: equal keys are equal pieces.
 *
 * @param edition of everything besides the item that goes into it: the publication's texts and Silkpost's way to render.
 */
export function pieceKey(item: FeedItem, edition: string): string {
  return hash('sha256', `${edition}${item.id}\n${item.contentHash}`, 'base64url').slice(0, 22);
}

/**
 * The pieces that documents want, each made once: cut out of documents that hold them already, rendered where none does.
 */
export async function gatherPieces(
  wanted: Readonly<Record<FeedFormat, ReadonlyMap<string, WantedEntry>>>,
  documents: Iterable<PiecedDocument>,
  bytes: DocumentBytes,
  source: EntrySource,
): Promise<Pieces> {
  const found = { rss: new Map<string, Piece>(), atom: new Map<string, Piece>(), json: new Map<string, Piece>() };
  const missing = new Map<string, WantedEntry>();
  await cutFromDocuments(wanted, documents, bytes, found);
  for (const format of ['rss', 'atom', 'json'] as const) {
    for (const [key, entry] of wanted[format]) if (!found[format].has(key)) missing.set(key, entry);
  }
  await renderAll([...missing.values()], source, (key, set) => {
    for (const format of ['rss', 'atom', 'json'] as const) {
      if (wanted[format].has(key) && !found[format].has(key)) found[format].set(key, set[format]);
    }
  });
  return found;
}

export function joinPieces(one: Pieces, other: Pieces): Pieces {
  const joined = (format: FeedFormat): ReadonlyMap<string, Piece> => new Map([...one[format], ...other[format]]);
  return { rss: joined('rss'), atom: joined('atom'), json: joined('json') };
}

/** Most of what a document wants stands in the one before it, so those come first; then what is still missing is looked for. */
async function cutFromDocuments(
  wanted: Readonly<Record<FeedFormat, ReadonlyMap<string, WantedEntry>>>,
  documents: Iterable<PiecedDocument>,
  bytes: DocumentBytes,
  found: Readonly<Record<FeedFormat, Map<string, Piece>>>,
): Promise<void> {
  const missing = {
    rss: new Set(wanted.rss.keys()),
    atom: new Set(wanted.atom.keys()),
    json: new Set(wanted.json.keys()),
  };
  for (const { document, list } of documents) {
    const keys = missing[document.format];
    if (keys.size === 0 || !holdsSome(list, keys)) continue;
    const body = await Promise.resolve(bytes.get(document, 'identity')).catch(() => null);
    if (body === null) continue;
    for (const [key, piece] of cutPieces(body, list, (one) => keys.has(one))) {
      found[document.format].set(key, piece);
      keys.delete(key);
    }
  }
}

async function renderAll(
  wanted: readonly WantedEntry[],
  source: EntrySource,
  tell: (key: string, set: SetEntry) => void,
): Promise<void> {
  const chunks: (readonly WantedEntry[])[] = [];
  for (let at = 0; at < wanted.length; at += atOnce) chunks.push(wanted.slice(at, at + atOnce));
  const next = async (): Promise<void> => {
    for (let chunk = chunks.shift(); chunk; chunk = chunks.shift()) await renderSome(chunk, source, tell);
  };
  await Promise.all(Array.from({ length: inFlight }, next));
}

async function renderSome(
  wanted: readonly WantedEntry[],
  source: EntrySource,
  tell: (key: string, set: SetEntry) => void,
): Promise<void> {
  const sets = await source.set(wanted.map(({ item }) => item));
  for (const [index, { key }] of wanted.entries()) tell(key, sets[index] ?? unread);
}

const fault = { fault: 'Its file is being changed, or can’t be read.' };
const unread: SetEntry = { rss: fault, atom: fault, json: fault };
