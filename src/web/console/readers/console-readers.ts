import type { ReaderChoices, ReaderCounts, ReaderDirectory } from '../../../subscribers/index.ts';

/** What the pages about readers need. */
export interface ConsoleReaders {
  readonly directory: ReaderDirectory;
  readonly counts: ReaderCounts;
  /** What readers can choose. */
  readonly choices: ReaderChoices;
  /** Each newsletter's title in English, or in the language that there is one in. */
  readonly newsletterTitles: ReadonlyMap<string, string>;
}
