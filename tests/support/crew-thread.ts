import { parentPort } from 'node:worker_threads';
import { type CrewOrder, doWork } from '../../src/crew.ts';
import { sentenceOf } from '../../src/errors.ts';
import { trialWork } from './trial-work.ts';

parentPort?.on('message', async ({ number, kind, items }: CrewOrder) => {
  try {
    const results: unknown[] = [];
    for (const item of items) results.push(await doWork(trialWork, kind, item));
    parentPort?.postMessage({ number, results });
  } catch (error) {
    parentPort?.postMessage({ number, fault: sentenceOf(error) });
  }
});
