import type { Clock } from '../clock.ts';
import type { AuditLog } from './audit-log.ts';
import { isTimezone, type Operator } from './operator.ts';
import type { OperatorDeskOptions } from './operator-desk.ts';
import type { OperatorStore } from './operator-store.ts';
import type { Passwords } from './password.ts';
import { passwordFault } from './password-rules.ts';
import { hashToken, isToken, type SessionOrigin, type Sessions } from './session.ts';

/** What whoever follows a link says of themselves. */
export interface Newcomer {
  /** Only the first owner's is asked for. */
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly timezone: string;
}

export type Welcomed =
  | { readonly kind: 'in'; readonly operator: Operator; readonly token: string }
  /** Why it can't be taken, by field; nothing was used up. */
  | { readonly kind: 'faults'; readonly faults: Readonly<Record<string, string>> }
  /** The link was used, is too old, or was never one. */
  | { readonly kind: 'void' };

export interface WelcomeDeskOptions extends Pick<OperatorDeskOptions, 'parseEmail'> {
  readonly store: OperatorStore;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** The publication's titles, which are no passwords. */
  readonly titles: readonly string[];
}

/** One-time links by which operators set their name and password. */
export interface WelcomeDesk {
  /** Whose link it is, null being the first owner; undefined where it is none any more. Changes nothing. */
  find(token: string): Promise<Operator | null | undefined>;
  /** Uses a link up and begins a session; of two at once one gets it. */
  use(token: string, newcomer: Newcomer, origin: SessionOrigin): Promise<Welcomed>;
}

export function createWelcomeDesk(options: WelcomeDeskOptions): WelcomeDesk {
  const { store, passwords, sessions, audit, clock } = options;

  async function find(token: string): Promise<Operator | null | undefined> {
    return isToken(token) ? store.findLink(hashToken(token), clock.now()) : undefined;
  }

  return {
    find,
    async use(token, newcomer, origin) {
      const owner = await find(token);
      if (owner === undefined) return { kind: 'void' };
      const name = newcomer.name.trim();
      const parsed = owner === null ? options.parseEmail(newcomer.email.trim()) : { email: owner.email };
      const faults: Record<string, string> = {};
      if ('fault' in parsed) faults['email'] = parsed.fault;
      const email = 'fault' in parsed ? '' : parsed.email.toLowerCase();
      const wrongName = nameFault(name);
      if (wrongName !== null) faults['name'] = wrongName;
      if (!isTimezone(newcomer.timezone)) faults['timezone'] = 'That is no time zone: choose one of the list.';
      const weak = passwordFault(newcomer.password, [email, name, ...options.titles]);
      if (weak !== null) faults['password'] = weak;
      if (Object.keys(faults).length > 0) return { kind: 'faults', faults };

      const passwordHash = await passwords.hash(newcomer.password);
      const person = { email, name, timezone: newcomer.timezone, passwordHash };
      const operator = await store.useLink(hashToken(token), person, clock.now());
      if (operator === undefined) return { kind: 'void' };
      const { id, role } = operator;
      const deed = { operator, action: 'operators.welcome', subject: email, after: { name, role, ...origin } };
      return audit.around(deed, async () => ({ kind: 'in', operator, token: await sessions.begin(id, origin) }));
    },
  };
}

/** Why a name won't do; null where it does. */
export function nameFault(name: string): string | null {
  if (name === '') return 'Say what others call you.';
  if ([...name].length > 80) return 'It may have at most 80 characters.';
  return /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(name) ? 'It holds a sign that can’t be seen.' : null;
}
