import type { Clock, Instant } from '../clock.ts';
import { type DeliveryLedger, type FreezeInput, freezeInput } from '../delivery/index.ts';
import { type Edition, type EditionStore, isBlocked } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Site } from '../site.ts';
import type { DeskTransport } from './desk-transport.ts';
import type { ApprovalStatus, EditionApproval } from './edition-approval.ts';
import type { EditionPlanner, PlannedEdition, PlanProgress } from './edition-plan.ts';
import type { EditionPreflight } from './edition-preflight.ts';
import type { SeriesBook } from './series-book.ts';

export interface ReleaseOptions {
  readonly site: Site;
  readonly series: SeriesBook;
  readonly transport: DeskTransport;
  readonly planner: Pick<EditionPlanner, 'plan' | 'select'>;
  readonly approval: Pick<EditionApproval, 'statusOf' | 'statusWith' | 'templatesHash'>;
  readonly preflight: Pick<EditionPreflight, 'examine'>;
  readonly editions: EditionStore;
  readonly ledger: Pick<DeliveryLedger, 'freeze' | 'finishEditions'>;
  readonly clock: Clock;
  readonly log: Log;
}

export interface DeskProgress extends PlanProgress {
  readonly onFrozen?: (readers: number) => void;
}

/** Composes and freezes an approved edition: from then on workers send it. */
export type EditionRelease = (edition: Edition, progress?: DeskProgress) => Promise<Edition>;

export function createEditionRelease(options: ReleaseOptions): EditionRelease {
  const { site, series, transport, planner, approval, preflight, editions, ledger, clock, log } = options;

  async function composeAndFreeze(edition: Edition, progress: DeskProgress): Promise<Edition> {
    const newsletter = series.getNewsletter(edition.newsletter);
    const now = clock.now();
    if (!transport.local && !site.url.startsWith('https://')) {
      return editions.moveEdition(edition.id, 'held', { reason: 'insecure_url', now, seen: edition });
    }
    let input: FreezeInput | null;
    try {
      const content = await compose(edition, progress);
      if (typeof content === 'string')
        return editions.moveEdition(edition.id, 'held', { reason: content, now, seen: edition });
      input = content && freezeInput({ site, edition, newsletter, ...content, ...frozenTo(now, progress) });
    } catch (error) {
      // A template that doesn't compile, a slug that is gone, an edition too long for mail: trying again won't help.
      if (!(error instanceof AppError) || error.code === 'unavailable') throw error;
      log.error('problem', { message: `${edition.id} can't be composed: ${error.message}` });
      return editions.moveEdition(edition.id, 'held', { reason: 'template', now, seen: edition });
    }
    if (input === null)
      return editions.skipEdition(edition.id, { reason: 'nothing_new', cutoff: now, now, seen: edition });
    await ledger.freeze(input);
    const [finished] = await ledger.finishEditions(transport.name, clock.now());
    const frozen = finished?.id === edition.id ? finished : await editions.findEdition(edition.id);
    return frozen ?? edition;
  }

  /** What it holds; null where nothing is new; or why it is held, though it could be sent. */
  async function compose(
    edition: Edition,
    progress: DeskProgress,
  ): Promise<PlannedEdition | 'approval' | 'preflight' | null> {
    const newsletter = series.getNewsletter(edition.newsletter);
    if (newsletter.approval === 'none') return withPreflight(edition, await planner.plan(edition, progress));
    // Before it is rendered in vain.
    const { chosen } = await planner.select(edition);
    if (chosen.length > 0 && !mayGo(await approval.statusOf(edition))) return 'approval';
    const before = await approval.templatesHash();
    const content = await planner.plan(edition, progress);
    if (content === null) return null;
    // What is frozen is what was approved: these very stories, and the templates all the while.
    for (const templates of new Set([before, await approval.templatesHash()])) {
      if (!mayGo(await approval.statusWith(edition, content.stories, templates))) return 'approval';
    }
    return withPreflight(edition, content);
  }

  /** A person who sends by hand, or let it go, has seen what is found. */
  async function withPreflight(
    edition: Edition,
    content: PlannedEdition | null,
  ): Promise<PlannedEdition | 'preflight' | null> {
    const { preflight: rule } = series.getNewsletter(edition.newsletter);
    const isOnItsOwn = edition.trigger === 'schedule' && edition.reason !== 'operator' && edition.openedBy === null;
    if (content === null || rule === 'warn' || !isOnItsOwn) return content;
    const { findings } = await preflight.examine(edition, content);
    return isBlocked(findings) ? 'preflight' : content;
  }

  function frozenTo(now: Instant, progress: DeskProgress) {
    return {
      transport: transport.name,
      excludeReserved: !transport.local,
      now,
      ...(progress.onFrozen ? { onProgress: progress.onFrozen } : {}),
    };
  }

  /** Another process, or this one's schedule, may be releasing the same edition: then what it made of it counts. */
  async function release(edition: Edition, progress: DeskProgress = {}): Promise<Edition> {
    try {
      return await composeAndFreeze(edition, progress);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
      const meanwhile = await editions.findEdition(edition.id);
      if (meanwhile?.state === 'approved' && meanwhile.revision !== edition.revision) {
        // Somebody arranged it anew while it was composed; or took it back and sent it again, for another time.
        return meanwhile.dueAt > edition.dueAt ? meanwhile : release(meanwhile, progress);
      }
      if (meanwhile === null || meanwhile.state === 'approved') throw error;
      return meanwhile;
    }
  }

  return release;
}

function mayGo({ kind }: ApprovalStatus): boolean {
  return kind === 'approved' || kind === 'not_needed';
}
