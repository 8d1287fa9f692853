import type { Instant } from '../clock.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly check: Check;
  /**
   * `ok`; `note`: nothing is known to be wrong; `warning`: mail goes out, but a person should look; `fault`: mail is
   * refused or lost.
   */
  readonly level: 'ok' | 'note' | 'warning' | 'fault';
  /** A sentence. */
  readonly message: string;
  /** What to do; null where there is nothing. */
  readonly fix: string | null;
}

export type Check =
  | 'dns'
  | 'spf'
  | 'dkim'
  | 'dmarc'
  | 'ptr'
  | 'mx'
  | 'relay'
  | 'bounces'
  | 'clock'
  | 'disk'
  | 'permissions';

/** What was found when all that mail depends on outside of the program was looked at. */
export interface Examination {
  readonly at: Instant;
  readonly findings: readonly Finding[];
}

export interface ExaminationStore {
  /** In place of the last one. */
  saveExamination(examination: Examination): Promise<void>;
  findExamination(): Promise<Examination | null>;
}
