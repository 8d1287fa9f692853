/**
 * The frozen, rendered parts of an edition in one language. A variant is a join of them, so that many different
 * choices of articles cost one rendering.
 *
 * HTML and text hold per-reader slots as single private-use code points (see `slots`).
 */
export interface EditionPieces {
  readonly lang: string;
  /** Everything up to the first story: document head, masthead, date. Holds `subjectSlot`-free, final HTML. */
  readonly top: Piece;
  /** One per story, by story key. */
  readonly stories: readonly StoryPieces[];
  /** Heading of each group of stories, by group key (`armenia`, `armenia+azerbaijan`). */
  readonly groups: readonly { readonly key: string; readonly open: Piece; readonly close: Piece }[];
  /** Sources, why, links, address, end of the document. */
  readonly bottom: Piece;
}

export interface Piece {
  readonly html: string;
  readonly text: string;
}

export interface StoryPieces {
  readonly storyKey: string;
  /** The group that it stands in when it isn't the lead. */
  readonly groupKey: string;
  /** Title in this edition's language, for the subject. */
  readonly title: string;
  readonly summary: string;
  /** As the lead: large, with its picture. */
  readonly lead: Piece;
  /** As one of a group. */
  readonly item: Piece;
}

/** What differs from reader to reader. Each is one code point in the frozen text: U+E000 + its place here. */
export const slots = ['unsubscribeUrl', 'preferencesUrl'] as const;

export type Slot = (typeof slots)[number];

export function slotMark(slot: Slot): string {
  return String.fromCodePoint(0xe000 + slots.indexOf(slot));
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
}
