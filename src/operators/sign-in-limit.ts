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
   * Where one of them may not be tried yet nothing is counted, and the latest of those instants is returned. Tries before
   * `forgetBefore` don't count.
   */
  takeAttempt(rules: readonly AttemptRule[], now: Instant, forgetBefore: Instant): Promise<Instant | null>;
  clearAttempts(subjects: readonly string[]): Promise<void>;
}

const minuteMs = 60_000;
const firstWaitMs = minuteMs / 2;
const longestWaitMs = 15 * minuteMs;
const forgetMs = 24 * 60 * minuteMs;
const freeByAccount = 5;
const freeByClient = 20;

/** Slows down whoever guesses, by the account and by where they come from. */
export interface SignInLimit {
  /** Null where a try may be looked at; it counts until it is forgiven. Else the seconds to wait. */
  take(email: string, client: string | null): Promise<number | null>;
  /** It was the right one. */
  forgive(email: string, client: string | null): Promise<void>;
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
      const openAt = await store.takeAttempt(rulesFor(email, client), now, forgetBefore);
      return openAt === null ? null : Math.ceil((toMs(openAt) - toMs(now)) / 1000);
    },
    forgive: (email, client) => store.clearAttempts(rulesFor(email, client).map(({ subject }) => subject)),
  };
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
