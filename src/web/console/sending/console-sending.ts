import type { App } from '../../../app.ts';
import type { Instant } from '../../../clock.ts';
import type { PublishedCatalog } from '../../../content/index.ts';
import type { DeliveryLedger } from '../../../delivery/index.ts';
import type { EditionStore, Newsletter } from '../../../digest/index.ts';
import type { EditionDesk } from '../../../schedule/index.ts';
import { createLiveProgress, type LiveProgress } from './live-progress.ts';
import { createProgressLook } from './progress.ts';
import { createSendPlans, type SendPlans } from './send-plans.ts';

/** What sending by hand, and watching what is being sent, need of the rest. */
export interface ConsoleSending {
  readonly newsletters: readonly Newsletter[];
  readonly editions: Pick<
    EditionStore,
    'findEdition' | 'findByRequest' | 'findPending' | 'listEditions' | 'listTexts' | 'getCounts'
  >;
  readonly ledger: Pick<DeliveryLedger, 'pauseEdition' | 'cancelEdition'>;
  readonly desk: Pick<EditionDesk, 'open' | 'sendEarly' | 'undo' | 'approve' | 'resume' | 'proof' | 'arrangementFor'>;
  /** What would be sent to whom, worked out in the background. */
  readonly plans: SendPlans;
  readonly progress: LiveProgress;
  published(): PublishedCatalog;
  /** When the newsletter's next edition on schedule is due. */
  nextDue(newsletter: Newsletter): Instant;
  /** Whether a worker that sends is alive, in whatever process. */
  hasWorker(): Promise<boolean>;
}

export function consoleSendingOf(app: App): ConsoleSending {
  const { config, editions, ledger, records, desk, clock, troubles, postRoom } = app;
  return {
    newsletters: config.newsletters,
    editions,
    ledger,
    desk,
    plans: createSendPlans({
      // As it would be opened.
      preflight: {
        look: async (brief, wishes) =>
          desk.preflight.look({ ...brief, arrangement: await desk.arrangementFor(brief) }, wishes),
      },
      clock,
    }),
    progress: createLiveProgress(createProgressLook({ editions, records, troubles }, clock)),
    published: () => app.catalog.published(),
    nextDue: (newsletter) => app.nextDue(newsletter),
    hasWorker: () => postRoom.hasLiveWorker(),
  };
}
