import type { KeyObject } from 'node:crypto';
import { sql } from 'kysely';
import { isSealed, type OperatorStore, sealSecret } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';
import { createSessionStore } from './session-store.ts';

type SecondFactor = Pick<
  OperatorStore,
  'setTotp' | 'sealSecrets' | 'setRecoveryCodes' | 'countRecoveryCodes' | 'takeTotpStep' | 'takeRecoveryCode'
>;

/** Codes of authenticator apps and recovery codes, each of which counts once. */
export function createSecondFactor(database: Database, key: KeyObject): SecondFactor {
  return {
    setTotp: (id, { secret, step, recoveryHashes }, keptSession) =>
      database.transaction().execute(async (tx) => {
        const set = { totp_secret: sealSecret(key, id, secret), totp_step: step };
        await tx.updateTable('operator').set(set).where('id', '=', id).execute();
        await replaceCodes(tx, id, recoveryHashes);
        await createSessionStore(tx).endOtherSessions(id, keptSession);
      }),
    async sealSecrets() {
      const rows = await database.selectFrom('operator').select(['id', 'totp_secret as secret']).execute();
      const clear = rows.flatMap(({ id, secret }) => (secret === null || isSealed(secret) ? [] : [{ id, secret }]));
      if (clear.length === 0) return;
      // Else what was overwritten stays readable in the free parts of the file.
      const { rows: before } = await sql<{ secure_delete: number }>`pragma secure_delete`.execute(database);
      await sql`pragma secure_delete = on`.execute(database);
      for (const { id, secret } of clear) {
        const set = { totp_secret: sealSecret(key, id, secret) };
        await database
          .updateTable('operator')
          .set(set)
          .where('id', '=', id)
          .where('totp_secret', '=', secret)
          .execute();
      }
      await sql`pragma secure_delete = ${sql.lit(before[0]?.secure_delete ?? 0)}`.execute(database);
    },
    setRecoveryCodes: (id, hashes) => database.transaction().execute((tx) => replaceCodes(tx, id, hashes)),
    async countRecoveryCodes(id) {
      const { count } = await database
        .selectFrom('operator_recovery')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('operator_id', '=', id)
        .executeTakeFirstOrThrow();
      return count;
    },
    async takeTotpStep(id, step) {
      const { numUpdatedRows } = await database
        .updateTable('operator')
        .set({ totp_step: step })
        .where('id', '=', id)
        .where('totp_step', '<', step)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async takeRecoveryCode(id, hash) {
      const { numDeletedRows } = await database
        .deleteFrom('operator_recovery')
        .where('operator_id', '=', id)
        .where('code_hash', '=', hash)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

async function replaceCodes(tx: Database, id: number, hashes: readonly string[]): Promise<void> {
  await tx.deleteFrom('operator_recovery').where('operator_id', '=', id).execute();
  const rows = hashes.map((hash) => ({ operator_id: id, code_hash: hash }));
  await tx.insertInto('operator_recovery').values(rows).execute();
}
