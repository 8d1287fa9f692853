import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { AttemptAnswer, AttemptOrder } from './attempt-thread.ts';
import type { DatabasePlace } from './database.ts';

// Before anything is loaded: a thread doesn't use the cache of the process by itself.
module.enableCompileCache();
const [{ createAttemptDesk }, { openBeside }, { WriteTurn }, { sentenceOf }] = await Promise.all([
  import('./attempt-desk.ts'),
  import('./open-beside.ts'),
  import('./write-turn.ts'),
  import('../errors.ts'),
]);
const { file, turns }: DatabasePlace = workerData;
const database = openBeside(file, new WriteTurn(2, turns));
const desk = createAttemptDesk(database);

parentPort?.on('message', async (order: AttemptOrder) => {
  const { number } = order;
  if (order.kind === 'close') {
    await database.destroy();
    parentPort?.close();
    return;
  }
  let answer: AttemptAnswer;
  try {
    const made = order.kind === 'claim' ? await desk.claim(order.request) : await desk.commit(order.entries, order.now);
    answer = { number, made };
  } catch (error) {
    answer = { number, fault: sentenceOf(error) };
  }
  parentPort?.postMessage(answer);
});
