import { createHash } from 'node:crypto';
import { type Clock, type Instant, plusMs, toMs } from '../clock.ts';

/** How often something may be got wrong before each next try has to wait. */
export interface AttemptRule {
  /** Hash of an account's address, or of where somebody comes from. */
  readonly subject: string;
  /** How long the next try waits after so many that failed, in milliseconds. */
  readonly waitMs: (failures: number) => number;
}

export interface AttemptStore {
  /**
   * Counts a try against each subject before it is looked at, so that many at once get no more than one after the other.
   * Where one of them may not be tried yet nothing is counted, and `openAt` is the latest of those instants, else null.
   * Tries before `forgetBefore` don't count. `failures`: how often each was tried, this time too.
   */
  takeAttempt(
    rules: readonly AttemptRule[],
    now: Instant,
    forgetBefore: Instant,
  ): Promise<{ readonly openAt: Instant | null; readonly failures: readonly number[] }>;
  clearAttempts(subjects: readonly string[]): Promise<void>;
  /** Those of them that were tried since, and weren't forgiven. */
  listAttempts(subjects: readonly string[], since: Instant): Promise<ReadonlyMap<string, RefusedTries>>;
}

/** How often somebody was refused since it was right the last time. */
export interface RefusedTries {
  readonly tries: number;
  readonly lastAt: Instant;
}

const minuteMs = 60_000;
const firstWaitMs = minuteMs / 2;
const longestWaitMs = 15 * minuteMs;
const forgetMs = 24 * 60 * minuteMs;
const freeByAccount = 5;
const freeByClient = 20;

/** Slows down whoever guesses, by the account and by where they come from. */
export interface SignInLimit {
  /**
   * Counts a try until it is forgiven. `waitSeconds`: null where it may be looked at; else it may not yet. `tries`: of the
   * account, this one too.
   */
  take(email: string, client: string | null): Promise<{ readonly waitSeconds: number | null; readonly tries: number }>;
  /** It was the right one. */
  forgive(email: string, client: string | null): Promise<void>;
  /** Of these accounts those that were refused within a day, by address. */
  listRefused(emails: readonly string[]): Promise<ReadonlyMap<string, RefusedTries>>;
}

export function createSignInLimit({
  store,
  clock,
}: {
  readonly store: AttemptStore;
  readonly clock: Clock;
}): SignInLimit {
  const rulesFor = (email: string, client: string | null): AttemptRule[] => [
    { subject: subjectOf('account', email), waitMs: waitAfter(freeByAccount) },
    ...(client === null ? [] : [{ subject: subjectOf('client', client), waitMs: waitAfter(freeByClient) }]),
  ];
  return {
    async take(email, client) {
      const now = clock.now();
      const forgetBefore = plusMs(now, -forgetMs);
      const { openAt, failures } = await store.takeAttempt(rulesFor(email, client), now, forgetBefore);
      const waitSeconds = openAt === null ? null : Math.ceil((toMs(openAt) - toMs(now)) / 1000);
      return { waitSeconds, tries: failures[0] ?? 0 };
    },
    forgive: (email, client) => store.clearAttempts(rulesFor(email, client).map(({ subject }) => subject)),
    async listRefused(emails) {
      const subjects = emails.map((email) => subjectOf('account', email));
      const found = await store.listAttempts(subjects, plusMs(clock.now(), -forgetMs));
      return new Map(
        emails.flatMap((email, index) => {
          const refused = found.get(subjects[index] ?? '');
          return refused === undefined ? [] : [[email, refused]];
        }),
      );
    },
  };
}

/** Whether so many tries are worth an entry of the audit log: where they begin to wait, and each time that they double. */
export function isWorthTelling(tries: number): boolean {
  return tries >= freeByAccount && Number.isInteger(Math.log2(tries / freeByAccount));
}

/** Nothing for the first few, then twice as long each time. */
function waitAfter(free: number): (failures: number) => number {
  return (failures) =>
    failures < free ? 0 : Math.min(firstWaitMs * 2 ** Math.min(failures - free, 10), longestWaitMs);
}

/** Whatever was typed as an address, known or not, is kept as a hash only. */
function subjectOf(kind: 'account' | 'client', text: string): string {
  return createHash('sha256').update(`${kind}:${text.trim().toLowerCase()}`).digest('base64url');
}
