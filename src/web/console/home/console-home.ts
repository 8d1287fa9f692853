import type { App } from '../../../app.ts';
import type { ContentProblem } from '../../../content/index.ts';
import type { EditionStore, Newsletter } from '../../../digest/index.ts';
import type { DoctorRoom } from '../../../doctor-room.ts';
import type { NoticeEvent } from '../../../operators/index.ts';
import { type ComingEdition, listComingEditions, seriesOf } from '../../../schedule/index.ts';
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

export function consoleHomeOf(app: App): ConsoleHome {
  const { config, clock, editions, readerCounts: readers, desk, postRoom, catalog, doctorRoom } = app;
  const { newsletters } = config;
  const series = newsletters.flatMap(seriesOf);
  return {
    newsletters,
    listComing: () => listComingEditions({ series, editions, readers, desk }, clock.now()),
    editions,
    readerCounts: readers,
    listNeeds: () => postRoom.listNeeds(),
    problems: () => catalog.catalog().problems,
    doctor: doctorRoom,
  };
}
