import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, toMs } from '../../clock.ts';
import { domainOf, type Letter } from '../../subscribers/index.ts';
import type { SendingGate } from '../pace/sending-gate.ts';

/** A letter that has to wait for longer than anybody waits with it in hand. */
export interface Postponed {
  readonly letter: Letter;
  /** Its domain gets nothing for now: it waits by its own schedule. */
  readonly isClosed: boolean;
  /** Milliseconds until its turn may come. */
  readonly waitMs: number;
}

/** Gives letters out when the paces of the relay and of their domains let them through. */
export interface LetterTurns {
  /** The next one; null: what is left is taken out by `remove`. */
  next(signal: AbortSignal): Promise<Letter | null>;
  /** Takes out what wasn't given out. */
  remove(): Postponed[];
}

/** For so long a letter waits in hand; a second's mail of an edition is ahead of it at most. */
const patienceMs = 1000;

export function createLetterTurns(letters: readonly Letter[], gate: SendingGate, clock: Clock): LetterTurns {
  let waiting: Postponed[] = letters.map((letter) => ({ letter, isClosed: false, waitMs: 0 }));
  let last: Promise<unknown> = Promise.resolve();

  /** 0: it may go. */
  async function waitMsOf(domain: string): Promise<number> {
    for (;;) {
      const now = toMs(clock.now());
      const ofDomain = gate.domain(domain, now);
      const passage = ofDomain.kind === 'go' ? gate.relay(now) : ofDomain;
      if (passage.kind !== 'reserve') return passage.kind === 'go' ? 0 : passage.ms;
      await gate.reserve(passage.domain, now);
    }
  }

  async function look({ letter }: Postponed): Promise<Postponed> {
    const domain = domainOf(letter.address);
    const isClosed = gate.isClosed(domain, toMs(clock.now()));
    const ms = await waitMsOf(domain);
    // Until another one has ended.
    return { letter, isClosed, waitMs: Number.isFinite(ms) ? ms : patienceMs };
  }

  async function take(signal: AbortSignal): Promise<Letter | null> {
    for (let rests = 0; ; rests += 1) {
      for (const [index, one] of waiting.entries()) {
        const looked = await look(one);
        waiting[index] = looked;
        if (looked.waitMs > 0) continue;
        waiting.splice(index, 1);
        gate.enter(domainOf(one.letter.address), toMs(clock.now()));
        return one.letter;
      }
      const soonest = Math.min(...waiting.map(({ waitMs }) => waitMs));
      if (signal.aborted || rests > 1 || soonest > patienceMs) return null;
      await pause(soonest, undefined, { signal }).catch(() => {});
    }
  }

  return {
    next(signal) {
      // One after the other: else two would wait for the same moment.
      const taken = last.then(() => (signal.aborted ? null : take(signal)));
      last = taken.catch(() => null);
      return taken;
    },
    remove() {
      const left = waiting;
      waiting = [];
      return left;
    },
  };
}
