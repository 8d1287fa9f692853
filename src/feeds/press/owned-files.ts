import { randomBytes } from 'node:crypto';
import { constants, statSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type Instant, toMs } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { lengthOf } from './piece-list.ts';

/** `.rss.xml.0123456789ab.tmp` beside `rss.xml`. */
const temporaryName = /^\.(.+)\.[0-9a-f]{12}\.tmp$/;

interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * Files that Silkpost keeps in a folder which may hold others' files too: a list beside them says which it wrote, and
 * only those are ever removed. A file is replaced whole or not at all: a reader never sees a part of one.
 */
export class OwnedFiles {
  readonly #dir: string;
  readonly #list: string;
  readonly #abandonedAfterMs: number;
  #swept = false;
  /** The list as it was read or written last, and the state of its file then. */
  #known: { readonly owned: readonly string[]; readonly state: FileState } | null = null;

  /**
   * @param listName the list's file name in `dir`; one for each owner.
   * @param abandonedAfterMs when a temporary file is taken for one of a process that was killed.
   */
  constructor(dir: string, listName: string, abandonedAfterMs: number = 600_000) {
    this.#dir = resolve(dir);
    this.#list = join(this.#dir, listName);
    this.#abandonedAfterMs = abandonedAfterMs;
  }

  /** Says what is going to be written, before it is: after a crash too, nothing is left without an owner. */
  async claim(paths: Iterable<string>): Promise<void> {
    const owned = await this.#listOwned();
    const all = new Set(owned);
    for (const path of paths) if (!all.has(path) && this.#isInside(path)) all.add(path);
    if (all.size > owned.length) await this.#writeList(all);
    if (!this.#swept) await this.#sweep(all);
    this.#swept = true;
  }

  /**
   * @param path from the folder, with forward slashes; a leading one is ignored. One that leads out of it is refused
   * (AppError `invalid`).
   * @param parts the bytes, one after the other.
   * @param modified becomes the file's time.
   * @param changed whether the bytes are new; otherwise the file is written only where it is missing or was altered.
   * @returns whether it was written.
   */
  async write(path: string, parts: readonly Uint8Array[], modified: Instant, changed: boolean): Promise<boolean> {
    const file = this.#fileOf(path);
    const wanted = { size: lengthOf(parts), mtimeMs: toMs(modified) };
    if (!changed && isSame(await findState(file), wanted)) return false;
    await replaceFile(file, wanted.mtimeMs, (temporary) => writeParts(temporary, parts));
    return true;
  }

  /** Where a path from the folder lies. */
  fileOf(path: string): string {
    return this.#fileOf(path);
  }

  /** Whether the file is there as it was written. */
  isThere(path: string, size: number, modified: Instant): boolean {
    return isSame(findStateNow(this.#fileOf(path)), { size, mtimeMs: toMs(modified) });
  }

  /** Whether the file is there with this time. */
  isOfTime(path: string, modified: Instant): boolean {
    const found = findStateNow(this.#fileOf(path));
    return found !== null && isSame(found, { size: found.size, mtimeMs: toMs(modified) });
  }

  /** Removes files that are going to be there again. */
  async remove(paths: readonly string[]): Promise<void> {
    for (const file of paths.map((path) => this.#fileOf(path))) {
      // Hardly any is there, and looking takes a tenth of the time.
      if (statSync(file, { throwIfNoEntry: false })) await rm(file, { force: true });
    }
  }

  /** Copies `source` unless the copy has its size and time already; returns whether it did. */
  async copy(path: string, source: string): Promise<boolean> {
    const file = this.#fileOf(path);
    const wanted = await stat(source);
    if (isSame(await findState(file), wanted)) return false;
    await replaceFile(file, wanted.mtimeMs, (temporary) =>
      copyFile(source, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
    );
    return true;
  }

  /** Removes what was once written and isn't in `kept`, and folders that this leaves empty; returns what was removed. */
  async removeAllBut(kept: ReadonlySet<string>): Promise<string[]> {
    const owned = await this.#listOwned();
    const gone = owned.filter((path) => !kept.has(path));
    for (const path of gone) {
      const file = this.#fileOf(path);
      await rm(file, { force: true });
      await this.#removeEmptyFolders(dirname(file));
    }
    if (gone.length > 0) await this.#writeList(kept);
    return gone;
  }

  /** Removes what a process that was killed while it wrote left: its text may have been withdrawn since. */
  async #sweep(paths: Iterable<string>): Promise<void> {
    const names = Map.groupBy(paths, (path) => dirname(this.#fileOf(path)));
    for (const [folder, inside] of names) {
      const owned = new Set(inside.map((path) => basename(path)));
      for (const name of await readdir(folder).catch(() => [])) {
        const original = temporaryName.exec(name)?.[1];
        if (original === undefined || !owned.has(original)) continue;
        const file = join(folder, name);
        // The time of its last modification may be set already, to a time long ago.
        const state = await stat(file).catch(() => null);
        if (state && Date.now() - state.ctimeMs >= this.#abandonedAfterMs) await rm(file, { force: true });
      }
    }
  }

  async #removeEmptyFolders(folder: string): Promise<void> {
    let current = folder;
    while (current.startsWith(this.#dir + sep)) {
      try {
        await rmdir(current);
      } catch {
        return; // not empty, or gone already
      }
      current = dirname(current);
    }
  }

  #fileOf(path: string): string {
    if (!this.#isInside(path)) throw new AppError('invalid', `${path} leads out of ${this.#dir}.`);
    return resolve(this.#dir, `./${path}`);
  }

  #isInside(path: string): boolean {
    if (path.includes('\0') || path.split(/[/\\]/).includes('..')) return false;
    return resolve(this.#dir, `./${path}`).startsWith(this.#dir + sep);
  }

  /** Another process may have written the list meanwhile. */
  async #listOwned(): Promise<readonly string[]> {
    const state = await findState(this.#list);
    if (state === null) return []; // none yet
    if (this.#known && isSame(state, this.#known.state)) return this.#known.owned;
    try {
      const listed: unknown = JSON.parse(await readFile(this.#list, 'utf8'));
      // The list is a file that anybody may have edited.
      const owned = Array.isArray(listed)
        ? listed.filter((path) => typeof path === 'string' && this.#isInside(path))
        : [];
      this.#known = { owned, state };
      return owned;
    } catch {
      return []; // unreadable: then nothing is ours to remove
    }
  }

  async #writeList(paths: ReadonlySet<string>): Promise<void> {
    const owned = [...paths].sort();
    const text = `${JSON.stringify(owned, null, 1)}\n`;
    await replaceFile(this.#list, null, (temporary) => writeFile(temporary, text, { flag: 'wx' }));
    const state = await findState(this.#list);
    this.#known = state && { owned, state };
  }
}

async function writeParts(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx');
  try {
    const { bytesWritten } = await file.writev(parts);
    if (bytesWritten < lengthOf(parts)) throw new Error('The disk took only a part of it.');
  } finally {
    await file.close();
  }
}

async function replaceFile(
  file: string,
  mtimeMs: number | null,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true });
  // In the same folder, as a rename is atomic within one file system only.
  const temporary = join(folder, `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await write(temporary);
    if (mtimeMs !== null) await utimes(temporary, mtimeMs / 1000, mtimeMs / 1000);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

async function findState(file: string): Promise<FileState | null> {
  try {
    return await stat(file);
  } catch {
    return null; // missing; whatever else is wrong shows when it is written
  }
}

/** As `findState`, at once: of thousands of files, each in a fraction of the time. */
function findStateNow(file: string): FileState | null {
  try {
    return statSync(file, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // a disk that is gone, a folder that isn't ours: that shows when it is written
  }
}

function isSame(found: FileState | null, wanted: FileState): boolean {
  // File systems round times in their own ways.
  return found !== null && found.size === wanted.size && Math.abs(found.mtimeMs - wanted.mtimeMs) < 2;
}
