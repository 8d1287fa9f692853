import type { Selectable } from 'kysely';
import type { Operator, OperatorStore, Role } from '../operators/index.ts';
import type { Database } from './database.ts';
import type { OperatorTable } from './tables/operators.ts';

export function createOperatorStore(database: Database): OperatorStore {
  return {
    async addOperator({ email, name, role, timezone }, now) {
      const row = await database
        .insertInto('operator')
        .values({ email, name, role, timezone, created_at: now, password_hash: null, totp_secret: null })
        .onConflict((conflict) => conflict.column('email').doNothing())
        .returningAll()
        .executeTakeFirst();
      return row ? operatorOf(row) : null;
    },
    async addSession(tokenHash, operatorId, { client, agent }, now) {
      await database
        .insertInto('operator_session')
        .values({ token_hash: tokenHash, operator_id: operatorId, begun_at: now, seen_at: now, client, agent })
        .execute();
    },
    async findSession(tokenHash) {
      const row = await database
        .selectFrom('operator_session')
        .innerJoin('operator', 'operator.id', 'operator_session.operator_id')
        .selectAll('operator')
        .select(['operator_session.id as session_id', 'begun_at', 'seen_at'])
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      if (!row) return null;
      return {
        id: row.session_id,
        operator: operatorOf(row),
        hasTotp: row.totp_secret !== null,
        begunAt: row.begun_at,
        seenAt: row.seen_at,
      };
    },
    async touchSession(id, now) {
      await database.updateTable('operator_session').set({ seen_at: now }).where('id', '=', id).execute();
    },
    async endSession(id) {
      await database.deleteFrom('operator_session').where('id', '=', id).execute();
    },
  };
}

function operatorOf(row: Selectable<OperatorTable>): Operator {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role as Role, // only this program writes it
    timezone: row.timezone,
  };
}
