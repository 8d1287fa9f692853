import { parentPort, workerData } from 'node:worker_threads';
import { type CrewAnswer, type CrewOrder, doWork } from './crew.ts';
import { createCrewWork } from './crew-work.ts';
import { sentenceOf } from './errors.ts';

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
