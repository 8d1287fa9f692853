import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, sentenceOf } from '../../errors.ts';
import { giveWay } from '../../give-way.ts';
import { openBeside } from '../database/open-beside.ts';
import { createAudienceStore } from './audience-store.ts';
import type { AudienceAnswer, AudienceOrder } from './audience-thread.ts';

/** Groups in a message: whoever takes it has taken it in a millisecond or two. */
const atOnce = 500;
/** Between two messages, so that they aren't taken in one go. */
const restMs = 2;

const tell = (answer: AudienceAnswer): void => parentPort?.postMessage(answer);

async function count({ file, request }: AudienceOrder): Promise<void> {
  const database = openBeside(file);
  const store = createAudienceStore(database);
  const groups = await store.listAudience({ ...request, onProgress: (readers) => tell({ kind: 'counted', readers }) });
  await database.destroy();
  for (let from = 0; from < groups.length; from += atOnce) {
    tell({ kind: 'groups', groups: groups.slice(from, from + atOnce) });
    await delay(restMs);
  }
  tell({ kind: 'done' });
}

giveWay();
try {
  await count(workerData);
} catch (error) {
  tell({ kind: 'refused', code: error instanceof AppError ? error.code : 'internal', sentence: sentenceOf(error) });
}
