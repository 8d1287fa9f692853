import { randomUUID } from 'node:crypto';
import { type Clock, type Instant, toMs } from '../../../clock.ts';
import { sentenceOf } from '../../../errors.ts';
import { keepRecent } from '../../../keep-recent.ts';
import type { EditionPreflight, PreflightReport } from '../../../schedule/index.ts';

/** What would be sent to whom, as far as that is known. */
export type PlanState =
  | { readonly kind: 'counting'; readonly readers: number }
  /** `report` null: there is nothing to send. */
  | { readonly kind: 'ready'; readonly report: PreflightReport | null; readonly at: Instant }
  | { readonly kind: 'failed'; readonly sentence: string };

export interface SendPlan {
  /** Of the forms that are made of it: who sends one twice, or from two windows, asks for one edition. */
  readonly token: string;
  readonly state: PlanState;
  /** Resolves once nothing is counted any more. */
  readonly done: Promise<unknown>;
}

export type PlanBrief = Parameters<EditionPreflight['look']>[0];

/** Works out in the background, one after the other, what would be sent to whom: with a million readers it takes a while. */
export interface SendPlans {
  /** What is known of a plan, begun anew where that is older than so long; `key` tells one from another. */
  look(key: string, brief: PlanBrief, notOlderThanMs: number): SendPlan;
  /** After it was sent: who asks the same again asks for another edition. */
  forget(key: string): void;
}

interface Entry {
  readonly token: string;
  state: PlanState;
  done: Promise<unknown>;
}

const mostKept = 50;

export function createSendPlans(parts: {
  readonly preflight: Pick<EditionPreflight, 'look'>;
  readonly clock: Clock;
}): SendPlans {
  const entries = new Map<string, Entry>();
  let turn: Promise<unknown> = Promise.resolve();

  async function workOut(entry: Entry, brief: PlanBrief): Promise<void> {
    try {
      const report = await parts.preflight.look(brief, {
        onReaders: (readers) => {
          entry.state = { kind: 'counting', readers };
        },
      });
      entry.state = { kind: 'ready', report, at: parts.clock.now() };
    } catch (error) {
      entry.state = { kind: 'failed', sentence: sentenceOf(error) };
    }
  }

  function begin(key: string, brief: PlanBrief): Entry {
    const entry: Entry = {
      token: entries.get(key)?.token ?? randomUUID(),
      state: { kind: 'counting', readers: 0 },
      done: Promise.resolve(),
    };
    // Nobody waits any more for what was asked for anew, or for so much else since.
    turn = turn.then(() => (entries.get(key) === entry ? workOut(entry, brief) : undefined));
    entry.done = turn;
    keepRecent(entries, key, entry, mostKept);
    return entry;
  }

  function isFresh({ state }: Entry, notOlderThanMs: number): boolean {
    if (state.kind !== 'ready') return state.kind === 'counting';
    return Math.abs(toMs(parts.clock.now()) - toMs(state.at)) <= notOlderThanMs;
  }

  return {
    look(key, brief, notOlderThanMs) {
      const known = entries.get(key);
      return known && isFresh(known, notOlderThanMs) ? known : begin(key, brief);
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
