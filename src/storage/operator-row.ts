import type { Selectable } from 'kysely';
import type { Operator, OperatorAccount, Role } from '../operators/index.ts';
import type { OperatorTable } from './tables/operators.ts';

export function operatorOf(row: Selectable<OperatorTable>): Operator {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role as Role, // only this program writes it
    timezone: row.timezone,
  };
}

export function accountOf(row: Selectable<OperatorTable>): OperatorAccount {
  return {
    operator: operatorOf(row),
    passwordHash: row.password_hash,
    totpSecret: row.totp_secret,
    totpStep: row.totp_step,
    createdAt: row.created_at,
  };
}
