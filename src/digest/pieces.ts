/**
 * The frozen, rendered parts of an edition in one language. A variant is a join of them, so that many different
 * choices of articles cost one rendering. Plain JSON: it is kept in the database as it stands.
 *
 * HTML and text hold single private-use code points (see `marks.ts`) where readers and variants differ.
 */
export interface EditionPieces {
  readonly lang: string;
  /** Everything up to the first story: document head, masthead, date, facts. */
  readonly top: Piece;
  /** In the edition's order. */
  readonly stories: readonly StoryPieces[];
  /** Some of them once more, in a language that some readers put before the one above. */
  readonly besides: readonly StoryPieces[];
  /** In order of first appearance; `brief` stands last. */
  readonly groups: readonly GroupPieces[];
  readonly record: RecordPieces;
  /** Why, links, address, end of the document. */
  readonly bottom: Piece;
}

export interface Piece {
  readonly html: string;
  readonly text: string;
}

interface GroupPieces {
  /** Sorted country keys (`armenia`, `armenia+azerbaijan`), or `region`, `other`, `brief`. */
  readonly key: string;
  readonly open: Piece;
  /** Between two stories. */
  readonly separator: Piece;
  readonly close: Piece;
}

export interface StoryPieces {
  readonly storyKey: string;
  /** Of the article that is told. */
  readonly lang: string;
  /** The group that it stands in when it isn't the lead. */
  readonly groupKey: string;
  /** For the subject. Plain text. */
  readonly title: string;
  /** Plain text. */
  readonly summary: string;
  /** Words that a reader of this edition reads here: title and summary, or the full text. */
  readonly words: number;
  /** Titles of its sources, plain text. */
  readonly sources: readonly string[];
  /** As the lead: large, with its picture. */
  readonly lead: Piece;
  /** Its picture, shown above `item` where the story opens its group. Empty without a picture. */
  readonly picture: Piece;
  /** As one of a group. */
  readonly item: Piece;
  /** Its corrections. Empty without any. */
  readonly corrections: Piece;
}

/** Corrections and sources, left out where a variant has neither. */
interface RecordPieces {
  readonly open: Piece;
  /** Holds the variant's slot for sources. */
  readonly sources: Piece;
  readonly close: Piece;
}

/** A subject and preheader that an operator wrote; what is missing is made from the headlines. */
export interface LetterTexts {
  readonly subject?: string;
  readonly preheader?: string;
}

/** An edition as readers with equal choices get it, still with its slots. */
export interface Variant {
  readonly lang: string;
  /** Story keys in the order shown; the first is the lead. */
  readonly storyKeys: readonly string[];
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
  readonly text: string;
  /** A sentence where the HTML comes near the length at which Gmail cuts a mail off; null otherwise. */
  readonly sizeWarning: string | null;
}
