import { connectionOf, type Database, turnOf } from './database.ts';

/** Another process's pause is seen so much later at most. */
const goodForMs = 2;

/**
 * Makes what lists the editions of a transport that are being sent. It is asked before each envelope, and reading is dear
 * while another connection writes all the time: what was read before is forgotten then. So the same set is returned for a
 * moment, unless this connection has written something since.
 */
export function createSendingEditions(database: Database): (transport: string) => ReadonlySet<string> {
  const select = connectionOf(database).prepare(`select id from edition where state = 'sending' and transport = ?`);
  const turn = turnOf(database);
  let known = { transport: '', turns: -1, until: 0, ids: new Set<string>() };
  return (transport) => {
    const now = performance.now();
    if (known.transport !== transport || known.turns !== turn.turned || known.until < now) {
      const read = select.all(transport).map(({ id }) => String(id));
      const isSame =
        known.transport === transport && known.ids.size === read.length && read.every((id) => known.ids.has(id));
      known = { transport, turns: turn.turned, until: now + goodForMs, ids: isSame ? known.ids : new Set(read) };
    }
    return known.ids;
  };
}
