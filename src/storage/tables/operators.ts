import type { Generated } from 'kysely';

export interface OperatorTable {
  id: Generated<number>;
  /** In lower case. */
  email: string;
  name: string;
  role: string;
  timezone: string;
  /** Null until the operator has followed the link. */
  password_hash: string | null;
  /** Sealed under a key that is kept beside the database; null where sign-in asks for no code. */
  totp_secret: string | null;
  /** The last time step whose code was taken. */
  totp_step: Generated<number>;
  created_at: string;
}

export interface OperatorSessionTable {
  id: Generated<number>;
  token_hash: string;
  operator_id: number;
  begun_at: string;
  seen_at: string;
  /** Address as far as it tells clients apart; null where that can't be known. */
  client: string | null;
  agent: string;
}

export interface OperatorRecoveryTable {
  operator_id: number;
  code_hash: string;
}

export interface OperatorLinkTable {
  token_hash: string;
  /** Null: whoever follows it becomes the first owner. */
  operator_id: number | null;
  expires_at: string;
}

export interface SignInAttemptTable {
  /** Hash of an account's address or of a client. */
  subject: string;
  failures: number;
  last_at: string;
  /** No try is looked at before. */
  open_at: string;
}

/** Only ever added to: triggers refuse the rest. */
export interface AuditLogTable {
  id: Generated<number>;
  at: string;
  /** Null where it wasn't an operator of the console. */
  operator_id: number | null;
  actor: string;
  email: string | null;
  action: string;
  subject: string;
  /** JSON. */
  before: string | null;
  /** JSON. */
  after: string | null;
  /** The entry of what did not happen after all; null in entries of what was begun. */
  undone: number | null;
  why: string | null;
}
