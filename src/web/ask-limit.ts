import { createRequestLimit } from './request-limit.ts';

/** How often one client may have letters sent, and all together, each hour. */
const perClient = 20;
const altogether = 1000;
const periodMs = 3_600_000;

/**
 * Whether a stranger may have one more letter sent: null where so, else the seconds to wait.
 *
 * @param client Tells clients apart; null where that can't be known: then all such are limited together.
 */
export type AskLimit = (client: string | null) => number | null;

export function createAskLimit(nowMs: () => number): AskLimit {
  const clients = createRequestLimit({ requests: perClient, periodMs, nowMs });
  const all = createRequestLimit({ requests: altogether, periodMs, nowMs, clients: 1 });
  // A client that has had its share takes nothing of the others'.
  return (client) => (client === null ? null : clients.take(client)) ?? all.take('');
}
