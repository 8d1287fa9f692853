import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** What a program wrote for subscribers: feeds as they are, without their compressed twins. */
export interface WrittenDocuments {
  readonly documents: number;
  readonly megabytes: number;
  /** Those that were written since `since`. */
  readonly touched: number;
  /** RFC 5005 archives, which aren't in the numbers above. */
  readonly archived: number;
  readonly archivedMegabytes: number;
}

const names = new Set(['rss.xml', 'atom.xml', 'feed.json']);

/** @param since ms. A file's time of change, since its time of modification is what the feed says. */
export async function countDocuments(out: string, since = 0): Promise<WrittenDocuments> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const files = await Promise.all(
    entries
      .filter(({ name }) => names.has(name))
      .map(async ({ name, parentPath }) => {
        const { size, ctimeMs } = await stat(join(parentPath, name));
        return { size, ctimeMs, archived: relative(out, parentPath).split(sep).includes('archive') };
      }),
  );
  const [archives, feeds] = [files.filter(({ archived }) => archived), files.filter(({ archived }) => !archived)];
  const megabytesOf = (some: typeof files): number => some.reduce((sum, { size }) => sum + size, 0) / 1_000_000;
  return {
    documents: feeds.length,
    megabytes: megabytesOf(feeds),
    touched: feeds.filter(({ ctimeMs }) => ctimeMs >= since).length,
    archived: archives.length,
    archivedMegabytes: megabytesOf(archives),
  };
}
