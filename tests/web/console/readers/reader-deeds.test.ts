import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../../src/storage/index.ts';
import { closeAfterAll } from '../../../support/close-after-all.ts';
import type { TestConsole } from '../../../support/console.ts';
import { newReader } from '../../../support/reader-store.ts';
import { openSharedConsole } from '../../../support/shared-console.ts';

let desk: TestConsole;
let made = 0;

const closeLater = closeAfterAll();
beforeAll(async () => {
  desk = await openSharedConsole(closeLater);
});

async function makeReader(changes: Parameters<typeof newReader>[1] = {}): Promise<{ id: number; email: string }> {
  made += 1;
  const email = `reader${made}@example.com`;
  const { subscribers, clock } = desk.app;
  await subscribers.addSubscribers([newReader(email, changes)], clock.now());
  return { id: (await subscribers.findByEmail(email))?.subscriber.id ?? 0, email };
}

async function auditOf(action: string): Promise<{ subject: string; before: string | null; after: string | null }[]> {
  const database = await openDatabase(desk.app.config.paths.database);
  try {
    const { rows } = await sql<{ subject: string; before: string | null; after: string | null }>`
      select * from audit_log where action = ${action} order by id`.execute(database);
    return rows;
  } finally {
    await database.destroy();
  }
}

const stateOf = async (id: number) => (await desk.app.subscribers.findById(id))?.subscriptions[0]?.state;

describe('the deeds of /console/readers/:id', () => {
  it('suppress with a reason, and lift again, each on the record before', async () => {
    const { id, email } = await makeReader();
    const asked = await desk.post(`/readers/${id}/suppress`, { reason: ' ' });
    expect(asked.status).toBe(422);
    expect(String(asked.body)).toContain('aria-describedby="reason-help reason-error"');
    expect(await desk.app.subscribers.isSuppressed(email)).toBe(false);
    const done = await desk.post(`/readers/${id}/suppress`, { reason: 'wrote to us' });
    expect([done.status, done.headers.location]).toEqual([303, `/console/readers/${id}`]);
    expect(await desk.app.directory.findSuppression(email)).toMatchObject({ reason: 'wrote to us' });
    expect(await auditOf('readers.suppress')).toMatchObject([{ subject: String(id) }]);
    await desk.post(`/readers/${id}/lift`);
    expect(await desk.app.subscribers.isSuppressed(email)).toBe(false);
  });

  it('don’t lift a complaint', async () => {
    const { id, email } = await makeReader();
    await desk.app.subscribers.suppress(email, 'complaint', desk.app.clock.now());
    expect(String((await desk.get(`/readers/${id}`)).body)).not.toContain(`/readers/${id}/lift`);
    expect((await desk.post(`/readers/${id}/lift`)).status).toBe(303);
    expect(await desk.app.subscribers.isSuppressed(email)).toBe(true);
  });

  it('pause until a day, resume, and take off, as the operator’s doing', async () => {
    const { id } = await makeReader();
    const wrong = await desk.post(`/readers/${id}/pause`, { newsletter: 'weekly', until: '1999-01-01' });
    expect([wrong.status, await stateOf(id)]).toEqual([422, 'active']);
    await desk.post(`/readers/${id}/pause`, { newsletter: 'weekly', until: '' });
    expect(await stateOf(id)).toBe('paused');
    await desk.post(`/readers/${id}/resume`, { newsletter: '*' });
    expect(await stateOf(id)).toBe('active');
    expect((await desk.post(`/readers/${id}/leave`, { newsletter: 'other' })).status).toBe(422);
    await desk.post(`/readers/${id}/leave`, { newsletter: 'weekly' });
    expect(await stateOf(id)).toBe('left');
    const consents = await desk.app.subscribers.listConsents(id);
    expect(consents.slice(1).map(({ what, how }) => `${what} ${how}`)).toEqual([
      'changed operator',
      'changed operator',
      'left operator',
    ]);
  });

  it('lift a suspension', async () => {
    const { id } = await makeReader({ state: 'suspended', source: 'import' });
    await desk.post(`/readers/${id}/readmit`);
    expect((await desk.app.subscribers.findById(id))?.subscriber.state).toBe('active');
  });

  it('send a link, once a day', async () => {
    const { id } = await makeReader();
    expect(await noticeOf(desk.post(`/readers/${id}/link`))).toContain('leaves now');
    expect(await noticeOf(desk.post(`/readers/${id}/link`))).toContain('Nothing is sent');
  });

  it('erase only with the address typed, and leave no trace of it in the audit log', async () => {
    const { id, email } = await makeReader({ name: 'Somebody' });
    const wrong = await desk.post(`/readers/${id}/erase`, { address: 'other@example.com', keepOut: 'yes' });
    expect(wrong.status).toBe(422);
    expect(String(wrong.body)).toContain('value="other@example.com"');
    expect((await desk.post(`/readers/${id}/erase`, { address: email.toUpperCase(), keepOut: 'yes' })).status).toBe(
      303,
    );
    expect((await desk.app.subscribers.findById(id))?.subscriber).toMatchObject({ email: null, state: 'erased' });
    expect(await desk.app.subscribers.isSuppressed(email)).toBe(true);
    expect(JSON.stringify(await auditOf('readers.erase'))).not.toContain(email);
    expect((await desk.get(`/readers/${id}`)).status).toBe(200);
    expect((await desk.post(`/readers/${id}/erase`, { address: email })).status).toBe(404);
  });

  it('are the owner’s alone', async () => {
    const { id } = await makeReader();
    const sender = await desk.signIn('sender');
    for (const deed of ['suppress', 'erase', 'leave', 'link']) {
      expect((await sender.get(`/readers/${id}/${deed}`)).status).toBe(403);
      expect((await sender.post(`/readers/${id}/${deed}`)).status).toBe(403);
    }
    expect(String((await sender.get(`/readers/${id}`)).body)).not.toContain('What you can do');
    expect((await sender.get('/readers/add')).status).toBe(403);
  });
});

describe('POST /console/readers/add', () => {
  it('adds a reader for whom the operator vouches, and says what is wrong beside the field', async () => {
    const wrong = await desk.post('/readers/add', { email: 'no address', lang: 'en', vouch: 'yes' });
    expect(wrong.status).toBe(422);
    expect(String(wrong.body)).toContain('id="email-error"');
    expect((await desk.post('/readers/add', { email: 'new@example.com', lang: 'en' })).status).toBe(422);
    expect(await desk.app.subscribers.findByEmail('new@example.com')).toBeNull();
    const done = await desk.post('/readers/add', {
      email: 'new@example.com',
      lang: 'en',
      newsletter: 'weekly',
      vouch: 'yes',
    });
    expect(done.status).toBe(303);
    const found = await desk.app.subscribers.findByEmail('new@example.com');
    const [consent] = await desk.app.subscribers.listConsents(found?.subscriber.id ?? 0);
    expect(consent).toMatchObject({ what: 'vouched', how: 'operator', wording: "The operator's word." });
  });
});

describe('/console/suppressions', () => {
  it('keeps an address out that nobody has, tells why, and lets it in', async () => {
    expect((await desk.post('/suppressions', { email: 'x', reason: '' })).status).toBe(422);
    await desk.post('/suppressions', { email: 'Trap@example.com', reason: 'a <b>trap</b>' });
    const { body } = await desk.get('/suppressions?address=trap@EXAMPLE.com');
    expect(String(body)).toContain('a &lt;b&gt;trap&lt;/b&gt;');
    expect(String(body)).not.toContain('<b>trap');
    await desk.post('/suppressions/lift', { address: 'trap@example.com' });
    expect(String((await desk.get('/suppressions?address=trap@example.com')).body)).toContain('isn’t suppressed');
    expect(JSON.stringify(await auditOf('suppressions.add'))).not.toMatch(/trap/i);
    const sender = await desk.signIn('sender');
    expect((await sender.post('/suppressions', { email: 'y@example.com', reason: 'z' })).status).toBe(403);
  });

  it.each([
    ['?after=x', 200],
    ['?after=2026~0', 200],
    ['?address=%00', 422],
    ['?address=a,b@example.com', 422],
  ])('answers %s with %i', async (query, status) => {
    expect((await desk.get(`/suppressions${query}`)).status).toBe(status);
  });
});

async function noticeOf(answer: ReturnType<TestConsole['post']>): Promise<string> {
  return decodeURIComponent(String((await answer).headers['set-cookie']));
}
