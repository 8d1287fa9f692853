export type { Approval, ApprovalStore } from './approval-store.ts';
export type { Approver } from './approver.ts';
export type { Arrangement } from './arrangement.ts';
export { unarranged } from './arrangement.ts';
export { checkAudience } from './check-audience.ts';
export type { ChooseInput } from './choose-stories.ts';
export { chooseStories } from './choose-stories.ts';
export type { ComposedEdition } from './compose-edition.ts';
export { composeEdition } from './compose-edition.ts';
export type { ArrangementEdit } from './edit-arrangement.ts';
export { editArrangement } from './edit-arrangement.ts';
export type {
  DomainCounts,
  Edition,
  EditionAudience,
  EditionCounts,
  EditionReason,
  EditionSelection,
  EditionState,
  EditionTrigger,
} from './edition.ts';
export {
  byNews,
  editionTransitions,
  everybody,
  isShown,
  openEditionStates,
  pendingEditionStates,
  shownEditionStates,
} from './edition.ts';
export { createEditionFeeds } from './edition-feeds.ts';
export { keyOfTime, timeOfKey } from './edition-key.ts';
export {
  type EditionManifest,
  editionManifest,
  manifestChanges,
  manifestHash,
} from './edition-manifest.ts';
export type {
  ArrangementChange,
  ArrangementOutcome,
  EditionFilter,
  EditionStore,
  KeptChange,
  NewEdition,
  SeenEdition,
  VariantRecord,
} from './edition-store.ts';
export type { EditionTexts } from './feed-edition.ts';
export { piecesFor, storiesShown } from './feed-edition.ts';
export { findLatestEdition, type LatestEdition } from './latest-edition.ts';
export { createLetterPress } from './letter-press.ts';
export { adviceLetters, automaticTexts, letterTexts, parseLetterText, wholeLetter } from './letter-texts.ts';
export type { Slot, SlotValues } from './marks.ts';
export { slotMark, slots } from './marks.ts';
export type { Newsletter } from './newsletter.ts';
export type { EditionPieces, Piece, StoryPieces, Variant } from './pieces.ts';
export { listAddresses } from './preflight/addresses.ts';
export type { CheckedAudience, CheckedEdition } from './preflight/checked-edition.ts';
export { articlesOf } from './preflight/checked-edition.ts';
export { type Finding, type FindingCode, type FindingSeverity, isBlocked } from './preflight/finding.ts';
export { lookAtForeignLinks } from './preflight/foreign-links.ts';
export { alive, type LinkVerdict } from './preflight/link-verdict.ts';
export { createOwnLinks, isOwnAddress } from './preflight/own-links.ts';
export { findingForFault, preflight } from './preflight/preflight.ts';
export type { LetterInput } from './render-letter.ts';
export { renderPieces } from './render-pieces.ts';
export type { Choice, SelectOptions } from './select-articles.ts';
export { selectStories, storiesForChoice } from './select-articles.ts';
export type { ChosenStory, OmittedStory, StorySelection, WhyChosen, WhyOmitted } from './story-selection.ts';
export { templatesHash } from './templates-hash.ts';
export { templatesVersion } from './templates-version.ts';
export type { ToldStory } from './told-story.ts';
export { articleFor, interfaceLanguage } from './told-story.ts';
export { assembleVariant, fillSlots, preheaderOf, renderWebVersion } from './variant.ts';
export { whatToDoAboutHold, whyHeld } from './why-held.ts';
