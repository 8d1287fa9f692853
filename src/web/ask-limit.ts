import { IncomingMessage } from 'node:http';
import type { Context } from 'hono';
import { createClientAddress } from './client-address.ts';
import { createRequestLimit } from './request-limit.ts';

/** How often one client may have letters sent, and all together, each hour. */
const perClient = 20;
const altogether = 1000;
const periodMs = 3_600_000;

/** Whether a stranger may have one more letter sent. */
export type AskLimit = (context: Context) => boolean;

export function createAskLimit(trustedProxies: readonly string[], nowMs: () => number): AskLimit {
  const addressOf = createClientAddress(trustedProxies);
  const clients = createRequestLimit({ requests: perClient, periodMs, nowMs });
  const all = createRequestLimit({ requests: altogether, periodMs, nowMs, clients: 1 });
  return ({ env }) => {
    const request: unknown = env?.incoming;
    const address = request instanceof IncomingMessage ? addressOf(request) : null;
    return (address === null || clients.take(address) === null) && all.take('') === null;
  };
}
