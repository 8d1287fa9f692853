import type { ImportRoom } from '../../../rooms/index.ts';
import type {
  EraseReader,
  PreferenceStore,
  ReaderChoices,
  ReaderCounts,
  ReaderDesk,
  ReaderDirectory,
  RequestDesk,
  SubscriberStore,
} from '../../../subscribers/index.ts';

/** What the pages about readers need. */
export interface ConsoleReaders extends ReaderDesk {
  readonly store: SubscriberStore;
  readonly directory: ReaderDirectory;
  readonly counts: ReaderCounts;
  /** What readers can choose. */
  readonly choices: ReaderChoices;
  readonly imports: ImportRoom;
  readonly preferences: PreferenceStore;
  readonly eraseReader: EraseReader;
  readonly requests: RequestDesk;
  /** Each newsletter's title in English, or in the language that there is one in. */
  readonly newsletterTitles: ReadonlyMap<string, string>;
  /** IANA name of the publication's zone, in which pauses end. */
  readonly timezone: string;
  /** What stands for an address wherever the address itself mustn't. */
  keyOf(email: string): string;
}
