import type { Instant } from '../../clock.ts';
import type { ReaderLinks } from '../message/compose-message.ts';

/** Makes the links of letters; `lang` is the language that their page opens in. */
export interface LetterLinks extends ReaderLinks {
  /** The page that asks for the confirmation of what the consent record says, until an instant. */
  confirm(subscriberId: number, consentId: number, until: Instant, lang: string): string;
  /** The page that goes on with what the reader asked for, until an instant. */
  ask(kind: 'address' | 'data' | 'erase', subscriberId: number, until: Instant, lang: string): string;
  /** The page that makes a change of address, until an instant. */
  newAddress(subscriberId: number, changeId: number, until: Instant, lang: string): string;
}
