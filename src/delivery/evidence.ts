import type { LostAttempt } from './delivery-ledger.ts';
import { createOutboxFiles } from './outbox/outbox-files.ts';
import { outboxTransportName } from './outbox/outbox-transport.ts';

/** What can be found out later about an attempt whose result was lost, whoever made it. */
export type FindEvidence = (lost: LostAttempt) => Promise<'sent' | 'not_sent' | 'unknown'>;

/** The outbox has a message's file or doesn't, whatever mail is sent by now; a relay can’t be asked what it took. */
export function createEvidence(outboxFolder: string): FindEvidence {
  const files = createOutboxFiles(outboxFolder);
  return async (lost) => {
    if (lost.transport !== outboxTransportName) return 'unknown';
    if (await files.has(lost)) return 'sent';
    await files.removeRemains(lost);
    return 'not_sent';
  };
}
