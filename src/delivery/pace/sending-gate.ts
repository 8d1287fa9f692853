import type { ReplyClass } from '../replies/reply-class.ts';
import {
  accept,
  connectionsAt,
  type DomainThrottle,
  isForgotten,
  noThrottle,
  recoveredMs,
  refuse,
  slowDown,
} from './domain-throttle.ts';
import { Pace } from './pace.ts';
import type { PaceStore } from './pace-store.ts';

export interface SendingGateOptions {
  /** The transport's name. */
  readonly relay: string;
  readonly store: PaceStore;
  /** Messages a second, all domains together; null: no limit. */
  readonly perSecond: number | null;
  /** The same by recipient domain. */
  readonly perDomain: ReadonlyMap<string, number>;
  /** Whether it lets through a message now and then, and reserves no time for more; default: false. */
  readonly isForSingle?: boolean;
}

/** Whether a message may go: now, in so many milliseconds (Infinity: when another has ended), or once a slice is reserved. */
export type Passage =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'reserve'; readonly domain: string };

/** A domain that was closed for a while, for what it says of the sender. */
export interface Closure {
  readonly domain: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

interface Traffic {
  underWay: number;
  lastAt: number;
  /** Whether it has taken something from this process since it last refused. */
  takes: boolean;
}

/** So many are remembered at a time. */
const mostDomains = 10_000;

/** Decides which message may go to whom at this moment: the relay's pace, each domain's, and who complained. */
export interface SendingGate {
  /** Reads what other processes, or this one before a restart, know of domains that complained. */
  load(now: number): Promise<void>;
  /** Whether the relay's own pace lets anything through. */
  relay(now: number): Passage;
  domain(domain: string, now: number): Passage;
  /** Reserves the next slice of a bucket: `''` is the relay's. */
  reserve(domain: string, now: number): Promise<void>;
  enter(domain: string, now: number): void;
  /**
   * One message to a domain has ended; `replyClass` null: without an answer. Resolves with what has to be told; null at
   * once where nothing is to be written down, as with nearly every message.
   */
  leave(domain: string, beganAt: number, replyClass: ReplyClass | null, now: number): Promise<Closure | null> | null;
  /** Domains that get nothing for now. */
  closed(now: number): Closure[];
  isClosed(domain: string, now: number): boolean;
}

export function createSendingGate(options: SendingGateOptions): SendingGate {
  const { relay, store, perSecond, perDomain, isForSingle } = options;
  const whole = perSecond === null ? null : new Pace(perSecond, isForSingle);
  const paces = new Map([...perDomain].map(([domain, rate]) => [domain, new Pace(rate, isForSingle)]));
  const throttles = new Map<string, DomainThrottle>();
  /** Those that are closed, or were when they last got something: few, however many domains have complained. */
  const closures = new Map<string, number>();
  const traffic = new Map<string, Traffic>();

  const passage = (pace: Pace | null | undefined, domain: string, now: number): Passage => {
    const ms = pace ? pace.waitMs(now) : 0;
    if (ms === null) return { kind: 'reserve', domain };
    return ms > 0 ? { kind: 'wait', ms } : { kind: 'go' };
  };

  const byThrottle = (domain: string, now: number): number => {
    const throttle = throttles.get(domain);
    if (throttle === undefined) return 0;
    const connections = connectionsAt(throttle, now);
    const { underWay = 0, lastAt = 0 } = traffic.get(domain) ?? {};
    if (connections === 0) return (throttle.closedUntil ?? now) - now;
    if (underWay >= Math.max(1, connections)) return Number.POSITIVE_INFINITY;
    return connections < 1 ? Math.max(0, lastAt + 1000 / connections - now) : 0;
  };

  function afterwards(
    before: DomainThrottle,
    attempt: { readonly beganAt: number; readonly underWay: number },
    takes: boolean,
    replyClass: ReplyClass,
    now: number,
  ): DomainThrottle {
    if (replyClass === 'slow_down') return slowDown(before, attempt, now);
    if (replyClass === 'our_reputation') return refuse(before, attempt, takes, now);
    return replyClass === 'accepted' ? accept(before, attempt, now) : before;
  }

  function keep(domain: string, throttle: DomainThrottle): void {
    throttles.set(domain, throttle);
    if (throttle.closedUntil === null) closures.delete(domain);
    else closures.set(domain, throttle.closedUntil);
  }

  function forgetIdle(): void {
    for (const [domain, { underWay }] of traffic) if (underWay === 0) traffic.delete(domain);
  }

  return {
    async load(now) {
      for (const [domain, known] of await store.listThrottles(relay, now - recoveredMs)) {
        if (known.changedAt > (throttles.get(domain)?.changedAt ?? 0)) keep(domain, known);
      }
      for (const [domain, throttle] of throttles) {
        if (!isForgotten(throttle, now)) continue;
        throttles.delete(domain);
        closures.delete(domain);
      }
    },
    relay: (now) => passage(whole, '', now),
    domain(domain, now) {
      const ms = byThrottle(domain, now);
      return ms > 0 ? { kind: 'wait', ms } : passage(paces.get(domain), domain, now);
    },
    async reserve(domain, now) {
      const pace = domain === '' ? whole : paces.get(domain);
      if (!pace) return;
      const { lengthMs, behindMs, aheadMs } = pace.slice;
      pace.refill(await store.reserve({ relay, domain, lengthMs, behindMs, aheadMs, now }));
    },
    enter(domain, now) {
      whole?.take(now);
      paces.get(domain)?.take(now);
      const before = traffic.get(domain);
      if (traffic.size > mostDomains) forgetIdle();
      traffic.set(domain, { underWay: (before?.underWay ?? 0) + 1, lastAt: now, takes: before?.takes ?? false });
    },
    leave(domain, beganAt, replyClass, now) {
      const here = traffic.get(domain) ?? { underWay: 1, lastAt: now, takes: false };
      const attempt = { beganAt, underWay: here.underWay };
      here.underWay -= 1;
      if (replyClass === null) return null;
      const before = throttles.get(domain) ?? noThrottle;
      const after = afterwards(before, attempt, here.takes, replyClass, now);
      if (replyClass === 'accepted') here.takes = true;
      else if (replyClass === 'our_reputation') here.takes = here.takes && after.closedUntil === null;
      if (after === before) return null;
      keep(domain, after);
      const isClosed = after.closedUntil !== null && after.closedUntil !== before.closedUntil;
      // Refusals that close nothing are no news for other processes.
      if (after.changedAt === before.changedAt) return null;
      const closure = isClosed && after.closedUntil !== null ? { domain, until: after.closedUntil } : null;
      return store.saveThrottle(relay, domain, after).then(() => closure);
    },
    closed: (now) => [...closures].flatMap(([domain, until]) => (now < until ? [{ domain, until }] : [])),
    isClosed: (domain, now) => now < (closures.get(domain) ?? 0),
  };
}
