export type { Edition, EditionCounts, EditionSelection, EditionState, EditionTrigger, HeldReason } from './edition.ts';
export { editionTransitions, openEditionStates } from './edition.ts';
export type { EditionStore, NewEdition, VariantRecord } from './edition-store.ts';
export type { Newsletter } from './newsletter.ts';
export type { Slot } from './marks.ts';
export { slotMark, slots } from './marks.ts';
export type { EditionPieces, GroupPieces, Piece, RecordPieces, StoryPieces, Variant } from './pieces.ts';
export type { Choice, SelectOptions } from './select-articles.ts';
export { selectStories, storiesForChoice } from './select-articles.ts';
