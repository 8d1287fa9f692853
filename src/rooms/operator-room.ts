import type { Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import type { Log } from '../log.ts';
import {
  type AccountDesk,
  type AuditLog,
  type AuditStore,
  type Credentials,
  createAccountDesk,
  createAuditLog,
  createOperatorDesk,
  createPasswords,
  createRefusedLog,
  createSessions,
  createSignInLimit,
  createWelcomeDesk,
  lostSecrets,
  mendLostSecrets,
  type OperatorDesk,
  type OperatorStore,
  type Passwords,
  type SessionOrigin,
  type Sessions,
  type SignInOutcome,
  signIn,
  type WelcomeDesk,
} from '../operators/index.ts';
import { createAuditStore, createOperatorStore, type Database } from '../storage/index.ts';
import { type Keys, parseEmailAddress } from '../subscribers/index.ts';

export interface OperatorRoomOptions {
  readonly config: Pick<Config, 'site'>;
  readonly database: Database;
  readonly keys: Pick<Keys, 'operators'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Default: argon2id. */
  readonly passwords?: Passwords;
}

/** Who may sign in to the console, how they do, and what is recorded of what they did. */
export interface OperatorRoom {
  readonly store: OperatorStore;
  readonly sessions: Sessions;
  /** What owners and commands do about operators. */
  readonly desk: OperatorDesk;
  /** One-time links. */
  readonly welcome: WelcomeDesk;
  readonly account: AccountDesk;
  readonly auditLog: AuditLog;
  /** Seals what was kept before there was a key, and tells the log where what is sealed can't be opened. */
  sealSecrets(): Promise<void>;
  readonly auditEntries: Pick<AuditStore, 'listEntries' | 'listActions'>;
  signIn(typed: Credentials, origin: SessionOrigin): Promise<SignInOutcome>;
}

export function createOperatorRoom(options: OperatorRoomOptions): OperatorRoom {
  const { config, database, keys, clock, log, passwords = createPasswords() } = options;
  const { site } = config;
  const store = createOperatorStore(database, keys.operators);
  const auditEntries = createAuditStore(database);
  const audit = createAuditLog({ store: auditEntries, clock });
  const sessions = createSessions({ store, clock });
  const limit = createSignInLimit({ store, clock });
  const noteRefused = createRefusedLog({ log, clock });
  const titles = Object.values(site.title);
  const parseEmail = (text: string): { readonly email: string } | { readonly fault: string } => {
    const parsed = parseEmailAddress(text);
    return parsed.ok ? { email: parsed.address.text } : { fault: parsed.reason };
  };
  return {
    store,
    sessions,
    desk: createOperatorDesk({ store, limit, audit, clock, timezone: site.timezone, parseEmail }),
    welcome: createWelcomeDesk({ store, passwords, sessions, audit, clock, titles, parseEmail }),
    account: createAccountDesk({ store, passwords, limit, audit, clock, titles }),
    auditLog: audit,
    async sealSecrets() {
      await store.sealSecrets();
      const lost = (await store.listOperators()).filter(({ totp }) => totp?.secret === null);
      const emails = lost.map(({ operator }) => operator.email);
      if (lost.length > 0) log.error('problem', { message: `${lostSecrets(emails)} ${mendLostSecrets}` });
    },
    auditEntries,
    signIn: (typed, origin) => signIn({ store, passwords, limit, sessions, audit, clock, noteRefused }, typed, origin),
  };
}
