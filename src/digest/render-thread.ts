import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode, sentenceOf } from '../errors.ts';
import { ownModule } from '../own-files.ts';
import type { EditionPieces } from './pieces.ts';
import type { RenderInput } from './render-pieces.ts';

/** What the thread is asked. */
export interface RenderOrder {
  readonly number: number;
  readonly input: RenderInput;
}

/** What it answers. */
export type RenderAnswer =
  | { readonly number: number; readonly kind: 'rendered'; readonly pieces: EditionPieces }
  | { readonly number: number; readonly kind: 'refused'; readonly code: ErrorCode; readonly sentence: string };

/**
 * A thread of its own for mjml: whoever serves meanwhile stays responsive, and its 200 MB go when it is closed.
 */
export interface RenderThread {
  /** As `renderPieces`. */
  render(input: RenderInput): Promise<EditionPieces>;
  close(): Promise<void>;
}

const entry = ownModule('digest/render-thread-entry');

export function openRenderThread(): RenderThread {
  const worker = new Worker(entry);
  const waiting = new Map<number, { resolve(pieces: EditionPieces): void; reject(error: Error): void }>();
  let orders = 0;
  worker.on('message', (answer: RenderAnswer) => {
    const order = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.kind === 'rendered') order?.resolve(answer.pieces);
    else order?.reject(new AppError(answer.code, answer.sentence));
  });
  worker.on('error', (error) => {
    for (const order of waiting.values()) {
      order.reject(new AppError('internal', `The rendering thread died: ${sentenceOf(error)}`, { cause: error }));
    }
    waiting.clear();
  });
  return {
    render(input) {
      orders += 1;
      const number = orders;
      return new Promise((resolve, reject) => {
        waiting.set(number, { resolve, reject });
        worker.postMessage({ number, input } satisfies RenderOrder);
      });
    },
    async close() {
      await worker.terminate();
    },
  };
}
