import type { Clock } from '../clock.ts';
import {
  type ArrangementEdit,
  type ArrangementOutcome,
  type Edition,
  type EditionStore,
  editArrangement,
} from '../digest/index.ts';
import type { EditionPlanner } from './edition-plan.ts';

export interface ArrangingOptions {
  readonly planner: Pick<EditionPlanner, 'select'>;
  readonly editions: Pick<EditionStore, 'arrangeEdition'>;
  readonly clock: Clock;
}

/** Who does what to an edition that is being composed. */
export interface ArrangingRequest {
  readonly edit: ArrangementEdit;
  /** Of the arrangement that they saw. */
  readonly revision: number;
  /** The operator's name. */
  readonly by: string;
}

/** Does one thing to an edition that is being composed. Where nothing is left to do, it stays as it is. */
export type EditionArranging = (edition: Edition, request: ArrangingRequest) => Promise<ArrangementOutcome>;

export function createEditionArranging({ planner, editions, clock }: ArrangingOptions): EditionArranging {
  return async (edition, { edit, revision, by }) => {
    const edited = editArrangement(edition.arrangement, await planner.select(edition), edit, by);
    if (edited === null) return { kind: 'arranged', edition };
    return editions.arrangeEdition(edition.id, { ...edited, revision, by, now: clock.now() });
  };
}
