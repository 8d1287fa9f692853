import { createHash, randomBytes } from 'node:crypto';
import { type Clock, type Instant, toMs } from '../clock.ts';
import type { Operator } from './operator.ts';

/** A session as kept, with whose it is. */
export interface StoredSession {
  readonly id: number;
  readonly operator: Operator;
  /** Whether signing in takes a code besides the password. */
  readonly hasTotp: boolean;
  readonly begunAt: Instant;
  readonly seenAt: Instant;
}

/** Where somebody signed in from. */
export interface SessionOrigin {
  /** Address as far as it tells clients apart; null where that can't be known. */
  readonly client: string | null;
  /** As the browser calls itself. */
  readonly agent: string;
}

export interface SessionStore {
  addSession(tokenHash: string, operatorId: number, origin: SessionOrigin, now: Instant): Promise<void>;
  findSession(tokenHash: string): Promise<StoredSession | null>;
  touchSession(id: number, now: Instant): Promise<void>;
  endSession(id: number): Promise<void>;
}

const minuteMs = 60_000;
/** How long a session lasts without a request, and at most. */
export const idleMs = 30 * minuteMs;
export const longestMs = 12 * 60 * minuteMs;
/** A page that is looked at costs no write more often than this. */
const touchMs = minuteMs;

export interface Sessions {
  /** Begins a session with an id that nobody had before; returns it. Only its hash is kept. */
  begin(operatorId: number, origin: SessionOrigin): Promise<string>;
  /**
   * The session of a token that came from the network; null where it is none, or over.
   *
   * @param isActive whether somebody did something: a page that refreshes itself keeps no session alive.
   */
  find(token: string, isActive: boolean): Promise<StoredSession | null>;
}

export function createSessions({ store, clock }: { readonly store: SessionStore; readonly clock: Clock }): Sessions {
  return {
    async begin(operatorId, origin) {
      const token = randomBytes(32).toString('base64url');
      await store.addSession(hashToken(token), operatorId, origin, clock.now());
      return token;
    },
    async find(token, isActive) {
      if (!/^[\w-]{43}$/.test(token)) return null;
      const session = await store.findSession(hashToken(token));
      if (session === null) return null;
      const now = toMs(clock.now());
      if (now - toMs(session.seenAt) > idleMs || now - toMs(session.begunAt) > longestMs) {
        await store.endSession(session.id);
        return null;
      }
      if (isActive && now - toMs(session.seenAt) >= touchMs) await store.touchSession(session.id, clock.now());
      return session;
    },
  };
}

/** Of a long random token: a plain hash is enough, nobody guesses those. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
