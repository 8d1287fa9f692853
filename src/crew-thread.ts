import module from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { CrewAnswer, CrewOrder } from './crew.ts';

// Before anything is loaded: a thread doesn't use the cache of the process by itself.
module.enableCompileCache();
const [{ doWork }, { createCrewWork }, { sentenceOf }] = await Promise.all([
  import('./crew.ts'),
  import('./crew-work.ts'),
  import('./errors.ts'),
]);
const work = createCrewWork(workerData);

parentPort?.on('message', async ({ number, kind, items }: CrewOrder) => {
  let answer: CrewAnswer;
  try {
    const results: unknown[] = [];
    for (const item of items) results.push(await doWork(work, kind, item));
    answer = { number, results };
  } catch (error) {
    answer = { number, fault: sentenceOf(error) };
  }
  parentPort?.postMessage(answer);
});
