import { domainOf } from '../subscribers/index.ts';
import type { ClaimedDelivery } from './delivery-ledger.ts';
import type { Passage, SendingGate } from './pace/sending-gate.ts';

/** What is claimed and waits for its turn: a domain that gets nothing for now holds up nobody else. */
export interface ClaimHold {
  readonly size: number;
  add(claimed: readonly ClaimedDelivery[]): void;
  /** The next one that may go, taken out; or why none may. */
  take(now: number): { readonly kind: 'go'; readonly claimed: ClaimedDelivery } | Exclude<Passage, { kind: 'go' }>;
  /** Takes out what `isMeant` says. */
  remove(isMeant: (claimed: ClaimedDelivery) => boolean): ClaimedDelivery[];
  /** Domains of which enough is held. */
  fullDomains(): string[];
}

/** So much of a slow domain is kept at hand; the rest stays in the ledger. */
const enough = 25;

export function createClaimHold(gate: Pick<SendingGate, 'relay' | 'domain'>): ClaimHold {
  /** In the ledger's order; a domain's deliveries move to `parked` when it is found slow. */
  let ready: ClaimedDelivery[] = [];
  let next = 0;
  const parked = new Map<string, ClaimedDelivery[]>();

  function park(domain: string, claimed: ClaimedDelivery): void {
    const queue = parked.get(domain);
    if (queue) queue.push(claimed);
    else parked.set(domain, [claimed]);
  }

  function unpark(domain: string, queue: ClaimedDelivery[]): ClaimedDelivery | undefined {
    const claimed = queue.shift();
    parked.delete(domain);
    if (queue.length > 0) parked.set(domain, queue); // at the end: each slow domain has its turn
    return claimed;
  }

  function takeParked(now: number): ReturnType<ClaimHold['take']> {
    let soonest = Number.POSITIVE_INFINITY;
    for (const [domain, queue] of parked) {
      const passage = gate.domain(domain, now);
      if (passage.kind === 'reserve') return passage;
      if (passage.kind === 'wait') {
        soonest = Math.min(soonest, passage.ms);
        continue;
      }
      const claimed = unpark(domain, queue);
      if (claimed) return { kind: 'go', claimed };
    }
    return { kind: 'wait', ms: soonest };
  }

  function takeReady(now: number): ReturnType<ClaimHold['take']> | null {
    for (; next < ready.length; next += 1) {
      const claimed = ready[next];
      if (!claimed) continue;
      const domain = domainOf(claimed.address);
      const passage: Passage = parked.has(domain) ? { kind: 'wait', ms: 0 } : gate.domain(domain, now);
      if (passage.kind === 'reserve') return passage;
      if (passage.kind === 'wait') {
        park(domain, claimed);
        continue;
      }
      next += 1;
      return { kind: 'go', claimed };
    }
    ready = [];
    next = 0;
    return null;
  }

  return {
    get size() {
      let size = ready.length - next;
      for (const queue of parked.values()) size += queue.length;
      return size;
    },
    add(claimed) {
      ready = [...ready.slice(next), ...claimed];
      next = 0;
    },
    take(now) {
      const relay = gate.relay(now);
      if (relay.kind !== 'go') return relay;
      const slow = parked.size > 0 ? takeParked(now) : null;
      if (slow !== null && slow.kind !== 'wait') return slow;
      const quick = takeReady(now);
      if (quick !== null) return quick;
      // What was parked just now may have to wait for less than the others.
      return takeParked(now);
    },
    remove(isMeant) {
      const held = [...ready.slice(next), ...[...parked.values()].flat()];
      const removed = held.filter(isMeant);
      if (removed.length === 0) return [];
      parked.clear();
      ready = held.filter((claimed) => !isMeant(claimed));
      next = 0;
      return removed;
    },
    fullDomains: () => [...parked].flatMap(([domain, queue]) => (queue.length >= enough ? [domain] : [])),
  };
}
