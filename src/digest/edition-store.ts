import type { Instant } from '../clock.ts';
import type { Rhythm } from '../subscribers/index.ts';
import type { Approver } from './approver.ts';
import type { Arrangement } from './arrangement.ts';
import type {
  DomainCounts,
  Edition,
  EditionAudience,
  EditionCounts,
  EditionReason,
  EditionSelection,
  EditionState,
  EditionTrigger,
} from './edition.ts';
import type { EditionTexts } from './feed-edition.ts';
import type { EditionPieces } from './pieces.ts';
import type { ToldStory } from './told-story.ts';

export interface NewEdition {
  readonly newsletter: string;
  /** Default `each`. */
  readonly rhythm?: Rhythm;
  readonly dueAt: Instant;
  readonly trigger: EditionTrigger;
  readonly selection: EditionSelection;
  /** Default: everybody. */
  readonly audience?: EditionAudience;
  /** Of the form that asks for it: with a token that is known, the edition that it made is returned. Default: none. */
  readonly requestToken?: string;
  /** Who asks for it; default: nobody. */
  readonly openedBy?: Approver;
  /** Default: nothing is arranged. */
  readonly arrangement?: Arrangement;
  readonly state: EditionState;
  readonly reason: EditionReason | null;
  readonly now: Instant;
  /**
   * `once`: null when the newsletter already has an edition of this time and rhythm, so that two schedulers make one.
   * `another`: the next free key (`…-2`), for sending by hand.
   */
  readonly key: 'once' | 'another';
}

/** An edition's variant as kept: which stories, for which readers' choice. */
export interface VariantRecord {
  /** From 0 within the edition. */
  readonly number: number;
  readonly lang: string;
  readonly stories: readonly ToldStory[];
  readonly subject: string;
  readonly preheader: string;
  /** Readers who get it, as counted at the freeze; null where it was frozen before they were counted. */
  readonly readers: number | null;
}

/** A change of an edition's arrangement by an operator who has seen one of its revisions. */
export interface ArrangementChange {
  /** What they saw. */
  readonly revision: number;
  readonly arrangement: Arrangement;
  /** The operator's name. */
  readonly by: string;
  /** What they did, as part of a sentence: `left out “Tehran talks”`. */
  readonly what: string;
  readonly now: Instant;
}

/** A change as kept: what it made is the revision. */
export type KeptChange = Pick<ArrangementChange, 'revision' | 'by' | 'what'> & { readonly at: Instant };

export type ArrangementOutcome =
  | { readonly kind: 'arranged'; readonly edition: Edition }
  /** Somebody else has changed it since: how, the newest last. */
  | { readonly kind: 'outdated'; readonly edition: Edition; readonly changes: readonly KeptChange[] }
  /** It is being frozen, was frozen, or is over. */
  | { readonly kind: 'closed'; readonly edition: Edition };

export interface EditionFilter {
  readonly newsletter?: string;
  readonly rhythm?: Rhythm;
  readonly states?: readonly EditionState[];
  /** Only those whose content has been frozen. */
  readonly isFrozen?: true;
  /** Only what the list shows after this edition. */
  readonly after?: string;
  readonly limit?: number;
  /** How many of the newest are left out; only with a limit. */
  readonly offset?: number;
}

/** What an edition was when somebody decided on it; default: whatever it is. */
export type SeenEdition = Pick<Edition, 'state' | 'revision'>;

export interface EditionStore {
  /**
   * Creates an edition, or null as `key` says.
   *
   * @throws AppError `conflict` where the newsletter and rhythm has a draft already, or another one that is pending.
   */
  createEdition(edition: NewEdition): Promise<Edition | null>;
  findEdition(id: string): Promise<Edition | null>;
  /** The one that a form with this token asked for. */
  findByRequest(token: string): Promise<Edition | null>;
  /** The one that is pending: decided on and not over. Of the rhythm `each` where none is named; so below. */
  findPending(newsletter: string, rhythm?: Rhythm): Promise<Edition | null>;
  findDraft(newsletter: string, rhythm?: Rhythm): Promise<Edition | null>;
  /** When the first approved edition after an instant is due, of whatever newsletter; null: there is none. */
  findNextDue(after: Instant): Promise<Instant | null>;
  findByKey(newsletter: string, key: string): Promise<Edition | null>;
  /** Newest first. */
  listEditions(filter?: EditionFilter): Promise<Edition[]>;
  /**
   * Moves an edition to another state; `conflict` where it is another one than was seen, the table of transitions does not
   * allow it, or another one is pending.
   */
  moveEdition(
    id: string,
    to: EditionState,
    fields: { reason?: EditionReason | null; now: Instant; seen?: SeenEdition },
  ): Promise<Edition>;
  /** Changes what an edition is going to hold. @throws AppError `not_found` */
  arrangeEdition(id: string, change: ArrangementChange): Promise<ArrangementOutcome>;
  /** What was changed of its arrangement, the newest last. */
  listArrangementChanges(id: string, limit: number): Promise<KeptChange[]>;
  /**
   * Approves a draft for an earlier time than its own.
   *
   * @throws AppError `conflict` where it is none any more, or another edition of the newsletter and rhythm is pending.
   */
  advanceDraft(
    id: string,
    change: { readonly dueAt: Instant /** For people. */; readonly openedBy: Approver },
  ): Promise<Edition>;
  /**
   * Makes an approved edition a draft again, for its own time.
   *
   * @throws AppError `conflict` where it has begun to go out.
   */
  returnToDraft(id: string, dueAt: Instant): Promise<Edition>;
  /** Cut-off of the newest edition that was composed (sent, sending, skipped for nothing new …), or null. */
  findLastCutoff(newsletter: string, rhythm?: Rhythm): Promise<Instant | null>;
  /**
   * Ids of the articles, in whatever language, of the stories in editions of this newsletter that were frozen and not
   * cancelled before any was sent.
   */
  listUsedStories(newsletter: string, rhythm?: Rhythm): Promise<ReadonlySet<string>>;
  /** Records that an edition was composed up to `cutoff` without anything to send. */
  skipEdition(
    id: string,
    fields: { reason: EditionReason; cutoff: Instant | null; now: Instant; seen?: SeenEdition },
  ): Promise<Edition>;
  /** Frozen editions, given up or not, that held a story of one of these articles; the newest first, a bounded number. */
  listEditionsHolding(articleIds: readonly string[]): Promise<Edition[]>;
  listPieces(editionId: string): Promise<EditionPieces[]>;
  /** Headlines and summaries of many editions by their ids, without the pieces' markup; in these languages only. */
  listTexts(editionIds: readonly string[], languages: readonly string[]): Promise<Map<string, EditionTexts[]>>;
  listVariants(editionId: string): Promise<VariantRecord[]>;
  getCounts(editionId: string): Promise<EditionCounts>;
  /** Those of many editions at once, by their ids. */
  listCounts(editionIds: readonly string[]): Promise<Map<string, EditionCounts>>;
  /** The same apart for each domain with many readers, the largest first, and for all others (`''`) at the end. */
  listDomainCounts(editionId: string): Promise<DomainCounts[]>;
  /** Which of these rhythms readers of a newsletter have who would get an edition now. */
  listRhythms(newsletter: string, rhythms: readonly Rhythm[], now: Instant): Promise<Rhythm[]>;
  /** When each newsletter, or its editions of a rhythm, was first seen with this transport: nothing is sent for times before. */
  seeNewsletters(names: readonly string[], transport: string, now: Instant): Promise<Map<string, Instant>>;
  /** Those that were ever seen, with whatever transport. */
  listSeen(): Promise<ReadonlySet<string>>;
  /** Forgets that these were seen: once they are again, nothing is sent for times before that. */
  forgetSeen(names: readonly string[]): Promise<void>;
}
