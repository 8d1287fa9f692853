import type { Generated } from 'kysely';

/** One row. */
export interface LedgerBeatTable {
  ledger: string;
  beats: number;
  at: string;
  /** `worker`: by a process that stays; `pass`: by one that comes and goes. */
  beaten_by: string;
  /** When `silkpost restore` put it in place; null once that has been acted on. */
  restored_at: string | null;
}

/** Newsletters whose next edition waits for a person. */
export interface GuardMarkTable {
  /** Or its editions for readers of a rhythm: `daily (weekly)`. */
  newsletter: string;
  reason: string;
  since: string;
}

export interface NoticeTable {
  id: Generated<number>;
  kind: string;
  edition_id: string | null;
  about: string;
  sentence: string;
  what_to_do: string;
  at: string;
}

/** What is still to be told, and to whom; a row goes once it is. */
export interface NoticeCopyTable {
  notice_id: number;
  target: string;
  tries: number;
  not_before: string;
}

/** One row: what the doctor found last. */
export interface ExaminationTable {
  id: number;
  at: string;
  /** JSON array of `Finding`. */
  findings: string;
}
