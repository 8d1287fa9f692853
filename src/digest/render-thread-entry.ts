import { parentPort } from 'node:worker_threads';
import { AppError, sentenceOf } from '../errors.ts';
import type { EditionPieces, Piece } from './pieces.ts';
import { renderLetter } from './render-letter.ts';
import { renderPieces } from './render-pieces.ts';
import type { RenderAnswer, RenderOrder } from './render-thread.ts';

// One order after the other: rendering keeps the thread busy anyway.
parentPort?.on('message', async (order: RenderOrder) => {
  const { number } = order;
  let answer: RenderAnswer;
  try {
    answer = { number, kind: 'rendered', made: await make(order) };
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal';
    answer = { number, kind: 'refused', code, sentence: sentenceOf(error) };
  }
  parentPort?.postMessage(answer);
});

function make(order: RenderOrder): Promise<EditionPieces | Piece> {
  return order.kind === 'edition' ? renderPieces(order.input) : renderLetter(order.input);
}
