import type { DeliveryLedger, DeliveryRecords, ReaderCopy, RelayTrouble } from '../../../delivery/index.ts';
import type { Edition, EditionStore, Newsletter } from '../../../digest/index.ts';
import type { Aftercare } from '../../../schedule/index.ts';

/** What the pages about editions that went out need of the rest. */
export interface ConsoleAfter extends Aftercare {
  readonly editions: Pick<EditionStore, 'findEdition' | 'listEditions' | 'listCounts' | 'getCounts'>;
  readonly newsletters: readonly Newsletter[];
  readonly records: DeliveryRecords;
  readonly listDeliveries: DeliveryLedger['listDeliveries'];
  readonly readerCopy: ReaderCopy;
  /** Relays that can't be used. */
  listTroubles(): Promise<readonly RelayTrouble[]>;
  /** Whether a retry leaves readers out whose copy holds an article that was withdrawn. */
  hasWithdrawn(editionId: string): Promise<boolean>;
  /** Whether the database was found to be older than the last mail, perhaps; changes nothing. */
  isKnownOlder(edition: Edition): Promise<boolean>;
  /** Looks whether it may be; what is doubtful is held. */
  mayBeOlder(edition: Edition): Promise<boolean>;
}
