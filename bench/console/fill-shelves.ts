import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { outboxName } from '../../src/delivery/index.ts';

export interface ShelvesToFill {
  readonly now: Date;
  /** Folder of the outbox. */
  readonly outbox: string;
  readonly edition: string;
}

/**
 * What the other pages list: the audit log, letters, polls of feeds, an outbox.
 *
 * @returns the name of a file of the outbox.
 */
export function fillShelves(database: DatabaseSync, { now, outbox, edition }: ShelvesToFill): string {
  const at = now.toISOString();
  database.exec(`
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
    insert into audit_log (at, operator_id, actor, email, action, subject, before, after)
    select strftime('%Y-%m-%dT%H:%M:%fZ', '${at}', '-' || (20000 - i) || ' minutes'), 1, 'Ana', 'ana@example.com',
      case i % 4 when 0 then 'editions.pause' when 1 then 'editions.resume' when 2 then 'readers.suppress' else 'editions.approve' end,
      'weekly-' || i, '{"state":"sending"}', '{"state":"paused"}' from n;
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
    insert into letter (kind, subscriber_id, address, address_key, lang, payload, state, tries, not_before, reply, created_at, settled_at)
    select case i % 3 when 0 then 'confirm' else 'welcome' end, id, email, address_key, lang,
      '{"consentId":1,"newsletters":["weekly"],"lists":{"languages":["en"],"countries":[],"topics":[]}}', 'sent', 1, '${at}', '250 Ok', '${at}', '${at}'
      from n join subscriber on subscriber.id = i;
    with recursive n (i) as (select 0 union all select i + 1 from n where i < 89)
    insert or ignore into feed_poll (path, day, polls, unchanged)
    select path, date('${at}', '-' || i || ' days'), 400 + i, 390 from n, (select path from feed_document
      union select '/rss.xml' union select '/atom.xml' union select '/feed.json');
    insert or ignore into feed_subscribers (path, agent, feed_id, subscribers, seen_at)
      select '/rss.xml', 'Feedly/1.0', '', 1200, '${at}' union select '/atom.xml', 'Inoreader/1.0', '', 300, '${at}';`);
  return fillOutbox(database, join(outbox, edition), edition);
}

/** What the first readers got; returns the name of one of these files. */
function fillOutbox(database: DatabaseSync, folder: string, edition: string): string {
  mkdirSync(folder, { recursive: true });
  const rows = database
    .prepare(`select id, address from delivery where edition_id = ? and state = 'sent' order by id limit 500`)
    .all(edition);
  let last = '';
  for (const { id, address } of rows) {
    const to = String(address);
    last = outboxName(String(id), to);
    const lines = [
      'From: digest@gazette.example',
      `To: ${to}`,
      `Subject: The week ${id}`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/alternative; boundary=part',
      '',
      '--part',
      'Content-Type: text/plain; charset=utf-8',
      '',
      'Hello.',
      '--part',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>Hello.</p>',
      '--part--',
      '',
    ];
    writeFileSync(join(folder, `${last}.eml`), lines.join('\r\n'));
    const envelope = {
      from: 'digest@gazette.example',
      to,
      kind: 'digest',
      newsletter: 'weekly',
      edition,
      delivery: id,
    };
    writeFileSync(join(folder, `${last}.json`), JSON.stringify(envelope));
  }
  return `${last}.eml`;
}
