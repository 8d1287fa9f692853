import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutboxMail, OutboxPage, OutboxSearch } from './console-outbox.ts';

/** Folders of mails that the ledger doesn't know by name: letters to single readers, test copies, notices. */
export interface LetterShelf {
  /**
   * A page of a folder, the newest first.
   *
   * @param read gives the mails of files that are still there, in their order.
   */
  list(
    folder: string,
    search: OutboxSearch,
    read: (files: readonly string[]) => Promise<readonly OutboxMail[]>,
  ): Promise<OutboxPage>;
}

interface Listing {
  /** Of the folder, when it was listed. */
  readonly changedMs: number;
  /** Newest first. */
  readonly files: readonly string[];
  /** Whether there are more. */
  readonly isCut: boolean;
}

/** Names looked at in a folder. */
const maxNames = 20_000;
/** Folders whose listing is remembered. */
const maxListings = 20;
/** Mails whose subjects a search looks at for one page, and how many at a time. */
const maxSearched = 500;
const chunk = 100;

/** @param pageSize mails on a page. */
export function createLetterShelf(pageSize: number): LetterShelf {
  const listings = new Map<string, Listing>();
  /** By path: a file is written once, whole. */
  const writtenMs = new Map<string, number>();

  async function writtenAt(path: string): Promise<number> {
    const before = writtenMs.get(path);
    if (before !== undefined) return before;
    const ms = (await stat(path).catch(() => null))?.mtimeMs ?? 0;
    if (writtenMs.size >= maxNames) writtenMs.clear();
    writtenMs.set(path, ms);
    return ms;
  }

  /** Listed anew only where a file came or went since. */
  async function listingOf(folder: string): Promise<Listing> {
    const changedMs = (await stat(folder).catch(() => null))?.mtimeMs ?? 0;
    const before = listings.get(folder);
    if (before?.changedMs === changedMs) return before;
    const { names, isCut } = await listNames(folder);
    // Most kinds have their letter's number in front: the higher, the newer.
    const files = names.every((name) => /^\d+-/.test(name))
      ? names.sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
      : await newestFirst(folder, names);
    if (listings.size >= maxListings) listings.clear();
    const listing = { changedMs, files, isCut };
    listings.set(folder, listing);
    return listing;
  }

  async function newestFirst(folder: string, names: readonly string[]): Promise<string[]> {
    const dated = await Promise.all(names.map(async (name) => ({ name, ms: await writtenAt(join(folder, name)) })));
    return dated.sort((a, b) => b.ms - a.ms || (a.name < b.name ? 1 : -1)).map(({ name }) => name);
  }

  return {
    async list(folder, { after, words }, read) {
      const { files, isCut } = await listingOf(folder);
      const cutAt = isCut ? files.length : null;
      const lower = words.toLowerCase();
      const start = after === '' ? 0 : files.indexOf(after) + 1;
      const end = lower === '' ? start + pageSize : start + maxSearched;
      const mails: OutboxMail[] = [];
      for (let at = start; at < Math.min(end, files.length); at += chunk) {
        const some = await read(files.slice(at, Math.min(at + chunk, end)));
        for (const mail of some.filter((one) => hasWords(one, lower))) {
          mails.push(mail);
          if (mails.length === pageSize) return { mails, next: files.at(-1) === mail.file ? null : mail.file, cutAt };
        }
      }
      return { mails, next: end < files.length ? (files[end - 1] ?? null) : null, cutAt };
    },
  };
}

function hasWords({ to, subject }: OutboxMail, words: string): boolean {
  return words === '' || to.toLowerCase().includes(words) || subject.toLowerCase().includes(words);
}

/** Names of messages, in no order. */
async function listNames(folder: string): Promise<{ names: string[]; isCut: boolean }> {
  const names: string[] = [];
  const entries = await opendir(folder, { bufferSize: 1000 }).catch(() => null);
  if (entries === null) return { names, isCut: false };
  for await (const { name } of entries) {
    if (names.length === maxNames) return { names, isCut: true };
    if (name.endsWith('.eml')) names.push(name);
  }
  return { names, isCut: false };
}
