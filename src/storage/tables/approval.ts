import type { Generated } from 'kysely';

export interface EditionApprovalTable {
  id: Generated<number>;
  edition_id: string;
  /** JSON of `EditionManifest`. */
  manifest: string;
  /** Null where it wasn't an operator of the console. */
  operator_id: number | null;
  name: string;
  at: string;
  voided_at: string | null;
  /** JSON array of sentences. */
  why: Generated<string>;
}

/** The last look at each edition before it went out. */
export interface EditionPreflightTable {
  edition_id: string;
  /** Of what was looked at: another one is another edition. */
  fingerprint: string;
  at: string;
  /** JSON of `PreflightReport`. */
  report: string;
}
