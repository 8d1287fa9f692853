import type { Operator } from '../../src/operators/index.ts';
import type { ConsoleRequest } from '../../src/web/console/console-request.ts';
import { siteOf } from './feed-fixtures.ts';

/** A GET of an owner who is signed in, for what is drawn without a server. */
export function consoleRequest(changes: Partial<ConsoleRequest> = {}): ConsoleRequest {
  const operator: Operator = {
    id: 1,
    name: 'Ana',
    email: 'ana@example.com',
    role: 'owner',
    timezone: 'Asia/Tbilisi',
  };
  const now = '2026-11-27T03:00:00.000Z';
  return {
    site: siteOf(),
    now,
    assets: { stylePath: '/assets/console.css', scriptPaths: [] },
    operator,
    session: { id: 1, operator, hasTotp: true, begunAt: now, seenAt: now, client: null, agent: 'a test' },
    may: () => true,
    params: {},
    query: new URLSearchParams(),
    headers: new Headers(),
    signal: new AbortController().signal,
    isHtmx: false,
    notice: null,
    raw: new Request('http://localhost/console'),
    client: null,
    consolePath: (path) => `/console${path === '/' ? '' : path}`,
    form: async () => new URLSearchParams(),
    ...changes,
  };
}
