import type { OperatorStore } from '../operators/index.ts';
import type { Database } from './database.ts';
import { createSessionStore } from './session-store.ts';

type SecondFactor = Pick<
  OperatorStore,
  'setTotp' | 'setRecoveryCodes' | 'countRecoveryCodes' | 'takeTotpStep' | 'takeRecoveryCode'
>;

/** Codes of authenticator apps and recovery codes, each of which counts once. */
export function createSecondFactor(database: Database): SecondFactor {
  return {
    setTotp: (id, { secret, step, recoveryHashes }, keptSession) =>
      database.transaction().execute(async (tx) => {
        await tx.updateTable('operator').set({ totp_secret: secret, totp_step: step }).where('id', '=', id).execute();
        await replaceCodes(tx, id, recoveryHashes);
        await createSessionStore(tx).endOtherSessions(id, keptSession);
      }),
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
