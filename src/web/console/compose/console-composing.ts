import type { RelayTrouble } from '../../../delivery/index.ts';
import type { EditionStore, Newsletter, Variant } from '../../../digest/index.ts';
import type { EditionDesk } from '../../../schedule/index.ts';

/** What the pages about what an edition holds need of the rest. */
export interface ConsoleComposing {
  readonly newsletters: readonly Newsletter[];
  readonly editions: Pick<
    EditionStore,
    'findEdition' | 'listVariants' | 'listArrangementChanges' | 'getCounts' | 'listPieces'
  >;
  readonly desk: Pick<EditionDesk, 'select' | 'arrange' | 'proof' | 'readers' | 'skip'>;
  /** Relays that can't be used. */
  listTroubles(): Promise<readonly RelayTrouble[]>;
  /**
   * Sends one copy to an address.
   *
   * @throws AppError `unavailable` where it wasn't taken.
   */
  sendTest(newsletter: string, variant: Variant, address: string): Promise<void>;
  /** A whole message as a reader would get it. */
  previewMessage(newsletter: string, variant: Variant): Promise<Buffer>;
}
