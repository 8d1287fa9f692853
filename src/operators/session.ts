import { createHash, randomBytes } from 'node:crypto';
import { type Clock, type Instant, plusMs, toMs } from '../clock.ts';
import type { Operator } from './operator.ts';

/** Where somebody signed in from. */
export interface SessionOrigin {
  /** Address as far as it tells clients apart; null where that can't be known. */
  readonly client: string | null;
  /** As the browser calls itself. */
  readonly agent: string;
}

/** A session as kept. */
export interface Session extends SessionOrigin {
  readonly id: number;
  readonly begunAt: Instant;
  readonly seenAt: Instant;
}

/** A session with whose it is. */
export interface OperatorSession extends Session {
  readonly operator: Operator;
  /** Whether signing in takes a code besides the password. */
  readonly hasTotp: boolean;
}

export interface SessionStore {
  addSession(tokenHash: string, operatorId: number, origin: SessionOrigin, now: Instant): Promise<void>;
  findSession(tokenHash: string): Promise<OperatorSession | null>;
  /** Newest first. */
  listSessions(operatorId: number): Promise<Session[]>;
  touchSession(id: number, now: Instant): Promise<void>;
  endSession(id: number): Promise<void>;
  endOtherSessions(operatorId: number, kept: number): Promise<void>;
  /** Forgets those that are over: begun or last seen before these. */
  endOldSessions(begunBefore: Instant, seenBefore: Instant): Promise<void>;
}

const minuteMs = 60_000;
/** How long a session lasts without a request, and at most. */
const idleMs = 30 * minuteMs;
const longestMs = 12 * 60 * minuteMs;
/** A page that is looked at costs no write more often than this. */
const touchMs = minuteMs;
const longestAgent = 300;

export interface Sessions {
  /** Begins a session with an id that nobody had before; returns its token. Only its hash is kept. */
  begin(operatorId: number, origin: SessionOrigin): Promise<string>;
  /**
   * The session of a token that came from the network; null where it is none, or over.
   *
   * @param isActive whether somebody did something: a page that refreshes itself keeps no session alive.
   */
  find(token: string, isActive: boolean): Promise<OperatorSession | null>;
}

export function createSessions({ store, clock }: { readonly store: SessionStore; readonly clock: Clock }): Sessions {
  return {
    async begin(operatorId, { client, agent }) {
      const now = clock.now();
      await store.endOldSessions(plusMs(now, -longestMs), plusMs(now, -idleMs));
      const token = createToken();
      await store.addSession(hashToken(token), operatorId, { client, agent: agent.slice(0, longestAgent) }, now);
      return token;
    },
    async find(token, isActive) {
      if (!isToken(token)) return null;
      const session = await store.findSession(hashToken(token));
      if (session === null) return null;
      const now = clock.now();
      const idle = toMs(now) - toMs(session.seenAt);
      if (idle > idleMs || toMs(now) - toMs(session.begunAt) > longestMs) {
        await store.endSession(session.id);
        return null;
      }
      if (isActive && idle >= touchMs) await store.touchSession(session.id, now);
      return session;
    },
  };
}

/** 256 random bits that fit into a URL and a cookie. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text from the network has the shape of {@link createToken}'s. */
export function isToken(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** Of something long and random: a plain hash is enough, nobody guesses those. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
