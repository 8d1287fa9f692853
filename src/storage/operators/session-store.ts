import type { SessionStore } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';
import { operatorOf } from './operator-row.ts';

export function createSessionStore(database: Database): SessionStore {
  return {
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
        .select(['operator_session.id as session_id', 'begun_at', 'seen_at', 'client', 'agent'])
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst();
      if (!row) return null;
      const { session_id: id, begun_at: begunAt, seen_at: seenAt, client, agent } = row;
      return { id, operator: operatorOf(row), hasTotp: row.totp_secret !== null, begunAt, seenAt, client, agent };
    },
    listSessions: (operatorId) =>
      database
        .selectFrom('operator_session')
        .select(['id', 'begun_at as begunAt', 'seen_at as seenAt', 'client', 'agent'])
        .where('operator_id', '=', operatorId)
        .orderBy('id', 'desc')
        .execute(),
    async touchSession(id, now) {
      await database.updateTable('operator_session').set({ seen_at: now }).where('id', '=', id).execute();
    },
    async endSession(id) {
      await database.deleteFrom('operator_session').where('id', '=', id).execute();
    },
    async endOtherSessions(operatorId, kept) {
      await database
        .deleteFrom('operator_session')
        .where('operator_id', '=', operatorId)
        .where('id', '!=', kept)
        .execute();
    },
    async endOldSessions(begunBefore, seenBefore) {
      await database
        .deleteFrom('operator_session')
        .where((row) => row.or([row('begun_at', '<', begunBefore), row('seen_at', '<', seenBefore)]))
        .execute();
    },
  };
}
