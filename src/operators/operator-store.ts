import type { Instant } from '../clock.ts';
import type { Operator, Role } from './operator.ts';
import type { SessionStore } from './session.ts';
import type { AttemptStore } from './sign-in-limit.ts';

/** An operator with what signing in takes. */
export interface OperatorAccount {
  readonly operator: Operator;
  /** Null until the operator has followed the link. */
  readonly passwordHash: string | null;
  /** Null where no code is asked for. `secret`: base32; null where it can't be opened, since its key is another one. */
  readonly totp: { readonly secret: string | null } | null;
  /** The last time step whose code was taken. */
  readonly totpStep: number;
  readonly createdAt: Instant;
}

/** A list of operators has also when each was last there. */
export interface ListedOperator extends OperatorAccount {
  /** In a session that hasn't ended; null: in none. */
  readonly seenAt: Instant | null;
}

export interface OperatorStore extends SessionStore, AttemptStore {
  hasOperators(): Promise<boolean>;
  /** Null where somebody has that address already. */
  addOperator(operator: Omit<Operator, 'id'>, now: Instant): Promise<Operator | null>;
  findAccount(by: { readonly id: number } | { readonly email: string }): Promise<OperatorAccount | null>;
  /** In order of address. */
  listOperators(): Promise<ListedOperator[]>;
  setProfile(id: number, profile: Pick<Operator, 'name' | 'timezone'>): Promise<void>;
  /** Null where there is no such operator; false where nobody else would be an owner who can sign in. */
  setRole(id: number, role: Role): Promise<boolean | null>;
  removeOperator(id: number): Promise<boolean | null>;
  /** Ends all sessions but this one. */
  setPassword(id: number, passwordHash: string, keptSession: number): Promise<void>;
  /** Puts another hash of the same password in place of this one, unless it has been changed meanwhile. */
  raiseHash(id: number, from: string, to: string): Promise<void>;
  /** Ends all sessions but this one; the old recovery codes go. */
  setTotp(
    id: number,
    totp: { readonly secret: string; readonly step: number; readonly recoveryHashes: readonly string[] },
    keptSession: number,
  ): Promise<void>;
  /** Seals what was kept before there was a key. */
  sealSecrets(): Promise<void>;
  setRecoveryCodes(id: number, hashes: readonly string[]): Promise<void>;
  countRecoveryCodes(id: number): Promise<number>;
  /** False where this step or a later one was taken before. */
  takeTotpStep(id: number, step: number): Promise<boolean>;
  /** False where there is no such code, or no more. */
  takeRecoveryCode(id: number, hash: string): Promise<boolean>;
  /** Makes a link, and voids those that the operator had; null: for the first owner. */
  addLink(tokenHash: string, operatorId: number | null, expiresAt: Instant): Promise<void>;
  /** Takes away password, codes and sessions, and makes a link to set them anew. */
  resetOperator(id: number, tokenHash: string, expiresAt: Instant): Promise<void>;
  /** Whose link it is, null being the first owner; undefined where it is none, or too late. */
  findLink(tokenHash: string, now: Instant): Promise<Operator | null | undefined>;
  /**
   * Uses a link up, in one transaction: the first owner is made, or an operator gets a name and password. Undefined where
   * it is none any more.
   */
  useLink(
    tokenHash: string,
    person: { readonly email: string; readonly name: string; readonly timezone: string; readonly passwordHash: string },
    now: Instant,
  ): Promise<Operator | undefined>;
}
