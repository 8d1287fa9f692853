import { Worker } from 'node:worker_threads';
import type { AudienceRequest, AudienceStore, ReaderGroup } from '../../delivery/index.ts';
import { AppError, type ErrorCode, sentenceOf } from '../../errors.ts';
import { ownModule } from '../../own-files.ts';

/** What a thread is made for. */
export interface AudienceOrder {
  /** Of the database. */
  readonly file: string;
  readonly request: Omit<AudienceRequest, 'onProgress'>;
}

/** What it tells: numbers as it goes, at last the groups, some at a time. */
export type AudienceAnswer =
  | { readonly kind: 'counted'; readonly readers: number }
  | { readonly kind: 'groups'; readonly groups: readonly ReaderGroup[] }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly sentence: string };

/**
 * Counts each audience in a thread of its own with a connection of its own: a million readers keep SQLite busy for half a
 * minute, and whoever is answered meanwhile isn't held up. A server with connections of its own needs none of this.
 */
export interface AudienceThread extends AudienceStore {
  /** Gives up what is being counted, and whatever comes to be: `unavailable`. */
  close(): Promise<void>;
}

const entry = ownModule('storage/delivery/audience-thread-entry');

/** @param file of a database that is up to date. */
export function openAudienceThread(file: string): AudienceThread {
  const counting = new Set<Worker>();
  let isClosed = false;
  return {
    async listAudience({ onProgress, ...request }) {
      if (isClosed) throw givenUp();
      const worker = new Worker(entry, { workerData: { file, request } satisfies AudienceOrder });
      counting.add(worker);
      try {
        return await answerOf(worker, onProgress);
      } finally {
        counting.delete(worker);
        await worker.terminate();
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...counting].map((worker) => worker.terminate()));
    },
  };
}

function answerOf(worker: Worker, onProgress?: (readers: number) => void): Promise<ReaderGroup[]> {
  const groups: ReaderGroup[] = [];
  return new Promise((resolve, reject) => {
    worker.on('message', (answer: AudienceAnswer) => {
      switch (answer.kind) {
        case 'counted':
          return onProgress?.(answer.readers);
        case 'groups':
          return void groups.push(...answer.groups);
        case 'done':
          return resolve(groups);
        case 'refused':
          return reject(new AppError(answer.code, answer.sentence));
        default:
          answer satisfies never;
      }
    });
    worker.on('error', (error) => {
      reject(new AppError('internal', `The thread that counts readers died: ${sentenceOf(error)}`, { cause: error }));
    });
    worker.on('exit', () => reject(givenUp()));
  });
}

function givenUp(): AppError {
  return new AppError('unavailable', 'The readers weren’t counted: the program is stopping.');
}
