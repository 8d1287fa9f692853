import type { Instant } from '../clock.ts';
import type {
  Choice,
  Edition,
  EditionAudience,
  EditionCounts,
  EditionPieces,
  EditionReason,
  EditionState,
  ToldStory,
} from '../digest/index.ts';
import type { Rhythm } from '../subscribers/index.ts';
import type { FrozenStory, PastStory } from './audience/past-story.ts';
import type { Delivery, DeliveryState } from './delivery.ts';
import type { ReplyClass } from './replies/reply-class.ts';
import type { Phase } from './transport.ts';

/** A reader's choices as far as they decide a variant: readers with equal choices share one. */
export interface ReaderChoice extends Choice {
  /** In order of preference; at least one, the first that of the mail's own words. */
  readonly languages: readonly string[];
}

export interface FrozenVariant {
  readonly lang: string;
  /** In order; the first is the lead. */
  readonly stories: readonly ToldStory[];
  readonly subject: string;
  readonly preheader: string;
}

/** What readers with a choice get who have had these stories before; null: nothing in the edition is for them. */
export type VariantFor = (choice: ReaderChoice, had: readonly PastStory[]) => FrozenVariant | null;

export interface FreezeInput {
  readonly editionId: string;
  /** That of the arrangement that it was composed by: `conflict` where it was changed since. */
  readonly revision: number;
  readonly newsletter: string;
  /** It goes to readers with one of these. */
  readonly rhythms: readonly Rhythm[];
  readonly audience: EditionAudience;
  readonly transport: string;
  /** Reserved domains (example.com, .test, …) are excluded where true: the relay isn't on loopback. */
  readonly excludeReserved: boolean;
  /** Stories first seen published up to then were considered; null: only those that were named. */
  readonly cutoff: Instant | null;
  readonly expiresAt: Instant;
  readonly now: Instant;
  /** In order. */
  readonly stories: readonly FrozenStory[];
  readonly pieces: readonly EditionPieces[];
  /** Whether readers get what they had before, because an operator said so. */
  readonly again: boolean;
  /** Equal variants are kept once. */
  readonly variantFor: VariantFor;
  /** Told after each chunk of the audience. */
  readonly onProgress?: (frozen: number) => void;
}

/** A delivery that a worker holds a lease on, with all that its message needs. */
export interface ClaimedDelivery {
  readonly deliveryId: number;
  readonly token: string;
  /** Until when the lease holds without renewal. */
  readonly leaseUntil: Instant;
  readonly edition: Edition;
  readonly subscriberId: number;
  readonly address: string;
  readonly name: string | null;
  readonly lang: string;
  readonly variant: number;
  readonly attempts: number;
}

export interface ClaimRequest {
  readonly worker: string;
  readonly transport: string;
  readonly limit: number;
  readonly now: Instant;
  readonly leaseUntil: Instant;
  /** Only this edition, for a command in the foreground; null: all. */
  readonly editionId: string | null;
  /** Recipient domains, in lower case, that get nothing for now; default none. */
  readonly withoutDomains?: readonly string[];
}

/** The truth about a delivery in doubt, by evidence or by an operator's word. */
export interface DoubtSettled {
  readonly editionId: string;
  readonly deliveryId: number;
  readonly truth: 'sent' | 'queued' | 'failed';
  /** How it is known. */
  readonly reply: string;
  /** The edition's new expiry where it is opened again. */
  readonly expiresAt: Instant;
  readonly now: Instant;
}

/** What waits for a domain that was closed. */
export interface Postponement {
  readonly transport: string;
  /** In lower case. */
  readonly domain: string;
  readonly until: Instant;
  readonly now: Instant;
}

/** One thing to write about an attempt; many are committed in one transaction. */
export type LedgerEntry =
  | { readonly kind: 'begin'; readonly deliveryId: number; readonly token: string; readonly messageId: string }
  | (ResultEntry & { readonly kind: 'sent'; readonly reply: string })
  | (ResultEntry & { readonly kind: 'deferred'; readonly reply: string; readonly notBefore: Instant })
  | (ResultEntry & { readonly kind: 'failed'; readonly reply: string; readonly reason: 'rejected' })
  | (ResultEntry & { readonly kind: 'returned'; readonly reply: string | null })
  | (ResultEntry & { readonly kind: 'in_doubt'; readonly reply: string });

interface ResultEntry {
  readonly deliveryId: number;
  readonly token: string;
  /** How far the dialogue with the relay came; null where there was none. */
  readonly phase: Phase | null;
  /** What the answer says about whom; null where there was none. */
  readonly class: ReplyClass | null;
}

export type PauseReason = Extract<EditionReason, 'operator' | 'sender_faults'>;

export interface LostAttempt {
  readonly deliveryId: number;
  readonly token: string;
  readonly editionId: string;
  readonly address: string;
  readonly transport: string;
}

/** A story as variants hold it. */
export interface WithdrawnVersion {
  readonly key: string;
  /** Of the article. */
  readonly lang: string;
}

/** How many readers of an edition go without. */
export interface GivenUp {
  readonly editionId: string;
  readonly readers: number;
}

export interface WorkerRecord {
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly transport: string;
  readonly startedAt: Instant;
  readonly heartbeatAt: Instant;
}

/** The ledger of deliveries: every reader of every edition, and what became of each. */
export interface DeliveryLedger {
  /** Which of these stories other editions of the last 30 days held too, in the order in which those were frozen. */
  listPast(stories: readonly FrozenStory[], now: Instant): Promise<PastStory[]>;
  /**
   * Writes pieces, variants and the audience and moves the edition `approved → sending`, all or nothing; the audience in
   * chunks, so that no transaction is long. What a crash left half done is removed first; another process that is
   * freezing the same edition is waited for.
   *
   * @throws AppError `conflict` where the edition is not (or no longer) approved.
   */
  freeze(input: FreezeInput): Promise<EditionCounts>;
  /** Leases up to `limit` deliveries that are due (`queued`, or `deferred` past its time) and moves them to `claimed`. */
  claim(request: ClaimRequest): Promise<ClaimedDelivery[]>;
  /**
   * Writes all entries in one transaction, begins first, and returns, for each, whether it took. A `begin` is refused
   * where the token is not the row's, the lease has run out, the reader has left or is suppressed, or the edition is
   * not `sending`; a row whose token it is becomes `cancelled` with the reason, or `queued`. A result takes where the
   * token is the row's, also for a row in doubt: late evidence settles it.
   */
  commit(entries: readonly LedgerEntry[], now: Instant): Promise<boolean[]>;
  /** Of each attempt that has begun ahead, whether it may still go to its reader, for all that a `begin` asks. */
  mayStillGo(
    attempts: readonly { readonly deliveryId: number; readonly token: string }[],
    now: Instant,
  ): Promise<readonly boolean[]>;
  renewLeases(worker: string, leaseUntil: Instant): Promise<void>;
  /**
   * `claimed` rows whose lease ran out or whose worker is among `deadWorkers` → `queued`. Returns the `attempting` ones
   * as they are: whoever asked finds out what became of each and says so by `resolve`.
   */
  recover(now: Instant, deadWorkers: readonly string[]): Promise<LostAttempt[]>;
  /**
   * Settles a lost attempt, or one in doubt, by evidence; `in_doubt` where there is none. Nothing happens where the
   * token is no longer the row's. `reason` is kept as its reply.
   */
  resolve(lost: LostAttempt, truth: 'sent' | 'queued' | 'in_doubt', reason: string, now: Instant): Promise<void>;
  /**
   * Editions of this transport that are `sending` and have nothing left to do become `sent`; expired ones first give
   * up what is queued or deferred, or are held where the relay can't be used. Sweeps what came back to a cancelled edition,
   * or is left of one that was skipped. Returns those that finished or are held.
   */
  finishEditions(transport: string, now: Instant): Promise<Edition[]>;
  /**
   * Moves an edition to `cancelled` and cancels what is queued, claimed or deferred of it.
   *
   * @param from only where it is in one of these states; default: where it isn't over.
   * @throws AppError `conflict` where it is in another one.
   */
  cancelEdition(editionId: string, now: Instant, from?: readonly EditionState[]): Promise<EditionCounts>;
  /**
   * Gives up what has not begun of editions that were frozen with an article that is withdrawn now, and lets nothing more
   * of those variants begin or be sent again until it is published once more. Returns whose readers went without, this time.
   *
   * @param langOf The language of each article that is withdrawn, by its id.
   * @param alsoOf An edition that is over and is to be opened again; default: none.
   */
  heedWithdrawn(langOf: ReadonlyMap<string, string>, now: Instant, alsoOf?: string): Promise<GivenUp[]>;
  /** Whether some variant of an edition holds an article that is withdrawn, so that a retry leaves its readers out. */
  hasWithdrawn(editionId: string): Promise<boolean>;
  /**
   * `sending → paused`; what was claimed goes back, so that nothing of it begins any more.
   *
   * @throws AppError `conflict` where it isn't being sent.
   */
  pauseEdition(editionId: string, reason: PauseReason, now: Instant): Promise<EditionCounts>;
  /**
   * `paused → sending`; the pause doesn't count towards its expiry, and sender faults are counted anew.
   *
   * @throws AppError `conflict` where it isn't paused.
   */
  resumeEdition(editionId: string, now: Instant): Promise<EditionCounts>;
  /** Ids of the editions of this transport that are `sending`. */
  listSending(transport: string): Promise<ReadonlySet<string>>;
  /** Readers who did not get it, and still want it: those whom `retryMissing` would send it to. */
  countMissing(editionId: string): Promise<number>;
  /**
   * Queues again what failed or was cancelled, where the reason doesn't hold any more; never what is in doubt. The
   * edition is `sending` afterwards, until `expiresAt`; one that was paused stays so. Returns how many were queued.
   *
   * @throws AppError `conflict` where it never went out, or another edition of its newsletter is open.
   */
  retryMissing(editionId: string, expiresAt: Instant, now: Instant): Promise<number>;
  /**
   * Settles a delivery in doubt; `queued` opens an edition again that is `sent`, and leads to the address that the reader
   * has now. False where it is in doubt no more.
   *
   * @throws AppError `conflict` where it can't be queued, because the edition is cancelled, another one is open, or it has
   * been sent to that address before.
   */
  settleDoubt(settled: DoubtSettled): Promise<boolean>;
  /** What is due for a domain before `until` is deferred to then, in short transactions. */
  postpone(postponement: Postponement): Promise<void>;
  /**
   * Adds answers or reports that find fault with the sender. Pauses the edition when they are too many, and returns it
   * then; null otherwise.
   */
  addSenderFaults(editionId: string, faults: number, now: Instant): Promise<Edition | null>;
  /** Earliest time at which something is due or an edition with something left expires, at least `now`; or null. */
  findNextDue(transport: string, now: Instant): Promise<Instant | null>;
  /** In the order of their ids; streams in pages, so that a million rows take constant memory. */
  listDeliveries(editionId: string, filter?: { states?: readonly DeliveryState[] }): AsyncIterable<Delivery>;
  registerWorker(worker: WorkerRecord): Promise<void>;
  beat(workerId: string, now: Instant): Promise<void>;
  removeWorker(workerId: string): Promise<void>;
  listWorkers(): Promise<WorkerRecord[]>;
}
