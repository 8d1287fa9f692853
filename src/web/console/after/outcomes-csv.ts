import type { Delivery } from '../../../delivery/index.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { csvDownload } from '../csv-download.ts';
import { getEdition } from '../get-edition.ts';

const columns: readonly (readonly [string, (delivery: Delivery) => string | number | null])[] = [
  ['delivery', ({ id }) => id],
  ['address', ({ address }) => address],
  ['language', ({ lang }) => lang],
  ['state', ({ state }) => state],
  ['reason', ({ reason }) => reason],
  ['outcome', ({ outcome }) => outcome],
  ['attempts', ({ attempts }) => attempts],
  ['attempted_at', ({ attemptedAt }) => attemptedAt],
  ['phase', ({ phase }) => phase],
  ['reply', ({ reply }) => reply],
  ['message_id', ({ messageId }) => messageId],
  ['updated_at', ({ updatedAt }) => updatedAt],
];

/** What became of every reader, as CSV. A form is posted for it, so that no link takes addresses out of the house. */
export async function outcomesCsv({ after, audit }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const edition = await getEdition(after.editions, request);
  const { candidates } = await after.editions.getCounts(edition.id);
  const deed = { operator: request.operator, action: 'readers.export', subject: edition.id, after: { candidates } };
  return audit.around(deed, () => csvDownload(`${edition.id}.csv`, rowsOf(after.listDeliveries(edition.id))));
}

async function* rowsOf(deliveries: AsyncIterable<Delivery>): AsyncGenerator<string[]> {
  yield columns.map(([name]) => name);
  for await (const delivery of deliveries) yield columns.map(([, cell]) => String(cell(delivery) ?? ''));
}
