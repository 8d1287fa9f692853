/** How a recipient domain is treated after it complained. Times are epoch milliseconds. */
export interface DomainThrottle {
  /** Connections at once, right after the last change; below one: a single one, with pauses. Null: as many as there are. */
  readonly connections: number | null;
  /** When it last complained. */
  readonly changedAt: number;
  /** It gets nothing before; null: it isn't closed. */
  readonly closedUntil: number | null;
  /** Refusals for the sender's reputation since it last took something. */
  readonly refusals: number;
}

export const noThrottle: DomainThrottle = { connections: null, changedAt: 0, closedUntil: null, refusals: 0 };

const minuteMs = 60_000;
/** The number of connections doubles in so long without a complaint. */
const recoveryMs = 10 * minuteMs;
/** One message in sixteen seconds: what still goes to a domain that complains on and on, or greylists everybody. */
const leastConnections = 1 / 16;
/** More than anybody has. */
const unlimited = 512;
/** After so long without a complaint nothing is left of a slowing down. */
export const recoveredMs = recoveryMs * Math.log2(unlimited / leastConnections);
const firstClosureMs = 15 * minuteMs;
const longestClosureMs = 240 * minuteMs;
/** A domain that takes most of the mail is not closed for what it says of one message. */
const graceRefusals = 3;

/** Connections that a domain gets now: fewer than one means one, with `1000 / connectionsAt` ms between messages. */
export function connectionsAt(throttle: DomainThrottle, now: number): number {
  const { connections, changedAt, closedUntil } = throttle;
  if (closedUntil !== null) return now < closedUntil ? 0 : 1; // after a closure one message finds out
  if (connections === null) return Number.POSITIVE_INFINITY;
  const recovered = connections * 2 ** (Math.max(0, now - changedAt) / recoveryMs);
  return recovered >= unlimited ? Number.POSITIVE_INFINITY : recovered;
}

/** Whether it says nothing any more, or comes from a clock that was set back since. */
export function isForgotten(throttle: DomainThrottle, now: number): boolean {
  if (throttle.changedAt > now + minuteMs) return true;
  return throttle.refusals === 0 && connectionsAt(throttle, now) === Number.POSITIVE_INFINITY;
}

/** An attempt that ended: when it began, and how many to this domain were under way with it. */
export interface ThrottledAttempt {
  readonly beganAt: number;
  readonly underWay: number;
}

/** “Slow down”: half as much from now on. What was under way before the last change says nothing new. */
export function slowDown(throttle: DomainThrottle, attempt: ThrottledAttempt, now: number): DomainThrottle {
  if (attempt.beganAt < throttle.changedAt) return throttle;
  const used = Math.min(connectionsAt({ ...throttle, closedUntil: null }, now), attempt.underWay);
  return { ...throttle, connections: Math.max(leastConnections, used / 2), changedAt: now };
}

/**
 * A refusal for the sender's reputation: the domain is closed for a while, longer each time until it takes something
 * again. One that has just taken mail (`takes`) is given the benefit of a few.
 */
export function refuse(
  throttle: DomainThrottle,
  attempt: ThrottledAttempt,
  takes: boolean,
  now: number,
): DomainThrottle {
  if (attempt.beganAt < throttle.changedAt) return throttle;
  const { closedUntil, changedAt } = throttle;
  const refusals = throttle.refusals + 1;
  if (closedUntil === null && takes && refusals < graceRefusals) return { ...throttle, refusals };
  const waitMs = closedUntil === null ? firstClosureMs : Math.min(longestClosureMs, 2 * (closedUntil - changedAt));
  return { ...throttle, refusals, changedAt: now, closedUntil: now + waitMs };
}

/** It took something: a closure is over, and it gets more again little by little. */
export function accept(throttle: DomainThrottle, attempt: ThrottledAttempt, now: number): DomainThrottle {
  if (throttle.refusals === 0 && throttle.closedUntil === null) return throttle;
  if (attempt.beganAt < throttle.changedAt) return throttle;
  if (throttle.closedUntil === null) return { ...throttle, refusals: 0 };
  return { connections: 1, changedAt: now, closedUntil: null, refusals: 0 };
}
