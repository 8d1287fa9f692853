import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it, vi } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import { createTotpSecret, totpCode } from '../../src/operators/index.ts';
import { isWorthTelling } from '../../src/operators/sign-in-limit.ts';
import { findTotpStep } from '../../src/operators/totp.ts';
import { goodPassword, nearby, openOperatorRoom, type TestOperatorRoom } from '../support/operator-room.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const email = 'ana@courier.example';
const typed = { email, password: goodPassword, code: '' };

/** Gives an operator an authenticator app; returns its secret and the recovery codes. */
async function enrol(room: TestOperatorRoom) {
  const outcome = await room.signIn(typed, nearby);
  if (outcome.kind !== 'in') throw new Error(outcome.kind);
  const session = await room.sessions.find(outcome.token, true);
  if (session === null) throw new Error('no session');
  const secret = createTotpSecret();
  const code = totpCode(secret, room.clock.now());
  const enrolled = await room.account.enrol(session, { secret, code, current: '' });
  if ('faults' in enrolled) throw new Error(JSON.stringify(enrolled.faults));
  return { secret, code, codes: enrolled.codes, session };
}

function keptLog() {
  const lines: unknown[][] = [];
  const keep = (...line: unknown[]): void => void lines.push(line);
  return { log: { info: keep, warn: keep, error: keep }, lines };
}

const later = (room: TestOperatorRoom, ms: number): void => room.clock.set(plusMs(room.clock.now(), ms));

describe('signIn', () => {
  it('gives an unknown account, a wrong password and a wrong code the same answer for the same work', async () => {
    const room = await openOperatorRoom();
    await room.addOperator(email, 'owner');
    await enrol(room);
    later(room, 60_000);
    const outcomes: unknown[] = [];
    for (const wrong of [
      { ...typed, email: 'nobody@courier.example' },
      { ...typed, password: 'something else entirely' },
      { ...typed, code: '000000' },
      { ...typed, email: '\u0000 not even an address' },
    ]) {
      room.passwords.work = 0;
      outcomes.push([await room.signIn(wrong, nearby), room.passwords.work]);
    }
    expect(outcomes).toEqual(Array(4).fill([{ kind: 'refused' }, 1]));
  });

  it('takes a code once, a later one again, and none of an earlier step', async () => {
    const room = await openOperatorRoom();
    await room.addOperator(email, 'owner');
    const { secret, code } = await enrol(room);
    const tryWith = async (with_: string) => (await room.signIn({ ...typed, code: with_ }, nearby)).kind;
    expect(await tryWith(code)).toBe('refused');
    later(room, 30_000);
    const next = totpCode(secret, room.clock.now());
    expect(await tryWith(next)).toBe('in');
    expect(await tryWith(next)).toBe('refused');
    expect(await tryWith(code)).toBe('refused');
  });

  it('lets one of two in who use a code at once', async () => {
    const room = await openOperatorRoom();
    await room.addOperator(email, 'owner');
    const { secret } = await enrol(room);
    later(room, 30_000);
    const code = totpCode(secret, room.clock.now());
    const kinds = await Promise.all([1, 2].map(async () => (await room.signIn({ ...typed, code }, nearby)).kind));
    expect(kinds.toSorted()).toEqual(['in', 'refused']);
  });

  it('takes each recovery code once, however it is written, and says how many are left', async () => {
    const room = await openOperatorRoom();
    await room.addOperator(email, 'owner');
    const { codes } = await enrol(room);
    expect(codes).toHaveLength(10);
    const code = codes[0]?.toUpperCase().replaceAll('-', ' ') ?? '';
    expect(await room.signIn({ ...typed, code }, nearby)).toMatchObject({ kind: 'in', codesLeft: 9 });
    expect(await room.signIn({ ...typed, code }, nearby)).toEqual({ kind: 'refused' });
    const rows = await room.database.selectFrom('operator_recovery').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(codes[1]);
  });

  it('doesn’t use a code up on a wrong password', async () => {
    const room = await openOperatorRoom();
    await room.addOperator(email, 'owner');
    const { codes } = await enrol(room);
    const code = codes[0] ?? '';
    expect((await room.signIn({ ...typed, password: 'something else entirely', code }, nearby)).kind).toBe('refused');
    expect((await room.signIn({ ...typed, code }, nearby)).kind).toBe('in');
  });

  it('hashes a password anew that is kept at a lower cost', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    // 8 MiB and one pass over the salt `a salt of 16 byt`.
    const { argon2Sync } = await import('node:crypto');
    const salt = Buffer.from('a salt of 16 byt');
    const key = argon2Sync('argon2id', {
      message: goodPassword,
      nonce: salt,
      memory: 8192,
      passes: 1,
      parallelism: 1,
      tagLength: 32,
    });
    const text = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
    const weak = `$argon2id$v=19$m=8192,t=1,p=1$${text(salt)}$${text(key)}`;
    await room.database.updateTable('operator').set({ password_hash: weak }).execute();
    expect((await room.signIn(typed, nearby)).kind).toBe('in');
    expect((await room.store.findAccount({ id }))?.passwordHash).toMatch(/m=32768,t=3/);
    expect((await room.signIn(typed, nearby)).kind).toBe('in');
  });
});

describe('createSignInLimit', () => {
  const wrong = { password: 'something else entirely', code: '' };

  it('slows down an account and one that doesn’t exist alike, without work, longer each time', async () => {
    const room = await openOperatorRoom();
    await room.addOperator(email, 'owner');
    for (const address of [email, 'nobody@courier.example']) {
      for (let tries = 0; tries < 5; tries += 1) {
        expect(await room.signIn({ ...wrong, email: address }, nearby)).toEqual({ kind: 'refused' });
      }
      room.passwords.work = 0;
      expect(await room.signIn({ ...wrong, email: address.toUpperCase() }, nearby)).toEqual({
        kind: 'wait',
        seconds: 30,
      });
      // The right one too: nobody learns by it that it was right.
      expect((await room.signIn({ ...typed, email: address }, nearby)).kind).toBe('wait');
      expect(room.passwords.work).toBe(0);
    }
    later(room, 30_000);
    expect((await room.signIn({ ...wrong, email }, nearby)).kind).toBe('refused');
    expect(await room.signIn({ ...wrong, email }, nearby)).toEqual({ kind: 'wait', seconds: 60 });
    later(room, 60_000);
    expect((await room.signIn(typed, nearby)).kind).toBe('in');
    expect((await room.signIn({ ...wrong, email }, nearby)).kind).toBe('refused');
  });

  it('lets many at once through no further than one after the other', async () => {
    const room = await openOperatorRoom();
    const tries = Array.from({ length: 12 }, () => room.signIn({ ...wrong, email }, nearby));
    const kinds = (await Promise.all(tries)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'refused')).toHaveLength(5);
  });

  it('slows down one address that tries many accounts, and forgets after a day', async () => {
    const room = await openOperatorRoom();
    const from = { client: '192.0.2.7', agent: '' };
    for (let index = 0; index < 20; index += 1) {
      expect((await room.signIn({ ...wrong, email: `nobody${index}@courier.example` }, from)).kind).toBe('refused');
    }
    expect((await room.signIn({ ...wrong, email: 'another@courier.example' }, from)).kind).toBe('wait');
    expect((await room.signIn({ ...wrong, email: 'another@courier.example' }, nearby)).kind).toBe('refused');
    later(room, 25 * 3_600_000);
    expect((await room.signIn({ ...wrong, email: 'other@courier.example' }, from)).kind).toBe('refused');
    const rows = await room.database.selectFrom('sign_in_attempt').selectAll().execute();
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toMatch(/courier|192/);
  });
});

describe('the secret of an authenticator app', () => {
  const kept = async ({ database }: TestOperatorRoom): Promise<string | null | undefined> =>
    (await database.selectFrom('operator').select('totp_secret').executeTakeFirst())?.totp_secret;

  it('is in the database sealed alone, also where it was kept before there was a key', async () => {
    const { path: folder } = await temporaryFolder();
    const room = await openOperatorRoom({ folder });
    await room.addOperator(email, 'owner');
    const { secret } = await enrol(room);
    expect(await kept(room)).toMatch(/^v1\./);
    await room.database.updateTable('operator').set({ totp_secret: secret }).execute();
    await room.sealSecrets();
    expect(await kept(room)).toMatch(/^v1\./);
    later(room, 60_000);
    const code = totpCode(secret, room.clock.now());
    expect((await room.signIn({ ...typed, code }, nearby)).kind).toBe('in');
    await sql`pragma wal_checkpoint(truncate)`.execute(room.database);
    expect((await readFile(join(folder, 'silkpost.db'))).includes(secret)).toBe(false);
  });

  it('that can’t be opened lets nobody in but by a recovery code, and says what to do', async () => {
    const { path: folder } = await temporaryFolder();
    const first = await openOperatorRoom({ folder });
    await first.addOperator(email, 'owner');
    const { secret, codes } = await enrol(first);
    await rm(join(folder, 'operators.key'));
    const { log, lines } = keptLog();
    const room = await openOperatorRoom({ folder, log });
    later(room, 60_000);
    await room.sealSecrets();
    expect(lines).toEqual([
      ['problem', { message: expect.stringMatching(/ana@courier\.example.*silkpost operators reset/) }],
    ]);
    const code = totpCode(secret, room.clock.now());
    expect((await room.signIn({ ...typed, code }, nearby)).kind).toBe('refused');
    expect((await room.signIn(typed, nearby)).kind).toBe('refused');
    expect((await room.signIn({ ...typed, code: codes[0] ?? '' }, nearby)).kind).toBe('in');
  });
});

describe('a sign-in that is refused', () => {
  const wrong = { password: 'something else entirely', code: '' };
  const from = { client: '192.0.2.7', agent: 'a guesser' };

  it('is told to the log without what was typed, of many in a minute how many', async () => {
    const { log, lines } = keptLog();
    const room = await openOperatorRoom({ log });
    const { id } = await room.addOperator(email, 'owner');
    await room.signIn({ ...wrong, email }, from);
    for (let index = 0; index < 14; index += 1) await room.signIn({ ...wrong, email: `my secret ${index}` }, from);
    later(room, 60_000);
    await room.signIn({ ...wrong, email: 'somebody else' }, nearby);
    expect(lines).toHaveLength(12);
    expect(lines[0]).toEqual([
      'sign-in',
      { outcome: 'refused', operator: id, failed: 'password', client: '192.0.2.7' },
    ]);
    expect(lines[1]).toEqual([
      'sign-in',
      { outcome: 'refused', operator: null, failed: 'password', client: '192.0.2.7' },
    ]);
    expect(lines.slice(-2).map(([, fields]) => fields)).toEqual([
      { outcome: 'refused', untold: 5 },
      { outcome: 'refused', operator: null, failed: 'password', client: null },
    ]);
  });

  it('is in the audit log where an operator’s tries begin to wait, or the password was right; never of strangers', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const { secret } = await enrol(room);
    for (let tries = 0; tries < 6; tries += 1) {
      await room.signIn({ ...wrong, email }, from);
      await room.signIn({ ...wrong, email: 'nobody@courier.example' }, nearby);
    }
    later(room, 30_000);
    await room.signIn({ ...typed, code: '000000' }, from);
    await vi.waitFor(async () => {
      const entries = await room.auditEntries.listEntries({ action: 'sessions.refused' }, null, 10);
      expect(entries.map(({ subject, after }) => [subject, JSON.parse(after ?? '')])).toEqual([
        [`operator ${id}`, { tries: 6, failed: 'code', client: '192.0.2.7' }],
        [`operator ${id}`, { tries: 5, failed: 'password', client: '192.0.2.7' }],
      ]);
    });
    expect((await room.desk.list()).map(({ refused }) => refused)).toEqual([{ tries: 6, lastAt: room.clock.now() }]);
    later(room, 60_000);
    const code = totpCode(secret, room.clock.now());
    expect(await room.signIn({ ...typed, code }, nearby)).toMatchObject({ kind: 'in', refusedBefore: 6 });
    expect((await room.desk.list()).map(({ refused }) => refused)).toEqual([null]);
  });

  it.each([
    [4, false],
    [5, true],
    [6, false],
    [10, true],
    [15, false],
    [20, true],
  ])('is worth an entry at the %i. try: %s', (tries, expected) => expect(isWorthTelling(tries)).toBe(expected));
});

describe('createSessions', () => {
  it('ends a session after half an hour without a page, and after twelve hours with', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const begin = () => room.sessions.begin(id, nearby);
    const idle = await begin();
    later(room, 30 * 60_000);
    expect(await room.sessions.find(idle, true)).not.toBeNull();
    later(room, 30 * 60_000 + 1);
    expect(await room.sessions.find(idle, true)).toBeNull();
    expect(await room.sessions.find(idle, true)).toBeNull();

    const busy = await begin();
    for (let minutes = 0; minutes < 12 * 60; minutes += 20) {
      later(room, 20 * 60_000);
      expect(await room.sessions.find(busy, true)).not.toBeNull();
    }
    later(room, 1);
    expect(await room.sessions.find(busy, true)).toBeNull();
  });

  it('isn’t kept alive by a page that refreshes itself', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const token = await room.sessions.begin(id, nearby);
    for (const minutes of [20, 11]) {
      expect(await room.sessions.find(token, false)).not.toBeNull();
      later(room, minutes * 60_000);
    }
    expect(await room.sessions.find(token, false)).toBeNull();
  });

  it('keeps no token that a thief of the database could use', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const token = await room.sessions.begin(id, nearby);
    const rows = await room.database.selectFrom('operator_session').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(await room.sessions.find(rows[0]?.token_hash ?? '', true)).toBeNull();
  });
});

describe('findTotpStep', () => {
  // RFC 6238, appendix B: SHA-1, the last six of its eight digits.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

  it.each([
    ['1970-01-01T00:00:59.000Z', '287082'],
    ['2005-03-18T01:58:29.000Z', '081804'],
    ['2009-02-13T23:31:30.000Z', '005924'],
    ['2033-05-18T03:33:20.000Z', '279037'],
  ])('knows the code of %s', (at, code) => {
    expect(findTotpStep(secret, code, at)).toBe(Math.floor(Date.parse(at) / 30_000));
    expect(findTotpStep(secret, `${code.slice(0, 3)} ${code.slice(3)}`, at)).not.toBeNull();
    expect(findTotpStep(secret, code, plusMs(at, 90_000))).toBeNull();
  });

  it.each(['', '28708', '2870822', '٢٨٧٠٨٢', 'abcdef'])('refuses %j', (code) => {
    expect(findTotpStep(secret, code, '1970-01-01T00:00:59.000Z')).toBeNull();
  });
});
