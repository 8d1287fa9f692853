export type { Edition, EditionCounts, EditionSelection, EditionState, EditionTrigger, HeldReason } from './edition.ts';
export { editionTransitions, openEditionStates } from './edition.ts';
export type { EditionStore, NewEdition, VariantRecord } from './edition-store.ts';
export type { Newsletter } from './newsletter.ts';
export type { EditionPieces, Piece, Slot, StoryPieces, Variant } from './pieces.ts';
export { slotMark, slots } from './pieces.ts';
