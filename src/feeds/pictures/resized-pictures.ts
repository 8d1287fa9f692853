import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mediaTypeOf } from '../../content/index.ts';
import { sentenceOf } from '../../errors.ts';
import { OwnedFiles } from '../press/owned-files.ts';
import { fileNameOf, listSuffixes, originalName, type PictureSizes, type SizedPicture } from './picture-sizes.ts';
import { findResizableType } from './resizable-type.ts';
import { createResizer, type Resizer } from './resize-process.ts';
import { type MadeSizes, openSizeCache, type SizeCache } from './size-cache.ts';

/** A picture of a published article. */
export interface ShownPicture {
  /** URL path, decoded: `/articles/tehran-talks/map.png`. */
  readonly path: string;
  /** Absolute. */
  readonly url: string;
  /** How people know the file: `content/map.png`. */
  readonly file: string;
  /** Absolute path of the original. */
  readonly source: string;
}

export interface ResizedPicturesParts {
  readonly publicDir: string;
  /** Where they are kept: `var/cache/pictures`. */
  readonly cacheDir: string;
  /** Told once of each picture that stays as it is for a fault; null: it is another one now, or gone. */
  onProblem(path: string, message: string | null): void;
  /** Default: a process of its own. */
  readonly resizer?: Resizer;
  /** Default: in `cacheDir`. */
  readonly cache?: SizeCache;
}

/**
 * The smaller sizes of published pictures: made one after the other behind everything else, and laid beside the
 * originals in the public folder. Nothing waits for them, and what can't be made smaller stays as it is.
 */
export interface ResizedPictures extends PictureSizes {
  /** Takes the sizes of what isn't shown any more away, and begins with what is new. */
  show(pictures: readonly ShownPicture[]): Promise<void>;
  /** Absolute path of a file by its URL path (`/articles/tehran-talks/map.png.w480.webp`), or null. */
  findFile(path: string): string | null;
  /** Resolves when all is known that was made at an earlier time. */
  loaded(): Promise<void>;
  /** Resolves when nothing is left to do. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Laid {
  readonly key: string;
  readonly url: string;
  readonly made: MadeSizes;
}

type Shown = ReadonlyMap<string, ShownPicture>;

export function createResizedPictures(parts: ResizedPicturesParts): ResizedPictures {
  const { publicDir, cacheDir, resizer = createResizer(), cache = openSizeCache(cacheDir) } = parts;
  const files = new OwnedFiles(publicDir, '.silkpost-picture-sizes.json');
  /** By the original's URL path, and what pages ask for by its URL. */
  const laid = new Map<string, Laid>();
  const sizes = new Map<string, readonly SizedPicture[]>();
  /** Keys that aren't tried again by this process. */
  const failed = new Set<string>();
  /** By path. */
  const told = new Map<string, string>();
  let shown: Shown = new Map();
  let state: 'new' | 'changed' | 'tidy' = 'new';
  let isStopped = false;
  let written: Promise<unknown> = Promise.resolve();
  let loads: Promise<void> = Promise.resolve();
  let passes: Promise<void> = Promise.resolve();

  /** One change of the folder at a time: nothing is laid out that was taken back meanwhile. */
  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = written.then(work);
    written = run.catch(() => undefined); // its own caller is told
    return run;
  }

  function tell(path: string, message: string): void {
    if (told.get(path) !== message) parts.onProblem(path, message);
    told.set(path, message);
  }

  const report = (error: unknown): void => tell('/', `Pictures can’t be resized: ${sentenceOf(error)}`);

  function forget(path: string): void {
    if (told.delete(path)) parts.onProblem(path, null);
    const known = laid.get(path);
    if (!known) return;
    laid.delete(path);
    sizes.delete(known.url);
    state = 'changed';
  }

  const isOutdated = (current: Shown): boolean => isStopped || shown !== current;

  /** Lays out what was made at an earlier time, and forgets what was made of another file. */
  async function load(current: Shown): Promise<void> {
    let isClaimed = false;
    for (const [source, places] of groupBySource(current)) {
      if (isOutdated(current)) return;
      const key = await cache.keyOf(source);
      for (const { path } of places) if (laid.get(path)?.key !== key) forget(path);
      if (key === null || places.every(({ path }) => laid.has(path))) continue;
      if (!isClaimed) await claim(current);
      isClaimed = true;
      const made = await cache.find(key);
      if (made) await layOut(current, places, { key, made });
    }
  }

  /** What was taken back while this waited its turn is named no more. */
  function claim(current: Shown): Promise<void> {
    return inTurn(async () => {
      if (!isOutdated(current)) await files.claim(possiblePaths(current));
    });
  }

  async function makeMissing(current: Shown): Promise<void> {
    for (const [source, places] of groupBySource(current)) {
      if (isOutdated(current)) return;
      if (places.every(({ path }) => laid.has(path))) continue;
      const key = await cache.keyOf(source);
      const [place] = places;
      if (key === null || !place || failed.has(key)) continue;
      const made = (await cache.find(key)) ?? (await make(key, place));
      if (made) await layOut(current, places, { key, made });
    }
    resizer.close();
    if (!isOutdated(current) && state !== 'tidy') await tidy(current);
  }

  /** Null where the picture isn't at fault: another start may do better. */
  async function make(key: string, { source, file, path }: ShownPicture): Promise<MadeSizes | null> {
    const draft = cache.draft(key);
    try {
      const type = await findResizableType(source);
      if (type === null) return await cache.keep(key, draft, { sizes: [], problem: null });
      // Nothing would end a process that is begun after the end.
      if (isStopped) return null;
      const resized = await resizer.resize({ source, type, folder: draft });
      if (resized.kind === 'resized') return await cache.keep(key, draft, { sizes: resized.sizes, problem: null });
      if (resized.kind === 'refused') return await cache.keep(key, draft, { sizes: [], problem: resized.message });
      failed.add(key);
      if (isStopped) return null;
      if (resized.kind === 'failed') tell(path, asItIs(file, resized.message));
      else tell('/', `Pictures are served as they are, as none can be resized on this machine: ${resized.message}`);
    } catch (error) {
      failed.add(key);
      tell(path, asItIs(file, sentenceOf(error)));
    } finally {
      await cache.discard(draft);
    }
    return null;
  }

  function layOut(
    current: Shown,
    places: readonly ShownPicture[],
    { key, made }: Pick<Laid, 'key' | 'made'>,
  ): Promise<void> {
    return inTurn(async () => {
      for (const { path, url, file } of places) {
        if (isOutdated(current)) return;
        if (laid.get(path)?.key === key) continue;
        if (made.problem !== null) tell(path, asItIs(file, made.problem));
        // An original may bear the very name.
        const free = made.sizes.filter(({ suffix }) => !shown.has(path + suffix));
        try {
          for (const { suffix } of free) await files.copy(path + suffix, join(made.folder, fileNameOf(suffix)));
        } catch (error) {
          tell(path, asItIs(file, sentenceOf(error)));
          continue;
        }
        // It may have been taken back while it was copied: what shows that removes the files next.
        if (isOutdated(current)) return;
        laid.set(path, { key, url, made: { ...made, sizes: free } });
        if (free.length > 0)
          sizes.set(
            url,
            free.map(({ suffix, ...size }) => ({ ...size, url: url + suffix })),
          );
        state = 'changed';
      }
    });
  }

  /** Removes what nothing refers to any more, from the public folder and from the cache. */
  async function tidy(current: Shown): Promise<void> {
    await inTurn(async () => {
      if (isOutdated(current)) return;
      const kept = [...laid].flatMap(([path, { made }]) => made.sizes.map(({ suffix }) => path + suffix));
      await files.removeAllBut(new Set(kept));
    });
    await cache.removeAllBut(new Set([...laid.values()].map(({ key }) => key)));
    state = 'tidy';
  }

  return {
    find: (url) => sizes.get(url) ?? [],
    findFile(path) {
      const original = originalName(path);
      const found = original === null ? undefined : laid.get(original);
      const size = found?.made.sizes.find(({ suffix }) => original + suffix === path);
      const file = found && size ? join(found.made.folder, fileNameOf(size.suffix)) : null;
      return file !== null && existsSync(file) ? file : null;
    },
    async show(pictures) {
      const resizable = pictures.filter(({ source }) => listSuffixes(mediaTypeOf(source)).length > 0);
      const current = new Map(resizable.map((picture) => [picture.path, picture]));
      const isFirst = state === 'new';
      // Also what isn't laid out yet: its names are claimed, and its files may be on their way.
      const gone = [...shown.keys()].filter((path) => !current.has(path));
      shown = current;
      for (const path of gone) forget(path);
      // At the first time too: something may have been taken back while nothing ran.
      if (isFirst || gone.length > 0) await inTurn(() => files.removeAllBut(possiblePaths(current))).catch(report);
      if (isFirst) state = 'changed';
      loads = loads.then(() => load(current)).catch(report);
      const loaded = loads;
      passes = passes
        .then(() => loaded)
        .then(() => makeMissing(current))
        .catch(report);
    },
    loaded: () => loads,
    async settled() {
      let seen: Promise<void>;
      do {
        seen = passes;
        await seen;
      } while (seen !== passes);
    },
    async close() {
      isStopped = true;
      resizer.close();
      await Promise.all([loads, passes, written]);
    },
  };
}

function groupBySource(pictures: Shown): Map<string, ShownPicture[]> {
  return Map.groupBy(pictures.values(), ({ source }) => source);
}

/** Every path that a size of these pictures may have. */
function possiblePaths(pictures: Shown): Set<string> {
  const paths = [...pictures.values()].flatMap(({ path, source }) =>
    listSuffixes(mediaTypeOf(source)).map((suffix) => path + suffix),
  );
  return new Set(paths.filter((path) => !pictures.has(path)));
}

function asItIs(file: string, message: string): string {
  return `${file} can’t be resized, so it is served as it is: ${message}`;
}
