import { type Clock, plusMs, toMs } from '../clock.ts';
import { BusyError } from '../errors.ts';
import { domainOf } from '../subscribers/index.ts';
import { createClaimHold } from './claim-hold.ts';
import type { ClaimedDelivery, DeliveryLedger, LedgerEntry } from './delivery-ledger.ts';
import type { SendingGate } from './pace/sending-gate.ts';

/** What to give out: of one edition or of all; until nothing is due and nothing is out, or for ever. */
export interface SupplyScope {
  readonly editionId: string | null;
  readonly untilIdle: boolean;
}

export interface ClaimSupplyOptions {
  readonly worker: string;
  readonly transport: string;
  readonly ledger: Pick<DeliveryLedger, 'claim' | 'commit' | 'listSending'>;
  readonly gate: SendingGate;
  readonly clock: Clock;
  readonly leaseMs: number;
  /** Deliveries leased at a time. */
  readonly batch: number;
  /** How many were taken and haven't ended. */
  readonly out: () => number;
  /** Nothing is due and nothing is out. */
  readonly onIdle: () => void;
}

/** Claims deliveries and gives them out when their turn has come. */
export interface ClaimSupply {
  open(scope: SupplyScope): void;
  /**
   * The next that may go; waits where there is none, unless `isElsewhere`: there is one that was taken before. Asked
   * whenever somebody is woken. Null: there will be none, or `signal` aborted.
   */
  take(signal: AbortSignal, isElsewhere: () => boolean): Promise<ClaimedDelivery | 'elsewhere' | null>;
  /** One that may go at once, of what is held; null: none. */
  takeHeld(): ClaimedDelivery | null;
  /** Lets everybody who waits look again, in the ledger too. */
  wake(): void;
  /** Lets the one who waits longest look again at what is held. */
  wakeNext(): void;
  /** Nothing more is given out. */
  end(): void;
  /** Resolves once no claim is under way. */
  rest(): Promise<void>;
  /**
   * Gives back what is held of editions that are no longer sent, so that no envelope of theirs is begun, and of domains
   * that are closed. Undefined where that was done in this turn of the event loop.
   */
  look(): Promise<void> | undefined;
  /** Whether an edition was being sent at the last look. */
  isSending(editionId: string): boolean;
  /** Takes out what is held: all, or of one domain. */
  remove(domain?: string): ClaimedDelivery[];
}

export function createClaimSupply(options: ClaimSupplyOptions): ClaimSupply {
  const { ledger, gate, clock } = options;
  const hold = createClaimHold(gate);
  const waiting = new Set<() => void>();
  const reserving = new Map<string, Promise<void>>();
  let scope: SupplyScope = { editionId: null, untilIdle: true };
  let isDone = false;
  let sending: ReadonlySet<string> = new Set();
  let looking: Promise<void> | null = null;
  let hasLooked = false;
  /** Whether something was claimed since. */
  let isUnseen = false;
  let claiming: Promise<Claimed> | null = null;
  /** Counts what may have made something due; a claim that found nothing isn't repeated before. */
  let stirred = 0;
  let dry = '';
  let alarm: { readonly at: number; readonly timer: NodeJS.Timeout } | null = null;

  const nowMs = (): number => toMs(clock.now());

  const wakeNext = (): void => {
    const [first] = waiting;
    first?.();
  };

  const wake = (): void => {
    stirred += 1;
    for (const resolve of [...waiting]) resolve();
  };

  /** One alarm for all: whoever takes something wakes the next. */
  function wakeAfter(ms: number): void {
    const at = performance.now() + ms;
    if (!Number.isFinite(ms) || (alarm !== null && alarm.at <= at)) return;
    if (alarm !== null) clearTimeout(alarm.timer);
    const timer = setTimeout(
      () => {
        alarm = null;
        wakeNext();
      },
      Math.min(ms, longestWaitMs),
    );
    alarm = { at, timer };
  }

  const waitForWake = (signal: AbortSignal, ms: number): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
      else wakeAfter(ms);
    });

  async function dropStopped(): Promise<void> {
    const before = sending;
    sending = await ledger.listSending(options.transport);
    // Those that another process closed, or that were closed while a claim of their deliveries was under way.
    const closed = new Set(gate.closed(nowMs()).map(({ domain }) => domain));
    if (!isUnseen && closed.size === 0 && before.size === sending.size && before.isSubsetOf(sending)) return;
    isUnseen = false;
    const isClosed = ({ address }: ClaimedDelivery): boolean => closed.size > 0 && closed.has(domainOf(address));
    const stopped = hold.remove((claimed) => !sending.has(claimed.edition.id) || isClosed(claimed));
    if (stopped.length > 0) await ledger.commit(stopped.map(unbegun), clock.now());
  }

  /** Once a turn of the event loop: then no envelope is begun after a pause was committed, whoever did it. */
  function look(): Promise<void> | undefined {
    if (hasLooked) return;
    looking ??= dropStopped().finally(() => {
      looking = null;
      hasLooked = true;
      setImmediate(() => {
        hasLooked = false;
      });
    });
    return looking;
  }

  function reserve(domain: string): Promise<void> {
    const known = reserving.get(domain);
    if (known) return known;
    const reserved = gate.reserve(domain, nowMs()).finally(() => reserving.delete(domain));
    reserving.set(domain, reserved);
    return reserved;
  }

  async function claimMore(withoutDomains: readonly string[], isAhead: boolean): Promise<Claimed> {
    const wasIdle = !isAhead && options.out() === 0 && hold.size === 0;
    const before = stirred;
    const now = clock.now();
    const { worker, transport, batch: limit } = options;
    const { editionId } = scope;
    const leaseUntil = plusMs(now, options.leaseMs);
    const request = { worker, transport, limit, now, leaseUntil, editionId, withoutDomains };
    const claimed = await ledger.claim(request).catch(ifBusy);
    if (claimed === null) {
      // The heartbeat says so; whoever wakes us has us look again.
      dry = drought(before, withoutDomains);
      return 'none';
    }
    hold.add(claimed);
    isUnseen = true;
    if (claimed.length > 0) return 'some';
    dry = drought(before, withoutDomains);
    return wasIdle ? 'all done' : 'none';
  }

  function enter(claimed: ClaimedDelivery, now: number): ClaimedDelivery {
    gate.enter(domainOf(claimed.address), now);
    if (hold.size < options.batch / 2) askAhead(now);
    return claimed;
  }

  /** Claims more, once for all who ask; undefined where a claim would find nothing, or nothing may go yet anyway. */
  function ask(now: number, isAhead = false): Promise<Claimed> | undefined {
    const without = [...hold.fullDomains(), ...gate.closed(now).map(({ domain }) => domain)].sort();
    const isPaced = hold.size > 0 && gate.relay(now).kind === 'wait';
    if (isPaced || drought(stirred, without) === dry) return;
    claiming ??= claimMore(without, isAhead).finally(() => {
      claiming = null;
    });
    return claiming;
  }

  /** So that nobody waits for the next claim. One that fails is told by whoever needs it, or by the next. */
  function askAhead(now: number): void {
    if (!isDone) ask(now, true)?.catch(() => {});
  }

  function end(): void {
    isDone = true;
    if (alarm !== null) clearTimeout(alarm.timer);
    wake();
  }

  async function take(signal: AbortSignal, isElsewhere: () => boolean): Promise<ClaimedDelivery | 'elsewhere' | null> {
    while (!signal.aborted && !isDone) {
      if (isElsewhere()) return 'elsewhere';
      let waitMs = Number.POSITIVE_INFINITY;
      if (hold.size > 0) {
        if (!hasLooked) await look();
        const now = nowMs();
        const found = hold.take(now);
        if (found.kind === 'go') {
          wakeNext();
          return enter(found.claimed, now);
        }
        if (found.kind === 'reserve') {
          await reserve(found.domain);
          continue;
        }
        waitMs = found.ms;
      }
      const asked = ask(nowMs());
      if (asked) {
        const found = await asked;
        if (found === 'some' || hold.size > 0) continue;
        if (found === 'all done' && options.out() === 0) {
          options.onIdle();
          if (scope.untilIdle) end();
        } else if (options.out() === 0) continue; // what came back while the claim was looking may be due
      }
      if (!isDone && !isElsewhere()) await waitForWake(signal, waitMs);
    }
    return null;
  }

  return {
    open(wanted) {
      scope = wanted;
    },
    take,
    takeHeld() {
      const now = nowMs();
      const found = isDone || hold.size === 0 ? null : hold.take(now);
      return found?.kind === 'go' ? enter(found.claimed, now) : null;
    },
    wake,
    wakeNext,
    end,
    async rest() {
      await claiming?.catch(() => {}); // one that fails has taken nothing
    },
    look,
    isSending: (editionId) => sending.has(editionId),
    remove: (domain) => hold.remove(({ address }) => domain === undefined || domainOf(address) === domain),
  };
}

/** What a claim came to; `all done`: nothing, and nothing was out when it began. */
type Claimed = 'some' | 'none' | 'all done';

/** A timer's limit is far above; a clock that is set forward should be noticed. */
const longestWaitMs = 60_000;

/** When a claim finds nothing, one with the same of both finds nothing either. */
function drought(stirred: number, without: readonly string[]): string {
  return `${stirred} ${without.join(' ')}`;
}

function ifBusy(error: unknown): null {
  if (error instanceof BusyError) return null;
  throw error;
}

/** Puts a claim back that never began. */
export function unbegun({ deliveryId, token }: ClaimedDelivery): LedgerEntry {
  return { kind: 'returned', deliveryId, token, reply: null, phase: null, class: null };
}
