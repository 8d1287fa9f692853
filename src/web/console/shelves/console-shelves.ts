import type { ArticleCatalog } from '../../../content/index.ts';
import type { EditionStore, Newsletter } from '../../../digest/index.ts';
import type { FeedPollStore, FeedPress } from '../../../feeds/index.ts';
import type { PressProblem } from '../../../rooms/index.ts';
import type { ConsoleOutbox } from './console-outbox.ts';

/** What articles, feeds and the outbox need of the rest. */
export interface ConsoleShelves {
  readonly newsletters: readonly Newsletter[];
  /** All articles with what the last rebuild found wrong; the list of articles is the same object until one changes. */
  catalog(): ArticleCatalog;
  readonly press: Pick<FeedPress, 'find' | 'countEntries' | 'listHolding'>;
  /** What is wrong with feeds and pictures as they were last made. */
  listPressProblems(): readonly PressProblem[];
  readonly polls: Pick<FeedPollStore, 'listDays' | 'listReports'>;
  readonly editions: Pick<EditionStore, 'listEditionsHolding'>;
  readonly outbox: ConsoleOutbox;
  /** Where mail leaves by instead of going to the outbox (`smtp://relay.example:587`); null where none does. */
  readonly relay: string | null;
}
