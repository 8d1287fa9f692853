import { Worker } from 'node:worker_threads';
import { AppError, type ErrorCode, sentenceOf } from '../errors.ts';
import { ownModule } from '../own-files.ts';
import type { EditionPieces, Piece } from './pieces.ts';
import type { LetterInput } from './render-letter.ts';
import type { RenderInput } from './render-pieces.ts';

/** What the thread is asked. */
export type RenderOrder = Asked & { readonly number: number };

type Asked =
  | { readonly kind: 'edition'; readonly input: RenderInput }
  | { readonly kind: 'letter'; readonly input: LetterInput };

/** What it answers; `made` is what the order's kind makes. */
export type RenderAnswer =
  | { readonly number: number; readonly kind: 'rendered'; readonly made: EditionPieces | Piece }
  | { readonly number: number; readonly kind: 'refused'; readonly code: ErrorCode; readonly sentence: string };

/**
 * A thread of its own for mjml: whoever serves meanwhile stays responsive, and its 200 MB go when it is closed.
 */
export interface RenderThread {
  /** As `renderPieces`. */
  render(input: RenderInput): Promise<EditionPieces>;
  /** As `renderLetter`. */
  renderLetter(input: LetterInput): Promise<Piece>;
  close(): Promise<void>;
}

const entry = ownModule('digest/render-thread-entry');

export function openRenderThread(): RenderThread {
  const worker = new Worker(entry);
  const waiting = new Map<number, { resolve(made: EditionPieces | Piece): void; reject(error: Error): void }>();
  let orders = 0;
  worker.on('message', (answer: RenderAnswer) => {
    const order = waiting.get(answer.number);
    waiting.delete(answer.number);
    if (answer.kind === 'rendered') order?.resolve(answer.made);
    else order?.reject(new AppError(answer.code, answer.sentence));
  });
  let ended: AppError | null = null;
  worker.on('error', (error) => {
    end(new AppError('internal', `The rendering thread died: ${sentenceOf(error)}`, { cause: error }));
  });
  worker.on('exit', () => end(new AppError('internal', 'The rendering thread has ended.')));

  function end(why: AppError): void {
    ended ??= why;
    for (const order of waiting.values()) order.reject(ended);
    waiting.clear();
  }

  function order<Made extends EditionPieces | Piece>(asked: Asked): Promise<Made> {
    if (ended) return Promise.reject(ended);
    orders += 1;
    const number = orders;
    return new Promise((resolve, reject) => {
      // The thread makes what the order's kind says.
      waiting.set(number, { resolve: (made) => resolve(made as Made), reject });
      worker.postMessage({ number, ...asked } satisfies RenderOrder);
    });
  }

  return {
    render: (input) => order<EditionPieces>({ kind: 'edition', input }),
    renderLetter: (input) => order<Piece>({ kind: 'letter', input }),
    async close() {
      await worker.terminate();
    },
  };
}
