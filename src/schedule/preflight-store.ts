import type { PreflightReport } from './edition-preflight.ts';

export interface KeptPreflight {
  /** Of what was looked at: `manifestHash`. */
  readonly fingerprint: string;
  readonly report: PreflightReport;
}

/** The last look at each edition that hadn't gone out. */
export interface PreflightStore {
  /** In place of the last; nothing where the edition is gone. */
  keepPreflight(editionId: string, kept: KeptPreflight): Promise<void>;
  findPreflight(editionId: string): Promise<KeptPreflight | null>;
}
