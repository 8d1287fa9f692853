import type { App } from '../../../app.ts';
import type { ContentProblem } from '../../../content/index.ts';
import type { Edition, EditionStore, Newsletter } from '../../../digest/index.ts';
import type { KnownOperator, NoticeEvent } from '../../../operators/index.ts';
import type { DoctorRoom, PressProblem } from '../../../rooms/index.ts';
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
  listEvents(): Promise<NoticeEvent[]>;
  /** How many messages that came back couldn't be understood. */
  countQuarantined(): Promise<number>;
  /** Drafts that somebody has to approve. */
  listUnapproved(): Promise<Unapproved[]>;
  /** What is wrong with articles. */
  problems(): readonly ContentProblem[];
  /** What is wrong with feeds and pictures. */
  pressProblems(): readonly PressProblem[];
  /** With how often somebody was refused as each of them. */
  listOperators(): Promise<KnownOperator[]>;
  readonly doctor: Pick<DoctorRoom, 'findLast' | 'isLooking' | 'look'>;
}

export interface Unapproved {
  readonly newsletter: Newsletter;
  readonly edition: Edition;
  /** Whether what was approved has changed since. */
  readonly isVoid: boolean;
}

export function consoleHomeOf(app: App): ConsoleHome {
  const { config, clock, editions, readerCounts: readers, desk, postRoom, catalog, doctorRoom, operatorRoom } = app;
  const { newsletters } = config;
  const series = newsletters.flatMap(seriesOf);
  return {
    newsletters,
    listComing: () => listComingEditions({ series, editions, readers, desk }, clock.now()),
    editions,
    readerCounts: readers,
    listEvents: () => postRoom.listNeeds(),
    countQuarantined: () => app.bounceRoom.arrivals.countQuarantined(),
    async listUnapproved() {
      const found: Unapproved[] = [];
      for (const { newsletter, rhythm } of series.filter((one) => one.newsletter.approval !== 'none')) {
        const edition = await editions.findDraft(newsletter.name, rhythm);
        const status = edition === null ? null : await desk.approval.statusOf(edition);
        if (edition === null || (status?.kind !== 'missing' && status?.kind !== 'void')) continue;
        found.push({ newsletter, edition, isVoid: status.kind === 'void' });
      }
      return found;
    },
    problems: () => catalog.catalog().problems,
    pressProblems: () => app.listProblems(),
    listOperators: () => operatorRoom.desk.list(),
    doctor: doctorRoom,
  };
}
