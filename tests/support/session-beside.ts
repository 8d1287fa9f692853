import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { systemClock } from '../../src/clock.ts';
import { createSessions } from '../../src/operators/index.ts';
import { createOperatorStore, openDatabase } from '../../src/storage/index.ts';
import { openKeys } from '../../src/subscribers/index.ts';

/** Signs a browser in, as an owner, to the console of a program that another process runs with a data folder. */
export async function signInBeside(data: string, url: string, context: BrowserContext): Promise<void> {
  const database = await openDatabase(join(data, 'silkpost.db'));
  const store = createOperatorStore(database, (await openKeys(data)).operators);
  const now = systemClock.now();
  const email = `${randomUUID()}@example.com`;
  const operator = await store.addOperator({ name: 'Nino', email, role: 'owner', timezone: 'Asia/Tbilisi' }, now);
  if (operator === null) throw new Error('There is such an operator already.');
  const token = await createSessions({ store, clock: systemClock }).begin(operator.id, {
    client: null,
    agent: 'a test',
  });
  await database.destroy();
  await context.addCookies([{ name: 'silkpost-session', value: token, url: `${url}/console` }]);
}
