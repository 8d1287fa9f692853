import type { Clock } from '../clock.ts';
import type { AuditLog } from './audit-log.ts';
import type { Operator } from './operator.ts';
import type { OperatorAccount, OperatorStore } from './operator-store.ts';
import type { Passwords } from './password.ts';
import { recoveryHash } from './recovery-codes.ts';
import type { SessionOrigin, Sessions } from './session.ts';
import type { SignInLimit } from './sign-in-limit.ts';
import { createTotpSecret, findTotpStep } from './totp.ts';

/** What is typed to sign in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** From the authenticator app, or a recovery code; empty where the account asks for none. */
  readonly code: string;
}

export type SignInOutcome =
  | {
      readonly kind: 'in';
      readonly token: string;
      readonly operator: Operator;
      /** Recovery codes that are left, where one was used up; null where none was. */
      readonly codesLeft: number | null;
    }
  /** Something of it is wrong; nobody says what. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'wait'; readonly seconds: number };

export interface SignInDesk {
  readonly store: OperatorStore;
  readonly passwords: Passwords;
  readonly limit: SignInLimit;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** Of accounts that there aren't, so that they take the same steps. */
const nobodysSecret = createTotpSecret();
const nobody = -1;

/**
 * Signs somebody in. An unknown account, a wrong password and a wrong code take the same steps and get the same answer;
 * so does a try that comes too soon.
 */
export async function signIn(desk: SignInDesk, typed: Credentials, origin: SessionOrigin): Promise<SignInOutcome> {
  const { store, passwords, limit, sessions, audit } = desk;
  const email = typed.email.trim().toLowerCase();
  const seconds = await limit.take(email, origin.client);
  if (seconds !== null) return { kind: 'wait', seconds };
  const account = await store.findAccount({ email });
  const isRight = await passwords.verify(typed.password, account?.passwordHash ?? null);
  const code = await takeCode(desk, account, typed.code, isRight);
  if (account === null || !isRight || code === null) return { kind: 'refused' };

  const { operator } = account;
  if (account.passwordHash !== null && passwords.isWeak(account.passwordHash)) {
    await store.raiseHash(operator.id, account.passwordHash, await passwords.hash(typed.password));
  }
  await limit.forgive(email, origin.client);
  const deed = { operator, action: 'sessions.begin', subject: `operator ${operator.id}`, after: { ...origin, code } };
  const token = await audit.around(deed, () => sessions.begin(operator.id, origin));
  const codesLeft = code === 'recovery' ? await store.countRecoveryCodes(operator.id) : null;
  return { kind: 'in', token, operator, codesLeft };
}

/**
 * How the code was right, `none` where the account asks for none; null where it isn't. It is used up only together with
 * the right password.
 */
async function takeCode(
  { store, clock }: Pick<SignInDesk, 'store' | 'clock'>,
  account: OperatorAccount | null,
  code: string,
  isRight: boolean,
): Promise<'none' | 'app' | 'recovery' | null> {
  const id = account?.operator.id ?? nobody;
  const taking = isRight ? id : nobody;
  const step = findTotpStep(account?.totpSecret ?? nobodysSecret, code, clock.now(), account?.totpStep ?? 0);
  const isStep = await store.takeTotpStep(taking, step ?? 0);
  const isRecovery = await store.takeRecoveryCode(taking, recoveryHash(code) ?? '');
  if (account?.totpSecret === null) return 'none';
  if (step !== null && isStep) return 'app';
  return isRecovery ? 'recovery' : null;
}
