import type { ContentProblem } from '../../../content/index.ts';
import type { EditionStore, Newsletter } from '../../../digest/index.ts';
import type { DoctorRoom } from '../../../doctor-room.ts';
import type { NoticeEvent } from '../../../operators/index.ts';
import type { ComingEdition } from '../../../schedule/index.ts';
import type { ReaderCounts } from '../../../subscribers/index.ts';

/** What the desk is told by the rest of the program. */
export interface ConsoleHome {
  readonly newsletters: readonly Newsletter[];
  /** Each newsletter's next edition, and those of the coarser rhythms that it has readers for. */
  listComing(): Promise<ComingEdition[]>;
  readonly editions: Pick<EditionStore, 'listEditions' | 'getCounts'>;
  readonly readerCounts: ReaderCounts;
  /** What needs a person, as far as mail goes. */
  listNeeds(): Promise<NoticeEvent[]>;
  /** What is wrong with articles. */
  problems(): readonly ContentProblem[];
  readonly doctor: Pick<DoctorRoom, 'findLast' | 'isLooking' | 'look'>;
}
