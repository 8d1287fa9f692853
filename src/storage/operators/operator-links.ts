import type { Operator, OperatorStore } from '../../operators/index.ts';
import type { Database } from '../database/database.ts';
import { operatorOf } from './operator-row.ts';

type LinkStore = Pick<OperatorStore, 'addLink' | 'resetOperator' | 'findLink' | 'useLink'>;

/** Links by which operators set their name and password. */
export function createLinkStore(database: Database): LinkStore {
  return {
    addLink: (tokenHash, operatorId, expiresAt) =>
      database.transaction().execute((tx) => replaceLink(tx, tokenHash, operatorId, expiresAt)),
    resetOperator: (id, tokenHash, expiresAt) =>
      database.transaction().execute(async (tx) => {
        await tx.updateTable('operator').set({ password_hash: null, totp_secret: null }).where('id', '=', id).execute();
        await tx.deleteFrom('operator_recovery').where('operator_id', '=', id).execute();
        await tx.deleteFrom('operator_session').where('operator_id', '=', id).execute();
        await replaceLink(tx, tokenHash, id, expiresAt);
      }),
    findLink: (tokenHash, now) => findLink(database, tokenHash, now),
    useLink: (tokenHash, { email, name, timezone, passwordHash }, now) =>
      database.transaction().execute(async (tx) => {
        const owner = await findLink(tx, tokenHash, now);
        if (owner === undefined) return undefined;
        await tx.deleteFrom('operator_link').where('token_hash', '=', tokenHash).execute();
        const person = { name, timezone, password_hash: passwordHash };
        const row =
          owner === null
            ? await tx
                .insertInto('operator')
                .values({ ...person, email, role: 'owner', totp_secret: null, created_at: now })
                .returningAll()
                .executeTakeFirstOrThrow()
            : await tx
                .updateTable('operator')
                .set(person)
                .where('id', '=', owner.id)
                .returningAll()
                .executeTakeFirstOrThrow();
        return operatorOf(row);
      }),
  };
}

async function replaceLink(
  tx: Database,
  tokenHash: string,
  operatorId: number | null,
  expiresAt: string,
): Promise<void> {
  await tx.deleteFrom('operator_link').where('operator_id', 'is', operatorId).execute();
  await tx
    .insertInto('operator_link')
    .values({ token_hash: tokenHash, operator_id: operatorId, expires_at: expiresAt })
    .execute();
}

async function findLink(database: Database, tokenHash: string, now: string): Promise<Operator | null | undefined> {
  const link = await database
    .selectFrom('operator_link')
    .select('operator_id')
    .where('token_hash', '=', tokenHash)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (!link) return undefined;
  const query = database.selectFrom('operator').selectAll();
  if (link.operator_id === null) {
    // The first owner's, and only while there is nobody.
    return (await query.limit(1).executeTakeFirst()) ? undefined : null;
  }
  const row = await query.where('id', '=', link.operator_id).executeTakeFirst();
  return row ? operatorOf(row) : undefined;
}
