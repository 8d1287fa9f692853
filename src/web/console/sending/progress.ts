import { type Clock, type Instant, plusMs, toMs } from '../../../clock.ts';
import {
  type ClosedDomain,
  type DeliveryRecords,
  groupRefusals,
  type RefusalGroup,
  type RelayTrouble,
  type RelayTroubleStore,
} from '../../../delivery/index.ts';
import type { DomainCounts, Edition, EditionCounts, EditionStore } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import { keepRecent } from '../../../keep-recent.ts';

interface ProgressParts {
  readonly editions: Pick<EditionStore, 'findEdition' | 'getCounts' | 'listDomainCounts'>;
  readonly records: Pick<DeliveryRecords, 'listRefusals'>;
  readonly troubles: Pick<RelayTroubleStore, 'listTroubles' | 'listClosed'>;
}

/** Where an edition stands at an instant. */
export interface Progress {
  readonly at: Instant;
  readonly edition: Edition;
  readonly counts: EditionCounts;
  /** The large domains first; `''`: all others. */
  readonly domains: readonly DomainCounts[];
  /** Relays that can't be used. */
  readonly relays: readonly RelayTrouble[];
  /** Of its relay's, the domains that get nothing for now. */
  readonly closed: readonly ClosedDomain[];
  readonly refusals: readonly RefusalGroup[];
  /** Messages a second of late; null: not known yet. */
  readonly perSecond: number | null;
}

interface Mark {
  readonly at: Instant;
  readonly answered: number;
}

/** The rate is that of so long. */
const rateMs = 30_000;
const mostEditions = 50;

/** Makes the function that looks at an edition; from look to look it knows how fast it goes. Throws `not_found`. */
export function createProgressLook(parts: ProgressParts, clock: Clock): (editionId: string) => Promise<Progress> {
  const marks = new Map<string, Mark[]>();

  function rateOf(editionId: string, mark: Mark): number | null {
    const recent = (marks.get(editionId) ?? []).filter(({ at }) => at >= plusMs(mark.at, -rateMs) && at <= mark.at);
    keepRecent(marks, editionId, [...recent, mark], mostEditions);
    const [first] = recent;
    const passedMs = first === undefined ? 0 : toMs(mark.at) - toMs(first.at);
    return first === undefined || passedMs <= 0 ? null : ((mark.answered - first.answered) * 1000) / passedMs;
  }

  return async (editionId) => {
    const edition = await parts.editions.findEdition(editionId);
    if (edition === null) throw new AppError('not_found', 'There is no such edition.');
    const at = clock.now();
    const counts = await parts.editions.getCounts(editionId);
    const perSecond = rateOf(editionId, { at, answered: counts.sent + counts.failed + counts.in_doubt });
    const hasRefusals = counts.deferred + counts.failed > 0;
    const closed = hasRefusals ? await parts.troubles.listClosed(at) : [];
    return {
      at,
      edition,
      counts,
      domains: await parts.editions.listDomainCounts(editionId),
      relays: await parts.troubles.listTroubles(),
      closed: closed.filter(({ relay }) => relay === edition.transport),
      refusals: hasRefusals ? groupRefusals(await parts.records.listRefusals(editionId)) : [],
      perSecond: edition.state === 'sending' ? perSecond : null,
    };
  };
}

/** Those that a worker still has to do something with of its own accord. */
export function openOf({ queued, claimed, attempting }: EditionCounts): number {
  return queued + claimed + attempting;
}

/** How long it will still take at this rate; null: nobody knows. */
export function secondsLeft({ counts, perSecond }: Pick<Progress, 'counts' | 'perSecond'>): number | null {
  return perSecond === null || perSecond <= 0 ? null : Math.ceil(openOf(counts) / perSecond);
}
