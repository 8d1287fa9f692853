import { type Clock, plusMs } from '../clock.ts';
import type { Edition } from '../digest/index.ts';
import type { CommitQueue } from './commit-queue.ts';
import type { ComposeMessage } from './compose-message.ts';
import type { ClaimedDelivery, DeliveryLedger, LedgerEntry } from './delivery-ledger.ts';
import { classifyReply, type ReplyClass } from './reply-class.ts';
import { nextTry } from './retry-policy.ts';
import { isSenderFault } from './sender-faults.ts';
import { parseReply } from './smtp-reply.ts';
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
  readonly compose: ComposeMessage;
  readonly clock: Clock;
  readonly leaseMs: number;
  readonly batch: number;
  readonly random: () => number;
  readonly onProgress: (totals: DeliveryTotals) => void;
  /** Relays find fault with the sender too often: the edition waits for a person now. */
  readonly onPaused: (edition: Edition, reply: string) => void;
  /** Nothing is due and nothing is out. */
  readonly onIdle: () => void;
  /** A claim or a message that can't be made: nothing more is given out. */
  readonly onFailure: (error: unknown) => void;
}

/** The ledger as a transport pulls from it. */
export interface LedgerSource extends DeliverySource {
  /** What to give out: of one edition or of all; until nothing is due and nothing is out, or for ever. */
  open(scope: { readonly editionId: string | null; readonly untilIdle: boolean }): void;
  /** Lets those who wait look again. */
  wake(): void;
  /** Puts what it holds and never began back into the ledger. */
  giveBack(): Promise<void>;
  totals(): DeliveryTotals;
}

export function createLedgerSource(options: LedgerSourceOptions): LedgerSource {
  const { ledger, queue, clock } = options;
  const totals = { sent: 0, deferred: 0, failed: 0, inDoubt: 0, answered: 0 };
  const claims: ClaimedDelivery[] = [];
  const out = new Map<number, { readonly claimed: ClaimedDelivery; hasBegun: boolean }>();
  const suspects = new Set<number>();
  const waiting = new Set<() => void>();
  let scope: { readonly editionId: string | null; readonly untilIdle: boolean } = { editionId: null, untilIdle: true };
  let isDone = false;
  let claiming: Promise<boolean> | null = null;
  let looking: Promise<void> | null = null;

  const wake = (): void => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  const waitForWake = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        waiting.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted) done();
    });

  /** Claims what is due; true: there was nothing, and nothing was out when it began. */
  async function claimMore(): Promise<boolean> {
    const wasIdle = out.size === 0;
    const now = clock.now();
    const claimed = await ledger.claim({
      worker: options.worker,
      transport: options.transport,
      limit: options.batch,
      now,
      leaseUntil: plusMs(now, options.leaseMs),
      editionId: scope.editionId,
    });
    claims.push(...claimed);
    return wasIdle && claimed.length === 0;
  }

  /** Gives back what is claimed of editions that were paused or cancelled: no envelope of theirs is begun. */
  async function dropStopped(): Promise<void> {
    const sending = await ledger.listSending(options.transport);
    const stopped = claims.filter(({ edition }) => !sending.has(edition.id));
    if (stopped.length === 0) return;
    claims.splice(0, claims.length, ...claims.filter(({ edition }) => sending.has(edition.id)));
    await ledger.commit(stopped.map(unbegun), clock.now());
  }

  async function take(signal: AbortSignal): Promise<ClaimedDelivery | null> {
    while (!signal.aborted && !isDone) {
      if (claims.length > 0) {
        looking ??= dropStopped().finally(() => {
          looking = null;
        });
        await looking;
      }
      const claimed = claims.shift();
      if (claimed) {
        out.set(claimed.deliveryId, { claimed, hasBegun: false });
        return claimed;
      }
      claiming ??= claimMore().finally(() => {
        claiming = null;
      });
      const isAllDone = await claiming;
      if (claims.length > 0) continue;
      if (out.size > 0) {
        await waitForWake(signal);
      } else if (isAllDone) {
        options.onIdle();
        isDone = scope.untilIdle;
        if (isDone) wake();
        else await waitForWake(signal);
      }
      // Else what came back while the claim was looking may be due: look again.
    }
    return null;
  }

  /** Whether a message ended a connection before; from now on it has. */
  function isSuspect(deliveryId: number): boolean {
    if (suspects.delete(deliveryId)) return true;
    suspects.add(deliveryId);
    return false;
  }

  function entryOf(result: AttemptResult): LedgerEntry | null {
    if (result.kind === 'stopped') return null;
    const { deliveryId, token } = result.attempt;
    const state = out.get(deliveryId);
    const tries = (state?.claimed.attempts ?? 0) + 1;
    const entry = { deliveryId, token, reply: result.reply, phase: result.phase, class: classOf(result) };
    const deferred = (): LedgerEntry => ({
      ...entry,
      kind: 'deferred',
      notBefore: nextTry(tries, clock.now(), options.random()),
    });
    switch (result.kind) {
      case 'sent':
      case 'in_doubt':
        return { ...entry, kind: result.kind };
      case 'deferred':
        return deferred();
      case 'failed':
        return { ...entry, kind: 'failed', reason: 'rejected' };
      case 'returned':
        // Once is the connection's bad luck; a message that ends every connection waits like any other.
        return result.reached && isSuspect(deliveryId) ? deferred() : { ...entry, kind: 'returned' };
      default:
        return result satisfies never;
    }
  }

  async function settleOne(result: AttemptResult): Promise<void> {
    const entry = entryOf(result);
    if (entry) await queue.write(entry);
    out.delete(result.attempt.deliveryId);
    if (result.kind === 'sent') totals.sent += 1;
    else if (result.kind === 'deferred') totals.deferred += 1;
    else if (result.kind === 'failed') totals.failed += 1;
    else if (result.kind === 'in_doubt') totals.inDoubt += 1;
    if (result.kind === 'sent' || result.kind === 'deferred' || result.kind === 'failed') totals.answered += 1;
  }

  async function countFaults(results: readonly AttemptResult[]): Promise<void> {
    const faults = results.flatMap((result) => {
      const replyClass = classOf(result);
      return replyClass !== null && 'reply' in result && isSenderFault(replyClass) ? [result] : [];
    });
    for (const [editionId, ofEdition] of Map.groupBy(faults, ({ attempt }) => attempt.editionId)) {
      const paused = await ledger.addSenderFaults(editionId, ofEdition.length, clock.now());
      if (paused !== null) options.onPaused(paused, ofEdition.at(-1)?.reply ?? '');
    }
  }

  return {
    open(wanted) {
      scope = wanted;
    },
    wake,
    async next(signal) {
      try {
        const claimed = await take(signal);
        if (claimed === null) return null;
        return await options.compose(claimed);
      } catch (error) {
        isDone = true;
        options.onFailure(error);
        wake();
        return null;
      }
    },
    async begin({ deliveryId, token, messageId }: Attempt) {
      const took = await queue.write({ kind: 'begin', deliveryId, token, messageId });
      const state = out.get(deliveryId);
      if (took && state) state.hasBegun = true;
      return took;
    },
    async settle(results) {
      await Promise.all(results.map(settleOne));
      await countFaults(results);
      options.onProgress({ ...totals });
      // Something may be due again, or this was the last one.
      if (out.size === 0 || results.some(({ kind }) => kind === 'returned' || kind === 'stopped')) wake();
    },
    async giveBack() {
      const taken = [...out.values()].filter(({ hasBegun }) => !hasBegun);
      const back = [...claims.splice(0), ...taken.map(({ claimed }) => claimed)];
      out.clear();
      await ledger.commit(back.map(unbegun), clock.now());
    },
    totals: () => ({ ...totals }),
  };
}

function unbegun({ deliveryId, token }: ClaimedDelivery): LedgerEntry {
  return { kind: 'returned', deliveryId, token, reply: null, phase: null, class: null };
}

/** What a relay's answer says about whom; null where it gave none. */
function classOf(result: AttemptResult): ReplyClass | null {
  if (result.kind === 'sent') return 'accepted';
  if (result.kind !== 'deferred' && result.kind !== 'failed') return null;
  return classifyReply(parseReply(result.reply), result.phase);
}
