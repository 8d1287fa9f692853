import type { Instant } from '../clock.ts';
import type { ImportedRow, ImportResult } from './import.ts';
import type { ImportPreview } from './import-preview.ts';

/** `interrupted`: the process that did it ended in the middle. */
export type ImportJobState = 'uploaded' | 'running' | 'done' | 'stopped' | 'interrupted' | 'failed';

export const importJobTransitions: Readonly<Record<ImportJobState, readonly ImportJobState[]>> = {
  uploaded: ['running'],
  running: ['done', 'stopped', 'interrupted', 'failed'],
  stopped: ['running'],
  interrupted: ['running'],
  failed: ['running'],
  done: [],
};

/** A file of readers that is brought in, in the background. */
export interface ImportJob {
  readonly id: number;
  readonly fileName: string;
  /** Bytes. */
  readonly size: number;
  readonly state: ImportJobState;
  /** Until it is started. */
  readonly preview: ImportPreview | null;
  /** Where these readers agreed, in the operator's words. */
  readonly consent: string;
  /** For rows that name none. */
  readonly newsletters: readonly string[];
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly readBytes: number;
  readonly counts: ImportResult;
  /** Why it failed; a sentence. */
  readonly fault: string | null;
}

/** Where imports are kept; there is one at a time. */
export interface ImportJobStore {
  /** Takes the place of the one before; null while that one runs. */
  create(
    job: Pick<ImportJob, 'fileName' | 'size'> & { readonly preview: ImportPreview },
    now: Instant,
  ): Promise<number | null>;
  /** One that runs without a sign of life for a while counts as interrupted. Null where there is none. */
  find(now: Instant): Promise<ImportJob | null>;
  /** Begins it, or begins it anew; false where it can't be (any more). */
  start(id: number, terms: Pick<ImportJob, 'consent' | 'newsletters'>, now: Instant): Promise<boolean>;
  /** Keeps how far it is and what was left out; false where somebody has stopped it. */
  keep(
    id: number,
    progress: Pick<ImportJob, 'readBytes' | 'counts'>,
    refused: readonly ImportedRow[],
    now: Instant,
  ): Promise<boolean>;
  /** Ends one that runs; else nothing. */
  end(
    id: number,
    state: 'done' | 'stopped' | 'interrupted' | 'failed',
    fault: string | null,
    now: Instant,
  ): Promise<void>;
  /** Forgets it; false while it runs. */
  remove(id: number, now: Instant): Promise<boolean>;
  /** The rows that were left out, by line; streams in pages. */
  listRefused(id: number): AsyncIterable<Pick<ImportedRow, 'line' | 'email' | 'field' | 'reason'>>;
}
