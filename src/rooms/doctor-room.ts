import { type Clock, plusMs } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { type DnsLookups, examine, listOwnAddresses } from '../doctor/index.ts';
import { sentenceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Examination, ExaminationStore } from '../operators/index.ts';

export interface DoctorRoomParts {
  readonly config: Config;
  readonly store: ExaminationStore;
  readonly dns: DnsLookups;
  readonly clock: Clock;
  readonly log: Log;
}

/** Where what mail depends on outside of the program is looked at, now and then, and what was found is kept. */
export interface DoctorRoom {
  /** What was found last; null before the first time. */
  findLast(): Promise<Examination | null>;
  /** Whether this process is just looking. */
  isLooking(): boolean;
  /** Looks, unless this process is just doing so: takes seconds. Resolves once all is kept; never rejects. */
  look(): Promise<void>;
  /** Begins to look where nobody has for a day, unless mail stays on this machine, where a person asks if they want to know. */
  lookDaily(): Promise<void>;
  /** Nothing more is kept from now on. */
  close(): void;
}

const dayMs = 24 * 3_600_000;

export function createDoctorRoom({ config, store, dns, clock, log }: DoctorRoomParts): DoctorRoom {
  let looking: Promise<void> | null = null;
  let isClosed = false;

  async function lookOnce(): Promise<void> {
    try {
      const at = clock.now();
      const findings = await examine({ config, dns, ownAddresses: listOwnAddresses(), now: new Date(at) });
      if (!isClosed) await store.saveExamination({ at, findings });
    } catch (error) {
      log.error('problem', { message: `What mail depends on couldn’t be looked at: ${sentenceOf(error)}` });
    } finally {
      looking = null;
    }
  }

  function look(): Promise<void> {
    looking ??= lookOnce();
    return looking;
  }

  return {
    findLast: () => store.findExamination(),
    isLooking: () => looking !== null,
    look,
    async lookDaily() {
      if (config.mail.relay?.loopback !== false) return;
      const last = await store.findExamination();
      if (last === null || last.at <= plusMs(clock.now(), -dayMs)) void look();
    },
    close() {
      isClosed = true;
    },
  };
}
