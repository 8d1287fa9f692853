import type { KeyObject } from 'node:crypto';
import type { OperatorStore } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';
import { createAttemptStore } from '../delivery/attempt-store.ts';
import { createLinkStore } from './operator-links.ts';
import { accountOf, operatorOf } from './operator-row.ts';
import { createSecondFactor } from './operator-totp.ts';
import { createSessionStore } from './session-store.ts';

/** @param key seals the secrets of authenticator apps. */
export function createOperatorStore(database: Database, key: KeyObject): OperatorStore {
  return {
    ...createSessionStore(database),
    ...createAttemptStore(database),
    ...createSecondFactor(database, key),
    ...createLinkStore(database),
    async hasOperators() {
      const row = await database.selectFrom('operator').select('id').limit(1).executeTakeFirst();
      return row !== undefined;
    },
    async addOperator({ email, name, role, timezone }, now) {
      const row = await database
        .insertInto('operator')
        .values({ email, name, role, timezone, created_at: now, password_hash: null, totp_secret: null })
        .onConflict((conflict) => conflict.column('email').doNothing())
        .returningAll()
        .executeTakeFirst();
      return row ? operatorOf(row) : null;
    },
    async findAccount(by) {
      const query = database.selectFrom('operator').selectAll();
      const row = await ('id' in by
        ? query.where('id', '=', by.id)
        : query.where('email', '=', by.email)
      ).executeTakeFirst();
      return row ? accountOf(row, key) : null;
    },
    async listOperators() {
      const rows = await database
        .selectFrom('operator')
        .selectAll('operator')
        .select(({ selectFrom }) =>
          selectFrom('operator_session')
            .select(({ fn }) => fn.max('seen_at').as('seen_at'))
            .whereRef('operator_id', '=', 'operator.id')
            .as('seen_at'),
        )
        .orderBy('email')
        .execute();
      return rows.map((row) => ({ ...accountOf(row, key), seenAt: row.seen_at }));
    },
    async setProfile(id, { name, timezone }) {
      await database.updateTable('operator').set({ name, timezone }).where('id', '=', id).execute();
    },
    setRole: (id, role) =>
      unlessLastOwner(database, id, role !== 'owner', async (tx) => {
        await tx.updateTable('operator').set({ role }).where('id', '=', id).execute();
      }),
    removeOperator: (id) =>
      unlessLastOwner(database, id, true, async (tx) => {
        await tx.deleteFrom('operator').where('id', '=', id).execute();
      }),
    setPassword: (id, passwordHash, keptSession) =>
      database.transaction().execute(async (tx) => {
        await tx.updateTable('operator').set({ password_hash: passwordHash }).where('id', '=', id).execute();
        await createSessionStore(tx).endOtherSessions(id, keptSession);
      }),
    async raiseHash(id, from, to) {
      await database
        .updateTable('operator')
        .set({ password_hash: to })
        .where('id', '=', id)
        .where('password_hash', '=', from)
        .execute();
    },
  };
}

/**
 * Does something to an operator who may be an owner.
 *
 * @param takesOwner whether an owner would be one no more.
 * @returns null where there is no such operator, false where nobody else is an owner who can sign in.
 */
function unlessLastOwner(
  database: Database,
  id: number,
  takesOwner: boolean,
  work: (tx: Database) => Promise<void>,
): Promise<boolean | null> {
  return database.transaction().execute(async (tx) => {
    const row = await tx.selectFrom('operator').select('role').where('id', '=', id).executeTakeFirst();
    if (!row) return null;
    if (takesOwner && row.role === 'owner') {
      const other = await tx
        .selectFrom('operator')
        .select('id')
        .where('role', '=', 'owner')
        .where('password_hash', 'is not', null)
        .where('id', '!=', id)
        .limit(1)
        .executeTakeFirst();
      if (!other) return false;
    }
    await work(tx);
    return true;
  });
}
