import { type Clock, type Instant, toInstant, toMs } from '../clock.ts';
import type { Edition } from '../digest/index.ts';
import { domainOf } from '../subscribers/index.ts';
import { askTogether } from './ask-together.ts';
import { type ClaimSupply, createClaimSupply, type SupplyScope, unbegun } from './claim-supply.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { ClaimedDelivery, DeliveryLedger } from './delivery-ledger.ts';
import type { ComposeMessage } from './message/compose-message.ts';
import type { Closure, SendingGate } from './pace/sending-gate.ts';
import { classOf, entryOf, type Fault, isFault } from './replies/result-entry.ts';
import type { Attempt, AttemptResult, DeliverySource } from './transport.ts';

/** What one worker has done so far. */
export interface DeliveryTotals {
  readonly sent: number;
  readonly deferred: number;
  readonly failed: number;
  readonly inDoubt: number;
  /** All answers of the relay, of whatever kind. */
  readonly answered: number;
}

export interface LedgerSourceOptions {
  readonly worker: string;
  readonly transport: string;
  readonly ledger: DeliveryLedger;
  readonly queue: CommitQueue;
  readonly gate: SendingGate;
  readonly compose: ComposeMessage;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly batch: number;
  /** Attempts that are committed before a connection asks for them, all connections together; 0: none. */
  readonly ahead: number;
  readonly random: () => number;
  readonly onProgress: (totals: DeliveryTotals) => void;
  /** Relays find fault with the sender too often: the edition waits for a person now. */
  readonly onPaused: (edition: Edition, reply: string) => void;
  /** A domain refuses mail for the sender's reputation: it gets nothing for a while. */
  readonly onClosed: (closure: Closure, reply: string) => void;
  /** Nothing is due and nothing is out. */
  readonly onIdle: () => void;
  /** A claim or a message that can't be made: nothing more is given out. */
  readonly onFailure: (error: unknown) => void;
}

/** The ledger as a transport pulls from it. */
export interface LedgerSource extends DeliverySource {
  /** What to give out. */
  open(scope: SupplyScope): void;
  /** Lets those who wait look again. */
  wake(): void;
  /** The worker's leases were renewed until then. */
  renewed(until: Instant): void;
  /** Puts what it holds and never gave out, or what never began, back into the ledger. */
  giveBack(): Promise<void>;
  totals(): DeliveryTotals;
}

/** A delivery that was taken from the supply and hasn't ended. */
interface Out {
  readonly claimed: ClaimedDelivery;
  /** Renewed only while it holds. */
  leaseUntil: Instant;
  /** Epoch milliseconds. */
  readonly takenAt: number;
  hasBegun: boolean;
}

export function createLedgerSource(options: LedgerSourceOptions): LedgerSource {
  const { ledger, queue, gate, clock } = options;
  const totals = { sent: 0, deferred: 0, failed: 0, inDoubt: 0, answered: 0 };
  const out = new Map<number, Out>();
  const suspects = new Set<number>();
  const chores = new Set<Promise<void>>();
  /** Begun ahead, for whichever connection asks next. */
  const begun: Attempt[] = [];
  /** Those begun ahead, or about to be, whose connection hasn't come to them: what a crash adds to the doubt. */
  const early = new Set<number>();
  let renewedUntil: Instant = '';
  const mayStillGo = askTogether((some: readonly Attempt[]) => ledger.mayStillGo(some, clock.now()));
  const supply: ClaimSupply = createClaimSupply({
    ...options,
    out: () => out.size,
    onIdle() {
      doLater(postponeClosed());
      options.onIdle();
    },
  });

  function fail(error: unknown): void {
    options.onFailure(error);
    supply.end();
  }

  function compose(claimed: ClaimedDelivery): Promise<Attempt> {
    const leaseUntil = later(claimed.leaseUntil, renewedUntil);
    out.set(claimed.deliveryId, { claimed, leaseUntil, takenAt: toMs(clock.now()), hasBegun: false });
    return options.compose(claimed);
  }

  async function begin({ deliveryId, token, messageId }: Attempt): Promise<boolean> {
    const took = await queue.write({ kind: 'begin', deliveryId, token, messageId });
    const state = out.get(deliveryId);
    if (!took || !state) return took;
    state.hasBegun = true;
    return isLeased({ deliveryId });
  }

  /** Begins what will be asked for next, many at a time, so that few commits serve all. */
  async function beginAhead(): Promise<void> {
    if (early.size > options.ahead / 2) return;
    const taken: ClaimedDelivery[] = [];
    while (early.size < options.ahead) {
      const next = supply.takeHeld();
      if (next === null) break;
      taken.push(next);
      early.add(next.deliveryId);
    }
    await Promise.all(
      taken.map(async (one) => {
        const attempt = await compose(one);
        const took = await begin(attempt);
        if (!took) return end(attempt, null);
        begun.push(attempt);
        supply.wakeNext();
      }),
    );
  }

  /** A process that slept past a lease: others may have taken what it had begun for lost, whatever is renewed later. */
  function isLeased({ deliveryId }: Pick<Attempt, 'deliveryId'>): boolean {
    return clock.now() < (out.get(deliveryId)?.leaseUntil ?? '');
  }

  /** What was begun ahead and must not go any more goes back: its edition is no longer sent, or its lease is over. */
  async function nextBegun(): Promise<Attempt | null> {
    await supply.look();
    const stopped: Attempt[] = [];
    let next = begun.shift();
    for (; next && !(supply.isSending(next.editionId) && isLeased(next)); next = begun.shift()) stopped.push(next);
    await Promise.all(stopped.map(returnBegun));
    return next ?? null;
  }

  async function nextAttempt(signal: AbortSignal): Promise<Attempt | null> {
    for (;;) {
      const ready = begun.length > 0 ? await nextBegun() : null;
      if (ready !== null) return ready;
      const taken = await supply.take(signal, () => begun.length > 0);
      if (taken !== 'elsewhere') return taken && compose(taken);
    }
  }

  async function returnBegun(attempt: Attempt): Promise<void> {
    const { deliveryId, token } = attempt;
    await queue.write({ kind: 'returned', deliveryId, token, reply: null, phase: null, class: null });
    await end(attempt, null);
  }

  /** Whether a message ended a connection before; from now on it has. */
  function isSuspect(deliveryId: number): boolean {
    if (suspects.delete(deliveryId)) return true;
    suspects.add(deliveryId);
    return false;
  }

  async function end({ deliveryId, envelope }: Attempt, result: AttemptResult | null): Promise<void> {
    const state = out.get(deliveryId);
    if (!state) return;
    out.delete(deliveryId);
    early.delete(deliveryId);
    const left = gate.leave(domainOf(envelope.to), state.takenAt, result && classOf(result), toMs(clock.now()));
    const closure = left && (await left);
    if (closure === null) return;
    options.onClosed(closure, (result && 'reply' in result && result.reply) || '');
    doLater(postpone(closure));
  }

  /** Goes on beside the sending; waited for before everything is given back. */
  function doLater(work: Promise<void>): void {
    const chore: Promise<void> = work.catch(fail).finally(() => chores.delete(chore));
    chores.add(chore);
  }

  /** What is due though no claim finds it is for closed domains: a new edition's, or what came back after the closure. */
  async function postponeClosed(): Promise<void> {
    const now = clock.now();
    const closed = gate.closed(toMs(now));
    const due = closed.length === 0 ? null : await ledger.findNextDue(options.transport, now);
    if (due === null || due > now) return;
    for (const closure of closed) await postpone(closure);
  }

  /** What else there is for a domain that was closed waits until it is opened. */
  async function postpone({ domain, until }: Closure): Promise<void> {
    await ledger.commit(supply.remove(domain).map(unbegun), clock.now());
    await ledger.postpone({ transport: options.transport, domain, until: toInstant(until), now: clock.now() });
    supply.wake();
  }

  async function settleOne(result: AttemptResult): Promise<void> {
    const state = out.get(result.attempt.deliveryId);
    const entry = entryOf(result, {
      hasBegun: state?.hasBegun ?? false,
      tries: (state?.claimed.attempts ?? 0) + 1,
      isSuspect,
      now: clock.now(),
      random: options.random,
    });
    if (entry) await queue.write(entry);
    await end(result.attempt, result);
    if (result.kind === 'sent') totals.sent += 1;
    else if (result.kind === 'deferred') totals.deferred += 1;
    else if (result.kind === 'failed') totals.failed += 1;
    else if (result.kind === 'in_doubt') totals.inDoubt += 1;
    if (result.kind === 'sent' || result.kind === 'deferred' || result.kind === 'failed') totals.answered += 1;
  }

  async function countFaults(faults: readonly Fault[]): Promise<void> {
    for (const [editionId, ofEdition] of Map.groupBy(faults, ({ attempt }) => attempt.editionId)) {
      const paused = await ledger.addSenderFaults(editionId, ofEdition.length, clock.now());
      if (paused !== null) options.onPaused(paused, ofEdition.at(-1)?.reply ?? '');
    }
  }

  return {
    open: (scope) => supply.open(scope),
    wake: () => supply.wake(),
    renewed(until) {
      renewedUntil = until;
      const now = clock.now();
      for (const state of out.values()) {
        if (now < state.leaseUntil) state.leaseUntil = later(state.leaseUntil, until);
      }
    },
    async next(signal) {
      try {
        const attempt = await nextAttempt(signal);
        if (options.ahead > 0 && attempt !== null) beginAhead().catch(fail);
        return attempt;
      } catch (error) {
        fail(error);
        return null;
      }
    },
    async isWanted({ editionId, envelope }) {
      const looking = supply.look();
      if (looking) await looking;
      return supply.isSending(editionId) && !gate.isClosed(domainOf(envelope.to), toMs(clock.now()));
    },
    async begin(attempt: Attempt) {
      const state = out.get(attempt.deliveryId);
      if (!state?.hasBegun) return begin(attempt);
      early.delete(attempt.deliveryId);
      return (await mayStillGo(attempt)) === true && isLeased(attempt);
    },
    async settle(results) {
      const [only, ...others] = results.map(settleOne);
      await (others.length === 0 ? only : Promise.all([only, ...others]));
      const faults = results.filter(isFault);
      if (faults.length > 0) await countFaults(faults);
      options.onProgress({ ...totals });
      // Something may be due again, or this was the last one.
      if (out.size === 0 || results.some(({ kind }) => kind === 'returned' || kind === 'stopped')) supply.wake();
      else supply.wakeNext();
    },
    async giveBack() {
      supply.end();
      await supply.rest();
      await Promise.all(chores);
      const unsent = begun.splice(0);
      await Promise.all(unsent.map(returnBegun));
      const taken = [...out.values()].filter(({ hasBegun }) => !hasBegun);
      const back = [...supply.remove(), ...taken.map(({ claimed }) => claimed)];
      out.clear();
      await ledger.commit(back.map(unbegun), clock.now());
    },
    totals: () => ({ ...totals }),
  };
}

function later(a: Instant, b: Instant): Instant {
  return a < b ? b : a;
}
