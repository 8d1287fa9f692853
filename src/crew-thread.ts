import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { CrewAnswer, CrewOrder } from './crew.ts';
import type { CrewSetup } from './crew-work.ts';

// Before anything is loaded: a thread doesn't use the cache of the process by itself.
module.enableCompileCache();
const [{ doWork }, { createCrewWork }, { sentenceOf }, { giveWay }] = await Promise.all([
  import('./crew.ts'),
  import('./crew-work.ts'),
  import('./errors.ts'),
  import('./give-way.ts'),
]);
const setup: CrewSetup = workerData;
if (setup.givesWay) giveWay();
const work = createCrewWork(setup);
/** A list of results, each with a set of pieces: nothing lies deeper. */
const maxDepth = 3;

parentPort?.on('message', async ({ number, kind, items }: CrewOrder) => {
  let answer: CrewAnswer;
  try {
    const results: unknown[] = [];
    for (const item of items) results.push(await doWork(work, kind, item));
    answer = { number, results };
  } catch (error) {
    answer = { number, fault: sentenceOf(error) };
  }
  // Bytes are handed over: a copy of each entry would stay here until memory is cleared up.
  parentPort?.postMessage(answer, 'results' in answer ? buffersIn(answer.results) : []);
});

/** Memory of the bytes that stand in results, or in what these are made of. */
function buffersIn(value: unknown, depth = 0): ArrayBuffer[] {
  if (value instanceof Uint8Array) {
    return value.buffer instanceof ArrayBuffer && value.byteLength === value.buffer.byteLength ? [value.buffer] : [];
  }
  if (typeof value !== 'object' || value === null || depth > maxDepth) return [];
  return Object.values(value).flatMap((part) => buffersIn(part, depth + 1));
}
