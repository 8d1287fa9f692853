import type { KeyObject } from 'node:crypto';
import type { Selectable } from 'kysely';
import { type Operator, type OperatorAccount, openSecret, type Role } from '../../operators/index.ts';
import type { OperatorTable } from '../tables/operators.ts';

export function operatorOf(row: Selectable<OperatorTable>): Operator {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role as Role, // only this program writes it
    timezone: row.timezone,
  };
}

/** @param key seals the secrets of authenticator apps. */
export function accountOf(row: Selectable<OperatorTable>, key: KeyObject): OperatorAccount {
  return {
    operator: operatorOf(row),
    passwordHash: row.password_hash,
    totp: row.totp_secret === null ? null : { secret: openSecret(key, row.id, row.totp_secret) },
    totpStep: row.totp_step,
    createdAt: row.created_at,
  };
}
