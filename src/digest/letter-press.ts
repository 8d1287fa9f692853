import type { Piece } from './pieces.ts';
import type { LetterInput } from './render-letter.ts';
import { openRenderThread, type RenderThread } from './render-thread.ts';

/** Renders letters of several kinds and languages on one thread, which lives while there is something to render. */
export interface LetterPress {
  /** As `renderLetter`; the first after a rest opens the thread. */
  render(input: LetterInput): Promise<Piece>;
  /** Closes the thread once what was asked for is rendered. Never rejects. */
  rest(): Promise<void>;
}

export function createLetterPress(): LetterPress {
  let open: { readonly thread: RenderThread; readonly rendering: Set<Promise<Piece>> } | null = null;
  return {
    async render(input) {
      open ??= { thread: openRenderThread(), rendering: new Set() };
      const { thread, rendering } = open;
      const piece = thread.renderLetter(input);
      rendering.add(piece);
      try {
        return await piece;
      } finally {
        rendering.delete(piece);
      }
    },
    async rest() {
      const closing = open;
      open = null;
      if (closing === null) return;
      await Promise.allSettled(closing.rendering);
      await closing.thread.close();
    },
  };
}
