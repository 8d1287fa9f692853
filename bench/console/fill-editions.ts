import type { DatabaseSync } from 'node:sqlite';
import type { LedgerFacts } from './ledger-facts.ts';

export interface EditionsToFill {
  /** The edition that the others are copies of. */
  readonly like: string;
  /** Articles of the draft. */
  readonly slugs: readonly string[];
  readonly count: number;
  /** How many have a delivery to each reader. */
  readonly large: number;
  readonly now: Date;
}

type Filled = Pick<LedgerFacts, 'sent' | 'sending' | 'old' | 'draft' | 'delivery' | 'doubt'>;

const dayMs = 24 * 3_600_000;
/** What is copied with an edition. */
const content = ['edition_story', 'edition_pieces', 'edition_variant'] as const;

/** An edition a day, back from today: the newest with deliveries, one of them still going out, of the rest only sums. */
export function fillEditions(database: DatabaseSync, { like, slugs, count, large, now }: EditionsToFill): Filled {
  // It was only just frozen, and no worker is there.
  database.exec(
    `update edition set state = 'sent', finished_at = due_at; update delivery set state = 'sent'; delete from edition_count`,
  );
  const columns = columnsOf(database, 'edition').filter((name) => !own.has(name));
  const addEdition = database.prepare(
    `insert into edition (id, key, state, due_at, created_at, frozen_at, finished_at, cutoff, expires_at, lanes, pruned_at, ${columns.join(', ')})
     select ?, ?, ?, ?, ?, ?, ?, ?, ?, '["","gmail.example","mail.example"]', ?, ${columns.join(', ')} from edition where id = ?`,
  );
  const copies = content.map((table) => {
    const rest = columnsOf(database, table).filter((name) => name !== 'edition_id');
    return database.prepare(
      `insert into ${table} (edition_id, ${rest.join(', ')}) select ?, ${rest.join(', ')} from ${table} where edition_id = ?`,
    );
  });
  const addSum = database.prepare(`insert into edition_count (edition_id, state, lane, count) values (?, ?, '', ?)`);
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const dueAt = new Date(now.getTime() - (index + 1) * dayMs);
    const key = `${dueAt.toISOString().slice(0, 13)}${dueAt.toISOString().slice(14, 16)}Z`;
    const id = `weekly-${key}`;
    const isLarge = index < large;
    const isSending = index === 0;
    const at = dueAt.toISOString();
    const [expires, finished] = [new Date(dueAt.getTime() + 2 * dayMs).toISOString(), isSending ? null : at];
    addEdition.run(
      id,
      key,
      isSending ? 'sending' : 'sent',
      at,
      at,
      at,
      finished,
      at,
      expires,
      isLarge ? null : at,
      like,
    );
    for (const copy of copies) copy.run(id, like);
    if (isLarge) fillDeliveries(database, id, isSending, at);
    else for (const [state, readers] of oldSums(count - index)) addSum.run(id, state, readers);
    ids.push(id);
  }
  const draft = 'weekly-2099-01-01T0300Z';
  addEdition.run(
    draft,
    '2099-01-01T0300Z',
    'draft',
    '2099-01-01T03:00:00.000Z',
    now.toISOString(),
    null,
    null,
    null,
    null,
    null,
    like,
  );
  database.exec(`
    update edition set reason = null, "trigger" = 'schedule', selection = '{"since":null,"slugs":null}' where id <> '${like}';
    insert into edition_count (edition_id, state, lane, count)
      select edition_id, iif(state in ('queued', 'claimed', 'attempting'), 'open', state), lane, count(*) from delivery
      group by 1, 2, 3;
    insert into edition_return (edition_id, outcome, count)
      select edition_id, outcome, count(*) from delivery where outcome in ('bounced', 'complained') group by 1, 2;
    update edition set candidates = coalesce((select sum(count) from edition_count where edition_id = edition.id), 0);`);
  const named = JSON.stringify({ since: null, slugs });
  database.prepare('update edition set selection = ? where id = ?').run(named, draft);
  const [sending = like, sent = like] = ids;
  const one = (condition: string): number =>
    Number(
      database.prepare(`select id from delivery where edition_id = ? and ${condition} limit 1`).get(sent)?.['id'] ?? 0,
    );
  return {
    sent,
    sending,
    old: ids.at(-1) ?? like,
    draft,
    delivery: one(`state = 'sent'`),
    doubt: one(`state = 'in_doubt'`),
  };
}

const own = new Set([
  'id',
  'key',
  'state',
  'due_at',
  'created_at',
  'frozen_at',
  'finished_at',
  'cutoff',
  'expires_at',
  'lanes',
  'pruned_at',
  'request_token',
]);

function columnsOf(database: DatabaseSync, table: string): string[] {
  return database
    .prepare(`select name from pragma_table_info(?)`)
    .all(table)
    .map(({ name }) => `"${String(name)}"`)
    .filter((name) => !own.has(name.slice(1, -1)));
}

/** One to each reader: most sent, some failed, bounced, left out, given up, five in doubt. */
function fillDeliveries(database: DatabaseSync, id: string, isSending: boolean, at: string): void {
  const state = `case when id % 97 = 1 then 'excluded' when id % 200000 = 3 then 'in_doubt'
    when ${isSending ? 'id % 5 < 2' : '0'} then 'queued' when id % 211 = 4 then 'deferred'
    when id % 131 = 5 then 'failed' when id % 499 = 6 then 'cancelled' else 'sent' end`;
  database
    .prepare(
      `insert into delivery (edition_id, subscriber_id, address, address_key, lang, variant, state, reason, attempts, reply,
        phase, reply_class, message_id, attempted_at, lane, outcome, updated_at)
       select ?, id, email, address_key, lang, case when state = 'excluded' then null else 0 end,
        case when state = 'deferred' and ${isSending ? 0 : 1} then 'failed' else state end,
        case state when 'excluded' then 'suppressed' when 'failed' then 'refused' when 'cancelled' then 'left' end,
        state not in ('excluded', 'queued'),
        case state when 'sent' then '250 2.0.0 Ok: queued as 4F' || id when 'failed' then '550 5.1.1 No such user here'
          when 'deferred' then '451 4.7.1 Try again later' end,
        case when state in ('sent', 'failed') then 'accepted' end, case when state = 'failed' then 'address_gone' end,
        case when state = 'sent' then 'd' || id || '@gazette.example' end, ?,
        case when email like '%@gmail.example' then 'gmail.example' when email like '%@mail.example' then 'mail.example' else '' end,
        case when state = 'sent' and id % 173 = 9 then 'bounced' when state = 'sent' and id % 9973 = 9 then 'complained' end, ?
       from (select *, ${state} as state from (select id, email, address_key, lang from subscriber))`,
    )
    .run(id, at, at);
}

function oldSums(days: number): [string, number][] {
  const readers = 200_000 + days * 700;
  return [
    ['sent', readers],
    ['failed', Math.round(readers / 140)],
    ['excluded', Math.round(readers / 90)],
    ['cancelled', 40],
  ];
}
