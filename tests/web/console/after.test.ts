import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { plusMs } from '../../../src/clock.ts';
import type { ClaimedDelivery, LedgerEntry } from '../../../src/delivery/index.ts';
import { openConsole, type TestConsole } from '../../support/console.ts';
import { addReaders, freezeWeekly, type MailRoom, openMailRoom, sumOf } from '../../support/mailing.ts';
import { smallPublication } from '../../support/publication-folder.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';

const now = '2026-11-27T03:00:00.000Z';

let room: MailRoom;
let desk: TestConsole;
let id: string;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  const home = await createTemporaryFolder();
  closing.push(() => home.remove());
  const folder = await smallPublication(home.path);
  desk = await openConsole({ folder, closeLater: (close) => closing.push(close) });
  room = await openMailRoom(join(folder, 'var'));
  closing.push(() => room.close());
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

beforeEach(async () => {
  await room.database.updateTable('edition').set({ state: 'sent' }).execute();
  await room.database.deleteFrom('subscriber').execute();
  await addReaders(room, [
    { email: 'ann@example.com' },
    { email: 'bob@example.com', lang: 'fa' },
    { email: 'cy@example.com' },
    { email: 'dia@example.com' },
    { email: 'eve@example.com', state: 'suspended' },
  ]);
  ({ id } = await freezeWeekly(room, { now: plusMs(now, Date.now() % 43_200_000) }));
  const at = plusMs(now, 90_000_000);
  const claimed = await room.ledger.claim({
    worker: 'worker',
    transport: 'outbox',
    limit: 100,
    now: at,
    leaseUntil: plusMs(at, 60_000),
    editionId: id,
  });
  await room.ledger.commit(claimed.flatMap(entriesOf), at);
  await room.ledger.finishEditions('outbox', at);
});

/** Ann and Bob got it; Cy is in doubt; Dia was refused. */
function entriesOf({ deliveryId, token, address }: ClaimedDelivery): LedgerEntry[] {
  const messageId = `<${address.replace('@', '.')}@courier.example>`;
  const result = { deliveryId, token, phase: 'final_dot', class: null } as const;
  const begin: LedgerEntry = { kind: 'begin', deliveryId, token, messageId };
  if (address.startsWith('cy')) return [begin, { ...result, kind: 'in_doubt', reply: 'the connection ended' }];
  const reply = '550 5.7.1 <script>alert(1)</script> refused';
  if (address.startsWith('dia')) return [begin, { ...result, kind: 'failed', reason: 'rejected', reply }];
  return [begin, { ...result, kind: 'sent', reply: '250 2.0.0 queued as 4Sg1pX0Kjzz3x' }];
}

async function page(path: string): Promise<string> {
  const answer = await desk.get(path);
  expect(answer.status, path).toBe(200);
  return answer.body.toString();
}

async function deliveryOf(address: string): Promise<number> {
  const row = await room.database
    .selectFrom('delivery')
    .select('id')
    .where('edition_id', '=', id)
    .where('address', '=', address)
    .executeTakeFirstOrThrow();
  return row.id;
}

async function audited(): Promise<string[]> {
  const { rows } = await sql<{ action: string }>`select action from audit_log order by id`.execute(room.database);
  return rows.map(({ action }) => action);
}

describe('/console/editions', () => {
  it('lists the newest first with state and account, narrowed and paged by key', async () => {
    const all = await page('/editions');
    expect(all).toContain(`href="/console/editions/${id}"`);
    expect(all).toContain('5</b> <span class="why">2 sent, 1 failed, 1 in doubt, 1 left out');
    expect(all).toContain('The week, Friday 27 November 2026');
    expect(await page('/editions?state=held')).toContain('There is no such edition.');
    expect(await page('/editions?newsletter=other')).toContain('There is no such edition.');
    expect(await page(`/editions?state=sent&newsletter=weekly&rhythm=each&after=${id}`)).not.toContain(
      `/editions/${id}"`,
    );
    expect(await page('/editions?state=%3Cb%3E&after=unknown')).toContain('There is no such edition.');
  });
});

describe('/console/editions/:id/readers', () => {
  it('accounts for each reader and lets none of the relay’s words be markup', async () => {
    const text = await page(`/editions/${id}/readers`);
    for (const name of ['ann', 'bob', 'cy', 'dia', 'eve']) expect(text).toContain(`${name}@example.com`);
    expect(text).toContain('The 4 rows add up to all readers.');
    expect(text).toContain('550 5.7.1 &lt;script&gt;');
    expect(text).toContain('the reader is suspended after bounces');
    expect(text).not.toMatch(/<script>|\sstyle=/);
  });

  it('finds by address, state, reason, outcome, language and domain', async () => {
    const found = async (query: string): Promise<string[]> =>
      [...(await page(`/editions/${id}/readers?${query}`)).matchAll(/class="address">(\w+)@/g)].map(
        (match) => match[1] ?? '',
      );
    expect(await found('address=B')).toEqual(['bob']);
    expect(await found('state=sent')).toEqual(['ann', 'bob']);
    expect(await found('state=waiting')).toEqual([]);
    expect(await found('reason=rejected')).toEqual(['dia']);
    expect(await found('lang=fa')).toEqual(['bob']);
    expect(await found('outcome=accepted&domain=%40EXAMPLE.com')).toEqual(['ann', 'bob']);
    expect(await found('outcome=bounced')).toEqual([]);
    expect(await found('state=nonsense&reason=%27&after=x')).toHaveLength(5);
  });

  it('tells the whole story of one, and shows the mail as that reader gets it without a link of theirs', async () => {
    const delivery = await deliveryOf('bob@example.com');
    const text = await page(`/editions/${id}/readers/${delivery}`);
    expect(text).toContain('250 2.0.0 queued as 4Sg1pX0Kjzz3x');
    expect(text).toContain('&lt;bob.example.com@courier.example&gt;');
    const frame = await page(`/editions/${id}/readers/${delivery}/mail`);
    expect(frame).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const html = await desk.get(`/editions/${id}/readers/${delivery}/mail/html`);
    expect(html.headers['content-security-policy']).toContain('sandbox');
    expect(html.body.toString()).toContain('armenia in fa');
    const source = await page(`/editions/${id}/readers/${delivery}/mail?as=source`);
    for (const body of [html.body.toString(), source]) {
      expect(body).toContain('/unsubscribe/preview');
      expect(body.match(/\/(?:unsubscribe|preferences)\/(?!preview)/)).toBeNull();
    }
    const left = await deliveryOf('eve@example.com');
    expect((await desk.get(`/editions/${id}/readers/${left}/mail`)).status).toBe(404);
    expect((await desk.get(`/editions/${id}/readers/999999`)).status).toBe(404);
    expect((await desk.get(`/editions/none/readers/${delivery}`)).status).toBe(404);
  });

  it('saves all as CSV for owners only, and records it', async () => {
    const answer = await desk.post(`/editions/${id}/readers/export`);
    const lines = answer.body.toString().split('\r\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe(
      'delivery,address,language,state,reason,outcome,attempts,attempted_at,phase,reply,message_id,updated_at',
    );
    expect(lines.find((line) => line.includes('dia@'))).toContain(',failed,rejected,');
    expect(await audited()).toContain('readers.export');
    const sender = await desk.signIn('sender');
    expect((await sender.post(`/editions/${id}/readers/export`)).status).toBe(403);
    expect((await desk.get(`/editions/${id}/readers/export`)).status).toBe(404);
  });

  it('keeps addresses from editors and viewers', async () => {
    const editor = await desk.signIn('editor');
    expect((await editor.get(`/editions/${id}/readers`)).status).toBe(403);
    expect((await editor.get(`/editions/${id}/doubt`)).status).toBe(403);
    expect((await editor.get('/editions')).status).toBe(200);
  });
});

describe('/console/editions/:id/doubt', () => {
  it('settles one by a button, and one that is settled not again', async () => {
    const delivery = await deliveryOf('cy@example.com');
    const text = await page(`/editions/${id}/doubt`);
    expect(text).toContain('after the whole message was written');
    expect(text).toContain('&lt;cy.example.com@courier.example&gt;');
    const answer = await desk.post(`/editions/${id}/readers/${delivery}/settle`, { word: 'accept' });
    expect([answer.status, answer.headers.location]).toEqual([303, `/console/editions/${id}/doubt`]);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 3, in_doubt: 0 });
    expect((await desk.post(`/editions/${id}/readers/${delivery}/settle`, { word: 'resend' })).status).toBe(404);
    expect((await desk.post(`/editions/${id}/readers/${delivery}/settle`, { word: 'x' })).status).toBe(400);
    expect(await audited()).toContain('editions.doubt.accept');
  });

  it('settles all after it was asked for their number, and not where that has changed', async () => {
    expect(await page(`/editions/${id}/doubt/all?word=resend`)).toContain('Send again to 1 reader in doubt?');
    const stale = await desk.post(`/editions/${id}/doubt/all`, { word: 'resend', readers: '7' });
    expect([stale.status, stale.body.toString()]).toEqual([422, expect.stringContaining('their number has changed')]);
    expect((await desk.post(`/editions/${id}/doubt/all`, { word: 'resend', readers: '1' })).status).toBe(303);
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 1, in_doubt: 0 });
    expect(await room.editions.findEdition(id)).toMatchObject({ state: 'sending' });
  });

  it('settles by the lines of a relay’s log, and keeps what was pasted where they tell nothing', async () => {
    const useless = await desk.post(`/editions/${id}/doubt/log`, { log: 'nothing <b>of</b> use' });
    expect(useless.status).toBe(422);
    expect(useless.body.toString()).toContain('nothing &lt;b&gt;of&lt;/b&gt; use</textarea>');
    expect(useless.body.toString()).toContain('aria-describedby="log-help log-error"');
    const log = [
      'postfix/cleanup[7]: 4Sg1: message-id=<cy.example.com@courier.example>',
      'postfix/smtp[9]: 4Sg1: to=<cy@example.com>, status=sent (250 ok)',
    ].join('\n');
    expect((await desk.post(`/editions/${id}/doubt/log`, { log })).status).toBe(303);
    expect(await room.editions.getCounts(id)).toMatchObject({ sent: 3, in_doubt: 0 });
  });

  it('names the address that the reader has now, where it would go', async () => {
    const set = { email: 'cy@example.org', address_key: 'key of cy@example.org' };
    await room.database.updateTable('subscriber').set(set).where('email', '=', 'cy@example.com').execute();
    expect(await page(`/editions/${id}/doubt`)).toMatch(/Send again to <bdi[^>]*>cy@example\.org/);
    expect(await page(`/editions/${id}/doubt/all?word=resend`)).toContain('One of them has another address by now');
    const delivery = await deliveryOf('cy@example.com');
    expect(await page(`/editions/${id}/readers/${delivery}`)).toContain('sent again, it goes there');
    expect((await desk.post(`/editions/${id}/readers/${delivery}/settle`, { word: 'resend' })).status).toBe(303);
    expect(await page(`/editions/${id}/readers/${delivery}`)).toContain('cy@example.org');
  });

  it('leaves deciding to those who may send', async () => {
    const viewer = await desk.signIn('viewer');
    const delivery = await deliveryOf('cy@example.com');
    expect((await viewer.post(`/editions/${id}/readers/${delivery}/settle`, { word: 'accept' })).status).toBe(403);
    expect((await viewer.post(`/editions/${id}/doubt/all`, { word: 'accept', readers: '1' })).status).toBe(403);
    expect((await viewer.get(`/editions/${id}/missing`)).status).toBe(403);
    expect(await room.editions.getCounts(id)).toMatchObject({ in_doubt: 1 });
  });
});

describe('/console/editions/:id/missing', () => {
  it('says who would get it, then opens the edition again for them', async () => {
    const text = await page(`/editions/${id}/missing`);
    expect(text).toContain('Send it to 1 reader who did not get it?');
    expect(text).toContain('the relay refused it for good');
    expect((await desk.post(`/editions/${id}/missing`, { readers: '2' })).status).toBe(422);
    expect((await desk.post(`/editions/${id}/missing`, { readers: '1' })).status).toBe(303);
    const counts = await room.editions.getCounts(id);
    expect(counts).toMatchObject({ queued: 1, failed: 0 });
    expect(sumOf(counts)).toBe(counts.candidates);
    expect(await page(`/editions/${id}/missing`)).toContain('Nobody is missing');
  });

  it('sends nothing from a database that turns out to be older than the last mail, unless that was said', async () => {
    const mark = { newsletter: 'weekly', reason: 'restored', since: now };
    await room.database.insertInto('guard_mark').values(mark).execute();
    const refused = await desk.post(`/editions/${id}/missing`, { readers: '1' });
    expect(refused.status).toBe(422);
    expect(refused.body.toString()).toContain('Nothing was sent: the database turns out to be in doubt.');
    expect(refused.body.toString()).toContain('name="warned" value="yes"');
    expect(await room.editions.getCounts(id)).toMatchObject({ queued: 0, failed: 1 });
    expect((await desk.post(`/editions/${id}/missing`, { readers: '1', warned: 'yes' })).status).toBe(303);
    await room.database.deleteFrom('guard_mark').execute();
  });
});
