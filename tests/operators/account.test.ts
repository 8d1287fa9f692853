import { describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import { createTotpSecret, totpCode } from '../../src/operators/index.ts';
import { command, goodPassword, nearby, openOperatorRoom, type TestOperatorRoom } from '../support/operator-room.ts';

const email = 'ana@courier.example';

async function sessionOf(room: TestOperatorRoom, id: number) {
  const session = await room.sessions.find(await room.sessions.begin(id, nearby), true);
  if (session === null) throw new Error('no session');
  return session;
}

describe('createAccountDesk', () => {
  it('ends all other sessions when the password changes, and asks for the one until now', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const other = await room.sessions.begin(id, nearby);
    const session = await sessionOf(room, id);
    const password = 'nine loud rivers';
    expect(await room.account.changePassword(session, { current: 'a wrong one', password })).toEqual({
      current: 'That is not your password.',
    });
    expect(await room.account.changePassword(session, { current: goodPassword, password: 'short' })).toHaveProperty(
      'password',
    );
    expect(await room.sessions.find(other, true)).not.toBeNull();
    expect(await room.account.changePassword(session, { current: goodPassword, password })).toEqual({});
    expect(await room.sessions.find(other, true)).toBeNull();
    expect(await room.store.listSessions(id)).toHaveLength(1);
    expect((await room.signIn({ email, password: goodPassword, code: '' }, nearby)).kind).toBe('refused');
    expect((await room.signIn({ email, password, code: '' }, nearby)).kind).toBe('in');
  });

  it('ends all other sessions when the authenticator app changes', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const other = await room.sessions.begin(id, nearby);
    const session = await sessionOf(room, id);
    const secret = createTotpSecret();
    const code = totpCode(secret, room.clock.now());
    expect(room.account.asksPassword(session)).toBe(false);
    expect(await room.account.enrol(session, { secret, code: '123', current: '' })).toHaveProperty('faults.code');
    expect(await room.account.enrol(session, { secret: 'A', code, current: '' })).toHaveProperty('faults.code');
    expect(await room.account.enrol(session, { secret, code, current: '' })).toHaveProperty('codes.length', 10);
    expect(await room.sessions.find(other, true)).toBeNull();
    // Again with the same form: nothing new is made of it.
    const again = { ...session, hasTotp: true };
    expect(await room.account.enrol(again, { secret, code, current: goodPassword })).toHaveProperty('faults.code');
  });

  it('asks for the password before another app is taken, and where the session isn’t fresh', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const session = await sessionOf(room, id);
    expect(room.account.asksPassword({ ...session, hasTotp: true })).toBe(true);
    room.clock.set(plusMs(room.clock.now(), 11 * 60_000));
    const secret = createTotpSecret();
    const code = totpCode(secret, room.clock.now());
    expect(await room.account.enrol(session, { secret, code, current: '' })).toHaveProperty('faults.current');
    expect(await room.account.enrol(session, { secret, code, current: goodPassword })).toHaveProperty('codes');
  });

  it('slows down guesses at the password of a session that was left open', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    const session = await sessionOf(room, id);
    for (let tries = 0; tries < 5; tries += 1) await room.account.renewCodes(session, { current: `guess ${tries}` });
    const outcome = await room.account.renewCodes(session, { current: goodPassword });
    expect(outcome).toHaveProperty('faults.current', expect.stringContaining('too often'));
  });
});

describe('createOperatorDesk', () => {
  it('makes a first link while there is nobody; a new one voids the old', async () => {
    const room = await openOperatorRoom();
    const [old, token] = [await room.desk.makeFirstLink(), await room.desk.makeFirstLink()];
    expect(await room.welcome.find(old ?? '')).toBeUndefined();
    expect(await room.welcome.find(token ?? '')).toBeNull();
    room.clock.set(plusMs(room.clock.now(), 24 * 3_600_000));
    expect(await room.welcome.find(token ?? '')).toBeUndefined();
    await room.addOperator(email, 'owner');
    expect(await room.desk.makeFirstLink()).toBeNull();
  });

  it('makes one owner of two who follow the first link at once', async () => {
    const room = await openOperatorRoom();
    const token = (await room.desk.makeFirstLink()) ?? '';
    const follow = (name: string) =>
      room.welcome.use(
        token,
        { email: `${name}@courier.example`, name, password: goodPassword, timezone: 'UTC' },
        nearby,
      );
    const kinds = (await Promise.all([follow('ana'), follow('ben')])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['in', 'void']);
    expect(await room.desk.list()).toHaveLength(1);
  });

  it('says what is wrong by field, and uses no link up on it', async () => {
    const room = await openOperatorRoom();
    const token = (await room.desk.makeFirstLink()) ?? '';
    const newcomer = { email: 'no address', name: ' ', password: 'the hill courier', timezone: 'Nowhere' };
    const welcomed = await room.welcome.use(token, newcomer, nearby);
    expect(Object.keys(welcomed.kind === 'faults' ? welcomed.faults : {})).toEqual([
      'email',
      'name',
      'timezone',
      'password',
    ]);
    expect(await room.welcome.find(token)).toBeNull();
  });

  it('keeps the last owner who can sign in', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'owner');
    // Invited, but not there yet.
    const { operator: invited } = await room.desk.invite(command, { email: 'ben@courier.example', role: 'owner' });
    await expect(room.desk.remove(command, id)).rejects.toThrow('There has to be an owner');
    await expect(room.desk.changeRole(command, id, 'viewer')).rejects.toThrow('There has to be an owner');
    await expect(room.desk.invite(command, { email: 'BEN@courier.example', role: 'owner' })).rejects.toThrow('already');
    await room.desk.remove(command, invited.id);
    await room.addOperator('cora@courier.example', 'owner');
    await room.desk.changeRole(command, id, 'viewer');
    expect((await room.desk.get(id)).role).toBe('viewer');
    const entries = await room.auditEntries.listEntries({ action: 'operators.remove' }, null, 10);
    expect(entries.map(({ subject, undone }) => [subject, undone?.why ?? null])).toEqual([
      ['ben@courier.example', null],
      [email, expect.stringContaining('There has to be an owner')],
      [email, null],
    ]);
  });

  it('takes everything from an operator who is reset but the name', async () => {
    const room = await openOperatorRoom();
    const { id } = await room.addOperator(email, 'sender');
    const session = await room.sessions.begin(id, nearby);
    const token = await room.desk.reset(command, id);
    expect(await room.sessions.find(session, true)).toBeNull();
    expect((await room.signIn({ email, password: goodPassword, code: '' }, nearby)).kind).toBe('refused');
    expect(await room.welcome.find(token)).toMatchObject({ id, name: 'ana', role: 'sender' });
  });
});

describe('createAuditLog', () => {
  it('keeps what a removed operator did, and lets nothing be changed', async () => {
    const room = await openOperatorRoom();
    const ana = await room.addOperator(email, 'owner');
    const ben = await room.addOperator('ben@courier.example', 'editor');
    await room.auditLog.around(
      { operator: ben, action: 'editions.pause', subject: 'weekly-1', after: { state: 'paused' } },
      () => {},
    );
    await room.desk.remove(ana, ben.id);
    const [entry] = await room.auditEntries.listEntries(
      { actor: 'ben@courier.example', action: 'editions.pause' },
      null,
      10,
    );
    expect(entry).toMatchObject({ actor: { name: 'ben', email: 'ben@courier.example' }, after: '{"state":"paused"}' });
    await expect(room.database.updateTable('audit_log').set({ actor: 'x' }).execute()).rejects.toThrow(
      'only ever added to',
    );
    await expect(room.database.deleteFrom('audit_log').execute()).rejects.toThrow('only ever added to');
  });

  it('records before it acts, and that it did not happen', async () => {
    const room = await openOperatorRoom();
    const deed = { operator: command, action: 'editions.cancel', subject: 'weekly-1' };
    const failing = room.auditLog.around(deed, async () => {
      expect(await room.auditEntries.listEntries({}, null, 10)).toHaveLength(1);
      throw new Error('The relay is gone.');
    });
    await expect(failing).rejects.toThrow('The relay is gone.');
    const [undone, begun] = await room.auditEntries.listEntries({}, null, 10);
    expect(undone?.undone).toEqual({ id: begun?.id, why: 'The relay is gone.' });
  });
});
