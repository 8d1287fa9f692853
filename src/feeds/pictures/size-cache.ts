import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SizedFile } from './resize-picture.ts';

/** What was made of one original. */
export interface MadeSizes {
  /** Absolute path of the folder that holds them. */
  readonly folder: string;
  readonly sizes: readonly SizedFile[];
  /** Why there are none, where the picture is at fault: so it is tried once. */
  readonly problem: string | null;
}

/** The smaller files of pictures in `var/cache/pictures/`: a folder for each original, whole or not there at all. */
export interface SizeCache {
  /** Stands for a file as it is now, by path, size and time; null where it is gone. */
  keyOf(source: string): Promise<string | null>;
  /** What was made under a key, or null. */
  find(key: string): Promise<MadeSizes | null>;
  /** A new name for a folder, to be handed to `keep` or `discard`. */
  draft(key: string): string;
  keep(key: string, draft: string, found: Pick<MadeSizes, 'sizes' | 'problem'>): Promise<MadeSizes>;
  discard(draft: string): Promise<void>;
  /** Removes what hasn't been in use for a while: another process may have made it just now. */
  removeAllBut(keys: ReadonlySet<string>): Promise<void>;
}

/** Goes into every key: a new one has every picture made anew. */
const recipe = 1;
const listName = 'sizes.json';

/** @param abandonedAfterMs when a folder that is not in use is taken for nobody's. */
export function openSizeCache(dir: string, abandonedAfterMs: number = 600_000): SizeCache {
  const known = new Map<string, MadeSizes>();
  return {
    async keyOf(source) {
      const found = await stat(source).catch(() => null);
      if (!found?.isFile()) return null;
      const parts = JSON.stringify([recipe, source, found.size, found.mtimeMs]);
      return createHash('sha256').update(parts).digest('hex').slice(0, 32);
    },
    async find(key) {
      const made = known.get(key) ?? (await readList(join(dir, key)));
      if (made) known.set(key, made);
      return made;
    },
    draft: (key) => join(dir, `${key}.${randomBytes(4).toString('hex')}.tmp`),
    async keep(key, draft, { sizes, problem }) {
      const made = { folder: join(dir, key), sizes, problem };
      await mkdir(draft, { recursive: true });
      await writeFile(join(draft, listName), `${JSON.stringify({ sizes, problem })}\n`);
      try {
        await rename(draft, made.folder);
      } catch {
        if ((await readList(made.folder)) !== null) {
          // Another process was faster, with the same result.
          await rm(draft, { recursive: true, force: true });
        } else {
          // Nothing is there, or what can't be believed: another fault shows again.
          await rm(made.folder, { recursive: true, force: true });
          await rename(draft, made.folder);
        }
      }
      known.set(key, made);
      return made;
    },
    discard: (draft) => rm(draft, { recursive: true, force: true }),
    async removeAllBut(keys) {
      for (const key of known.keys()) if (!keys.has(key)) known.delete(key);
      for (const name of await readdir(dir).catch(() => [])) {
        if (keys.has(name)) continue;
        const state = await stat(join(dir, name)).catch(() => null);
        if (state && Date.now() - state.ctimeMs >= abandonedAfterMs) {
          await rm(join(dir, name), { recursive: true, force: true });
        }
      }
    },
  };
}

async function readList(folder: string): Promise<MadeSizes | null> {
  try {
    const listed: unknown = JSON.parse(await readFile(join(folder, listName), 'utf8'));
    if (typeof listed !== 'object' || listed === null || !('sizes' in listed) || !('problem' in listed)) return null;
    const { sizes, problem } = listed;
    if (!Array.isArray(sizes) || !sizes.every(isSizedFile)) return null;
    return { folder, sizes, problem: typeof problem === 'string' ? problem : null };
  } catch {
    return null; // none yet, or damaged: it is made anew
  }
}

function isSizedFile(value: unknown): value is SizedFile {
  if (typeof value !== 'object' || value === null) return false;
  const { suffix, type, ...numbers } = { suffix: null, type: null, width: 0, height: 0, bytes: 0, ...value };
  const isNamed = typeof suffix === 'string' && /^\.w\d+\.[a-z]+$/.test(suffix) && typeof type === 'string';
  return isNamed && [numbers.width, numbers.height, numbers.bytes].every((number) => Number.isSafeInteger(number));
}
