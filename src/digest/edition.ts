import type { Instant } from '../clock.ts';
import type { Rhythm } from '../subscribers/index.ts';
import type { Approver } from './approver.ts';
import type { Arrangement } from './arrangement.ts';

export type EditionState = 'draft' | 'approved' | 'sending' | 'paused' | 'sent' | 'skipped' | 'held' | 'cancelled';

export const editionTransitions: Readonly<Record<EditionState, readonly EditionState[]>> = {
  draft: ['approved', 'skipped', 'held', 'cancelled'],
  // A draft again where it was sent before its time and taken back.
  approved: ['draft', 'sending', 'skipped', 'held', 'cancelled'],
  sending: ['paused', 'sent', 'held', 'cancelled'],
  // Held where an older copy of the database was put in place: what it knows of it is out of date.
  paused: ['sending', 'held', 'cancelled'],
  // Straight to sending where it was frozen before it was held.
  held: ['approved', 'sending', 'cancelled', 'skipped'],
  // Sent and cancelled ones are opened again, paused at first, only by an operator's retry of what readers didn't get.
  sent: ['paused'],
  skipped: [],
  cancelled: ['paused'],
};

/** States in which an edition has been decided on and isn't over; a newsletter has at most one such edition for readers of a rhythm. */
export const pendingEditionStates: readonly EditionState[] = ['approved', 'sending', 'paused', 'held'];

/** States in which an edition is still going to do something: a newsletter has at most one draft beside the pending one. */
export const openEditionStates: readonly EditionState[] = ['draft', ...pendingEditionStates];

/** States in which at least some readers may have got an edition; `isShown` says whether. */
export const shownEditionStates: readonly EditionState[] = ['sending', 'paused', 'held', 'sent'];

/** Whether anybody may read an edition on the web: it was frozen to go out, and hasn't been given up. */
export function isShown({ state, frozenAt }: Pick<Edition, 'state' | 'frozenAt'>): boolean {
  return frozenAt !== null && shownEditionStates.includes(state);
}

/** Why an edition waits for a person. */
export type HeldReason =
  | 'missed'
  | 'insecure_url'
  | 'template'
  | 'restored'
  | 'clock'
  | 'transport'
  | 'approval'
  | 'preflight';

/** Why an edition is held, paused, skipped or cancelled. `sender_faults`: relays find too much fault with the sender. */
export type EditionReason = HeldReason | 'nothing_new' | 'superseded' | 'operator' | 'sender_faults';

export type EditionTrigger = 'schedule' | 'manual' | 'sample';

/** What an operator asked for instead of what is new; kept so that a restart composes the same. */
export interface EditionSelection {
  /** Every story dated from here on that no earlier edition had; null: what is new. */
  readonly since: Instant | null;
  /** Exactly these slugs, in this order; null: not named. */
  readonly slugs: readonly string[] | null;
  /** Whether readers get what they had in the last 30 days; default: only what has changed since. */
  readonly again?: boolean;
}

/** Which of a newsletter's readers an edition is for. */
export interface EditionAudience {
  /** Those whose mail is in one of these languages; empty: in any. */
  readonly languages: readonly string[];
  /** Those who get one of these countries, also because they have chosen none; empty: all. */
  readonly countries: readonly string[];
  /** Those whom this edition reached, or may have reached: a relay took it and it hasn't come back, or it is in doubt. Null: all. */
  readonly gotEdition: string | null;
}

export const everybody: EditionAudience = { languages: [], countries: [], gotEdition: null };

/** What is new. */
export const byNews: EditionSelection = { since: null, slugs: null };

/** One issue of a newsletter. */
export interface Edition {
  /** `weekly-2026-11-27T0300Z`, safe as a file name. */
  readonly id: string;
  readonly newsletter: string;
  /** Whom it is for: readers who get each, or the best of a day, week or month. */
  readonly rhythm: Rhythm;
  /** `2026-11-27T0300Z`, `-2` for a second one at the same time; unique within the newsletter. */
  readonly key: string;
  readonly state: EditionState;
  /** Why it is held, paused, skipped or cancelled; null otherwise. */
  readonly reason: EditionReason | null;
  readonly trigger: EditionTrigger;
  readonly selection: EditionSelection;
  readonly audience: EditionAudience;
  /** Who asked for it, by the name that they had then; null: the schedule. */
  readonly openedBy: Approver | null;
  readonly arrangement: Arrangement;
  /** How often its arrangement was changed: who changes it says which one they have seen. */
  readonly revision: number;
  /** The time it is for. */
  readonly dueAt: Instant;
  /** Articles first seen published up to this instant were considered; set when composed. */
  readonly cutoff: Instant | null;
  /** The transport its deliveries belong to (`outbox`, `smtp://relay.example:587`); set when frozen. */
  readonly transport: string | null;
  readonly createdAt: Instant;
  readonly frozenAt: Instant | null;
  /** Since when it is paused, or held after it was begun; null otherwise. */
  readonly pausedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** What is still deferred then is given up; set when frozen. */
  readonly expiresAt: Instant | null;
}

/** The counts of the deliveries to one domain, or to all small ones. */
export interface DomainCounts extends EditionCounts {
  /** In lower case; `''`: all that aren't named, and a large domain's first readers where the edition found out that it is. */
  readonly domain: string;
}

/** The delivery states, summed for one edition. The parts always add up to `candidates`. */
export interface EditionCounts {
  readonly candidates: number;
  readonly excluded: number;
  readonly queued: number;
  readonly claimed: number;
  readonly attempting: number;
  readonly sent: number;
  readonly deferred: number;
  readonly failed: number;
  readonly in_doubt: number;
  readonly cancelled: number;
}
