import { parentPort } from 'node:worker_threads';
import { AppError, sentenceOf } from '../errors.ts';
import { renderPieces } from './render-pieces.ts';
import type { RenderAnswer, RenderOrder } from './render-thread.ts';

// One order after the other: rendering keeps the thread busy anyway.
parentPort?.on('message', async ({ number, input }: RenderOrder) => {
  let answer: RenderAnswer;
  try {
    answer = { number, kind: 'rendered', pieces: await renderPieces(input) };
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal';
    answer = { number, kind: 'refused', code, sentence: sentenceOf(error) };
  }
  parentPort?.postMessage(answer);
});
