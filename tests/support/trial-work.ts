import { setImmediate as nextTurn } from 'node:timers/promises';
import { threadId, workerData } from 'node:worker_threads';

/** The setup of a crew's threads. */
export const crewMark = 'a crew’s thread';

/** Work for a crew under test. */
export const trialWork = {
  square: (number: number): number => number * number,
  /** Later ones are done sooner. */
  async slow(number: number): Promise<string> {
    for (let turn = number % 7; turn > 0; turn--) await nextTurn();
    return `${number}`;
  },
  bytes: (number: number): Uint8Array => Uint8Array.of(number % 256, 1, 2),
  thread: (_: number): number => threadId,
  picky(number: number): number {
    if (number === 777) throw new Error('777 is not taken');
    return number;
  },
  /** At 100 it ends a crew's thread that it is done in. */
  deadly(number: number): number | Promise<never> {
    if (number !== 100 || workerData !== crewMark) return number;
    setImmediate(() => {
      throw new Error(`${number} was too much`);
    });
    return new Promise(() => {});
  },
  endless: (_: number): Promise<never> => new Promise(() => {}),
};
