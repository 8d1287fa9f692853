import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Clock, toMs } from '../clock.ts';
import { AppError, sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import { createImportJobStore, type Database } from '../storage/index.ts';
import {
  type ImportJob,
  type ImportJobStore,
  importSubscribers,
  previewImport,
  type ReaderChoices,
  type SubscriberStore,
} from '../subscribers/index.ts';

export interface ImportRoomParts {
  readonly database: Database;
  readonly store: Pick<SubscriberStore, 'addSubscribers'>;
  readonly choices: ReaderChoices;
  /** Absolute path of the folder in which files wait. */
  readonly folder: string;
  /** Longer files aren't taken, in bytes; default: 256 MB. */
  readonly largestFile?: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where files of readers are brought in, in the background and one at a time. */
export interface ImportRoom {
  /**
   * Keeps a file until it is imported or removed, and looks at it; the one before goes.
   *
   * @throws AppError `invalid` for what isn't CSV with a column of addresses or is too large, `conflict` while another one runs.
   */
  take(fileName: string, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  find(): Promise<ImportJob | null>;
  /** Begins it; also again after it was stopped, interrupted or failed: nothing is added twice. False where it can't be. */
  start(id: number, terms: Pick<ImportJob, 'consent' | 'newsletters'>): Promise<boolean>;
  /** Stops it after the rows at hand. */
  stop(id: number): Promise<void>;
  /** Removes it with its file; false while it runs. */
  remove(id: number): Promise<boolean>;
  listRefused: ImportJobStore['listRefused'];
  /** Stops what this process imports: it counts as interrupted. */
  close(): Promise<void>;
}

const draftPrefix = 'upload-';
const longestUploadMs = 3_600_000;

/** As long as it took: others write half of the time. */
const restMs = (tookMs: number): number => tookMs;

export function createImportRoom(parts: ImportRoomParts): ImportRoom {
  const { database, store, choices, folder, largestFile = 256 * 1024 * 1024, clock, log } = parts;
  const jobs = createImportJobStore(database);
  const fileOf = (id: number): string => join(folder, `${id}.csv`);
  const closing = new AbortController();
  let running: Promise<void> | null = null;

  async function run(job: ImportJob): Promise<void> {
    const stream = createReadStream(fileOf(job.id), { highWaterMark: 64 * 1024, signal: closing.signal });
    try {
      await importSubscribers({
        input: stream,
        fileName: job.fileName,
        consent: job.consent,
        choices,
        newsletters: job.newsletters,
        store,
        clock,
        restMs,
        async onRows(rows, counts) {
          const refused = rows.filter(({ outcome }) => outcome === 'refused');
          const goesOn = await jobs.keep(job.id, { readBytes: stream.bytesRead, counts }, refused, clock.now());
          if (!goesOn) throw new Stopped();
        },
      });
      await jobs.end(job.id, 'done', null, clock.now());
      // Unless somebody has stopped it at the last row.
      if ((await jobs.find(clock.now()))?.state === 'done') await rm(fileOf(job.id), { force: true });
    } catch (error) {
      if (error instanceof Stopped) return;
      if (closing.signal.aborted) return await jobs.end(job.id, 'interrupted', null, clock.now());
      log.error('problem', { message: `The import of readers failed: ${sentenceOf(error)}` });
      await jobs.end(job.id, 'failed', sentenceOf(error), clock.now());
    } finally {
      stream.destroy();
    }
  }

  /** Without a sign of life it counts as interrupted before long. */
  function logUnended(error: unknown): void {
    log.error('problem', { message: `The end of an import couldn’t be kept: ${sentenceOf(error)}` });
  }

  /** All but that of the import that there is, and what somebody else is just uploading. */
  async function removeFiles(): Promise<void> {
    const job = await jobs.find(clock.now());
    for (const name of await readdir(folder).catch(() => [])) {
      const path = join(folder, name);
      const isKept = name.startsWith(draftPrefix) ? await isWritten(path) : job !== null && path === fileOf(job.id);
      if (!isKept) await rm(path, { force: true });
    }
  }

  /** Whether a file is so new that somebody may be at it still. */
  async function isWritten(path: string): Promise<boolean> {
    const found = await stat(path).catch(() => null);
    return found !== null && Math.abs(toMs(clock.now()) - found.mtimeMs) < longestUploadMs;
  }

  return {
    async take(fileName, bytes) {
      if ((await jobs.find(clock.now()))?.state === 'running') throw stillRunning();
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = `${draftPrefix}${randomUUID()}`;
      try {
        const size = await save(bytes, join(folder, draft), largestFile);
        const preview = await previewImport(createReadStream(join(folder, draft)), fileName, choices, clock.now());
        const id = await jobs.create({ fileName, size, preview }, clock.now());
        if (id === null) throw stillRunning();
        await rename(join(folder, draft), fileOf(id));
        await removeFiles();
      } finally {
        await rm(join(folder, draft), { force: true });
      }
    },

    find: () => jobs.find(clock.now()),

    async start(id, terms) {
      // What was stopped may still be at its last rows.
      if ((await jobs.find(clock.now()))?.state !== 'running') await running;
      if (!(await jobs.start(id, terms, clock.now()))) return false;
      const job = await jobs.find(clock.now());
      if (job !== null) running = run(job).catch(logUnended);
      return job !== null;
    },

    stop: (id) => jobs.end(id, 'stopped', null, clock.now()),

    async remove(id) {
      if (!(await jobs.remove(id, clock.now()))) return false;
      await running;
      await removeFiles();
      return true;
    },

    listRefused: (id) => jobs.listRefused(id),

    async close() {
      closing.abort();
      await running;
    },
  };
}

/** Somebody has stopped it. */
class Stopped extends Error {}

function stillRunning(): AppError {
  return new AppError('conflict', 'Another import runs. Wait for its end, or stop it.');
}

/** For its owner alone; returns how long it is. */
async function save(bytes: AsyncIterable<Uint8Array>, path: string, largestFile: number): Promise<number> {
  let size = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      size += chunk.length;
      if (size > largestFile) {
        throw new AppError(
          'invalid',
          `The file is longer than ${Math.round(largestFile / 1024 / 1024)} MB. Bring it in with \`silkpost subscribers import\`.`,
        );
      }
      yield chunk;
    }
  }
  await pipeline(
    Readable.from(counted(), { objectMode: false }),
    createWriteStream(path, { mode: 0o600, flags: 'wx' }),
  );
  return size;
}
