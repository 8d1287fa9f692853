import type { Clock, Instant } from '../clock.ts';
import type { EditionStore, Newsletter } from '../digest/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { BeatenBy } from './beat.ts';
import type { GuardStore } from './guard-store.ts';
import { seriesName, seriesOf } from './rhythm.ts';
import {
  type Doubt,
  doubtAtStart,
  doubtOfClock,
  findSuspicion,
  type SuspicionReason,
  type Witness,
} from './suspicion.ts';

/** The note beside the database. It isn't part of it, so that it stays when an older copy is put in place. */
export interface WitnessFile {
  /** Null where there is none, or it can't be read. */
  read(): Promise<Witness | null>;
  write(witness: Witness): Promise<void>;
}

export interface RestoreGuardOptions {
  readonly store: GuardStore;
  readonly witness: WitnessFile;
  readonly editions: Pick<EditionStore, 'listEditions' | 'listSeen'>;
  readonly newsletters: readonly Newsletter[];
  readonly clock: Clock;
  /** Milliseconds since some moment, whatever is done to the clock. */
  readonly passedMs: () => number;
  readonly log: Log;
}

/**
 * Keeps an older copy of the database, or a clock that was moved, from sending again what has gone out: what may have is
 * held for a person.
 */
export interface RestoreGuard {
  /**
   * To be called before anything is made or sent, and every few seconds while it is: looks whether the ledger and the
   * clock can be trusted, holds what is at stake where not, and lets the ledger's heart beat.
   */
  look(by: BeatenBy): Promise<void>;
  /** When the ledger's heart beat last, by whatever process; null: never. */
  findLastBeat(): Promise<Instant | null>;
  /** Why the newsletter's next edition on schedule is to be held; null: it isn't. */
  findMark(newsletter: string): Promise<SuspicionReason | null>;
  /** A person has decided: the one after it needn't be held. */
  clearMark(newsletter: string): Promise<void>;
}

/** Calls in quicker succession only look at the clock. */
const betweenBeatsMs = 4000;

export function createRestoreGuard(options: RestoreGuardOptions): RestoreGuard {
  const { store, witness, editions, newsletters, clock, passedMs, log } = options;
  let seen: { readonly at: Instant; readonly passedMs: number } | null = null;
  let beatenMs = Number.NEGATIVE_INFINITY;
  let mayNote = true;
  let looking: Promise<void> | null = null;

  async function suspect(doubt: Doubt, now: Instant): Promise<void> {
    const open = await editions.listEditions({ states: ['approved', 'sending', 'paused', 'held'] });
    const seen = await editions.listSeen();
    const series = newsletters.flatMap(seriesOf).filter((one) => one.rhythm === 'each' || seen.has(seriesName(one)));
    const suspicion = findSuspicion(doubt, { series, open });
    const atStake = suspicion.editions.length + suspicion.newsletters.length > 0;
    if (!atStake && !doubt.isCertain) return;
    const held = await store.suspect(suspicion, now);
    for (const { id, state, reason } of held) log.info('edition', { id, state, reason });
    if (!atStake) return;
    const message = [sentences[doubt.reason](doubt)];
    if (held.length > 0) message.push(`Held: ${held.map(({ id }) => id).join(', ')}.`);
    const { newsletters: marked } = suspicion;
    if (marked.length > 0) message.push(`The next edition waits for a person: ${marked.join(', ')}.`);
    log.warn('problem', { message: message.join(' ') });
  }

  async function lookOnce(by: BeatenBy): Promise<void> {
    const now = clock.now();
    const passed = passedMs();
    let least: number | undefined;
    let doubt: Doubt | null;
    if (seen === null) {
      const noted = await witness.read();
      const beat = await store.findBeat();
      doubt = doubtAtStart(beat, noted, now);
      if (noted !== null && noted.ledger === beat?.ledger) least = noted.beats + 1;
    } else {
      doubt = doubtOfClock(seen.at, passed - seen.passedMs, now);
    }
    if (doubt !== null) await suspect(doubt, now);
    if (doubt === null && seen !== null && passed - beatenMs < betweenBeatsMs) {
      seen = { at: now, passedMs: passed };
      return;
    }
    const { ledger, beats } = await store.beat(by, now, least);
    seen = { at: now, passedMs: passed };
    beatenMs = passed;
    await note({ ledger, beats });
  }

  async function note(beat: Witness): Promise<void> {
    try {
      await witness.write(beat);
      mayNote = true;
    } catch (error) {
      // Without it the guard sees less; that is no reason not to send.
      if (mayNote)
        log.warn('problem', { message: `The note of the last heartbeat can’t be written: ${sentenceOf(error)}` });
      mayNote = false;
    }
  }

  return {
    look(by) {
      looking ??= lookOnce(by).finally(() => {
        looking = null;
      });
      return looking;
    },
    findLastBeat: async () => (await store.findBeat())?.at ?? null,
    findMark: (newsletter) => store.findMark(newsletter),
    clearMark: (newsletter) => store.clearMark(newsletter),
  };
}

const sentences: Readonly<Record<SuspicionReason, (doubt: Doubt) => string>> = {
  restored: ({ from, to, isCertain }) =>
    isCertain
      ? `The database is an older copy, ${from < to ? `of ${from}` : 'or another one'}: what was sent since is not in it.`
      : `Nothing ran since ${from}, or an older copy of the database was put in place.`,
  clock: ({ from, to }) => `The clock was moved by more than five minutes, from ${from} to ${to}.`,
};
