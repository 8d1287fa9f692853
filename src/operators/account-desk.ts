import type { Clock } from '../clock.ts';
import type { AuditLog } from './audit-log.ts';
import { isTimezone, type Operator } from './operator.ts';
import type { OperatorStore } from './operator-store.ts';
import type { Passwords } from './password.ts';
import { passwordFault } from './password-rules.ts';
import { createRecoveryCodes, recoveryHash } from './recovery-codes.ts';
import type { OperatorSession, Session } from './session.ts';
import type { SignInLimit } from './sign-in-limit.ts';
import { findTotpStep } from './totp.ts';
import { nameFault } from './welcome-desk.ts';

/** Why something can’t be taken, by field; empty where it was. */
export type Faults = Readonly<Record<string, string>>;

export interface AccountDeskOptions {
  readonly store: OperatorStore;
  readonly passwords: Passwords;
  readonly limit: SignInLimit;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The publication's titles, which are no passwords. */
  readonly titles: readonly string[];
}

/** What operators do to their own account. Who changes how one signs in has to know the password again. */
export interface AccountDesk {
  listSessions(operator: Operator): Promise<Session[]>;
  countRecoveryCodes(operator: Operator): Promise<number>;
  setProfile(operator: Operator, profile: Pick<Operator, 'name' | 'timezone'>): Promise<Faults>;
  /** Ends all other sessions. */
  changePassword(
    session: OperatorSession,
    typed: { readonly current: string; readonly password: string },
  ): Promise<Faults>;
  /** Takes a secret once a code shows that the app has it, ends all other sessions, and returns new recovery codes. */
  enrol(
    session: OperatorSession,
    typed: { readonly secret: string; readonly code: string; readonly current: string },
  ): Promise<{ readonly faults: Faults } | { readonly codes: readonly string[] }>;
  /** Whether the password is asked for once more: not while it has just been typed, for somebody without a code yet. */
  asksPassword(session: OperatorSession): boolean;
  /** Makes new recovery codes; the old ones are void. */
  renewCodes(
    session: OperatorSession,
    typed: { readonly current: string },
  ): Promise<{ readonly faults: Faults } | { readonly codes: readonly string[] }>;
  /** Ends one of one's own sessions; false where it is none. */
  endSession(operator: Operator, id: number): Promise<boolean>;
  endOtherSessions(session: OperatorSession): Promise<void>;
}

const freshMs = 10 * 60_000;

export function createAccountDesk(options: AccountDeskOptions): AccountDesk {
  const { store, passwords, limit, audit, clock } = options;

  /** What is wrong with the password that was typed once more, by the field `current`. */
  async function passwordFaults({ operator }: OperatorSession, current: string): Promise<Faults> {
    const { waitSeconds } = await limit.take(operator.email, null);
    if (waitSeconds !== null) return { current: `That was wrong too often. Try again in ${waitSeconds} seconds.` };
    const account = await store.findAccount({ id: operator.id });
    if (!(await passwords.verify(current, account?.passwordHash ?? null)))
      return { current: 'That is not your password.' };
    await limit.forgive(operator.email, null);
    return {};
  }

  function asksPassword({ hasTotp, begunAt }: OperatorSession): boolean {
    return hasTotp || Date.parse(clock.now()) - Date.parse(begunAt) > freshMs;
  }

  return {
    listSessions: ({ id }) => store.listSessions(id),
    countRecoveryCodes: ({ id }) => store.countRecoveryCodes(id),
    async setProfile(operator, { name: typed, timezone }) {
      const name = typed.trim();
      const wrong = nameFault(name);
      const faults = {
        ...(wrong === null ? {} : { name: wrong }),
        ...(isTimezone(timezone) ? {} : { timezone: 'That is no time zone: choose one of the list.' }),
      };
      if (Object.keys(faults).length > 0) return faults;
      const before = { name: operator.name, timezone: operator.timezone };
      const deed = { operator, action: 'account.profile', subject: operator.email, before, after: { name, timezone } };
      await audit.around(deed, () => store.setProfile(operator.id, { name, timezone }));
      return {};
    },
    async changePassword(session, { current, password }) {
      const { operator, id } = session;
      const weak = passwordFault(password, [operator.email, operator.name, ...options.titles]);
      const faults = { ...(await passwordFaults(session, current)), ...(weak === null ? {} : { password: weak }) };
      if (Object.keys(faults).length > 0) return faults;
      const hash = await passwords.hash(password);
      const deed = { operator, action: 'account.password', subject: operator.email };
      await audit.around(deed, () => store.setPassword(operator.id, hash, id));
      return {};
    },
    async enrol(session, { secret, code, current }) {
      const { operator, id } = session;
      const step = isSecret(secret) ? findTotpStep(secret, code, clock.now()) : null;
      const faults = {
        ...(asksPassword(session) ? await passwordFaults(session, current) : {}),
        ...(step === null ? { code: 'That is not the code that the app shows now. Is the phone’s clock right?' } : {}),
      };
      const account = await store.findAccount({ id: operator.id });
      // A code that was taken stays taken, also for its own secret.
      if (step !== null && account?.totp?.secret === secret && step <= account.totpStep) {
        return { faults: { code: 'That code was used. Wait for the next one.' } };
      }
      if (step === null || Object.keys(faults).length > 0) return { faults };
      const codes = createRecoveryCodes();
      const deed = { operator, action: 'account.authenticator', subject: operator.email };
      await audit.around(deed, () => store.setTotp(operator.id, { secret, step, recoveryHashes: hashesOf(codes) }, id));
      return { codes };
    },
    asksPassword,
    async renewCodes(session, { current }) {
      const faults = await passwordFaults(session, current);
      if (Object.keys(faults).length > 0) return { faults };
      const { operator } = session;
      const codes = createRecoveryCodes();
      const deed = { operator, action: 'account.recovery-codes', subject: operator.email };
      await audit.around(deed, () => store.setRecoveryCodes(operator.id, hashesOf(codes)));
      return { codes };
    },
    async endSession(operator, id) {
      const known = (await store.listSessions(operator.id)).some((session) => session.id === id);
      if (!known) return false;
      const deed = { operator, action: 'sessions.end', subject: `operator ${operator.id}` };
      await audit.around(deed, () => store.endSession(id));
      return true;
    },
    async endOtherSessions({ operator, id }) {
      const deed = { operator, action: 'sessions.end-others', subject: `operator ${operator.id}` };
      await audit.around(deed, () => store.endOtherSessions(operator.id, id));
    },
  };
}

/** What a hidden field may bring back: a secret of the length that we make, in base32. */
function isSecret(text: string): boolean {
  return /^[A-Z2-7]{32}$/.test(text);
}

function hashesOf(codes: readonly string[]): string[] {
  return codes.flatMap((code) => recoveryHash(code) ?? []);
}
