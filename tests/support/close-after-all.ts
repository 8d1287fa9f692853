import { afterAll } from 'vitest';

/**
 * For what `beforeAll` opens: call it beside `beforeAll`, since hooks that are set up inside of one never run.
 *
 * @returns takes what closes each thing; the last one is closed first.
 */
export function closeAfterAll(): (close: () => Promise<void>) => void {
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });
  return (close) => closing.push(close);
}
