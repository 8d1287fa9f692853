import type { Clock } from '../clock.ts';
import { lazily } from '../lazily.ts';
import type { Actor, AuditLog } from './audit-log.ts';
import type { Operator } from './operator.ts';
import type { OperatorAccount, OperatorStore } from './operator-store.ts';
import type { Passwords } from './password.ts';
import { recoveryHash } from './recovery-codes.ts';
import type { RefusedSignIn } from './refused-log.ts';
import type { SessionOrigin, Sessions } from './session.ts';
import { isWorthTelling, type SignInLimit } from './sign-in-limit.ts';
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
      /** Tries that were refused since this operator signed in last, within a day. */
      readonly refusedBefore: number;
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
  /** Tells the log. */
  readonly noteRefused: (refused: RefusedSignIn) => void;
}

/** Of accounts that there aren't, so that they take the same steps. */
const nobodysSecret = lazily(createTotpSecret);
const nobody = -1;

/**
 * Signs somebody in. An unknown account, a wrong password and a wrong code take the same steps and get the same answer;
 * so does a try that comes too soon.
 */
export async function signIn(desk: SignInDesk, typed: Credentials, origin: SessionOrigin): Promise<SignInOutcome> {
  const { store, passwords, limit, sessions, audit } = desk;
  const email = typed.email.trim().toLowerCase();
  const { waitSeconds, tries } = await limit.take(email, origin.client);
  if (waitSeconds !== null) return { kind: 'wait', seconds: waitSeconds };
  const account = await store.findAccount({ email });
  const isRight = await passwords.verify(typed.password, account?.passwordHash ?? null);
  const code = await takeCode(desk, account, typed.code, isRight);
  if (account === null || !isRight || code === null) {
    const refused = { operator: account?.operator.id ?? null, client: origin.client } as const;
    tellRefused(desk, { ...refused, failed: isRight ? 'code' : 'password' }, tries);
    return { kind: 'refused' };
  }

  const { operator } = account;
  if (account.passwordHash !== null && passwords.isWeak(account.passwordHash)) {
    await store.raiseHash(operator.id, account.passwordHash, await passwords.hash(typed.password));
  }
  await limit.forgive(email, origin.client);
  const refusedBefore = tries - 1;
  const after = { ...origin, code, ...(refusedBefore === 0 ? {} : { refusedBefore }) };
  const deed = { operator, action: 'sessions.begin', subject: `operator ${operator.id}`, after };
  const token = await audit.around(deed, () => sessions.begin(operator.id, origin));
  const codesLeft = code === 'recovery' ? await store.countRecoveryCodes(operator.id) : null;
  return { kind: 'in', token, operator, codesLeft, refusedBefore };
}

const somebody: Actor = { id: null, name: 'somebody at the sign-in page', email: null };

/**
 * Tells the log of each, and the audit log where operators should look into it: somebody may know a password, or keeps
 * guessing one. Of what is nobody's account it hears nothing, so that strangers can't fill it.
 */
function tellRefused({ audit, noteRefused }: SignInDesk, refused: RefusedSignIn, tries: number): void {
  noteRefused(refused);
  const { operator, failed, client } = refused;
  if (operator === null || !(failed === 'code' || isWorthTelling(tries))) return;
  const deed = { operator: somebody, action: 'sessions.refused', subject: `operator ${operator}` };
  // The answer doesn't wait for it: its time would tell that there is such an account. A failure of it was logged above.
  setImmediate(() => audit.around({ ...deed, after: { tries, failed, client } }, () => {}).catch(() => {}));
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
  const step = findTotpStep(account?.totp?.secret ?? nobodysSecret(), code, clock.now());
  const isStep = await store.takeTotpStep(taking, step ?? 0);
  const isRecovery = await store.takeRecoveryCode(taking, recoveryHash(code) ?? '');
  if (account?.totp === null) return 'none';
  if (step !== null && isStep && typeof account?.totp?.secret === 'string') return 'app';
  return isRecovery ? 'recovery' : null;
}
