import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { DeliveryLedger } from './delivery-ledger.ts';
import type { FindEvidence } from './evidence.ts';
import { isWorkerDead, type OwnProcess } from './worker-liveness.ts';

export interface RecoveryOptions {
  readonly ledger: Pick<DeliveryLedger, 'listWorkers' | 'recover' | 'resolve' | 'removeWorker'>;
  readonly findEvidence: FindEvidence;
  readonly clock: Clock;
  readonly log: Log;
  readonly own: OwnProcess;
  /** The id of the one who looks. */
  readonly worker: string;
}

const explanations = {
  sent: 'found in the outbox after its worker had ended',
  queued: 'not in the outbox; its worker had ended',
  in_doubt: 'the worker ended before the relay answered',
} as const;

/** Makes what looks for deliveries whose worker died or whose lease ran out, and settles each by what can be found out. */
export function createRecovery(options: RecoveryOptions): () => Promise<void> {
  const { ledger, findEvidence, clock, log, own, worker: id } = options;
  return async () => {
    const dead = (await ledger.listWorkers()).filter((worker) => worker.id !== id && isWorkerDead(worker, own));
    const lost = await ledger.recover(
      clock.now(),
      dead.map((worker) => worker.id),
    );
    for (const attempt of lost) {
      const evidence = await findEvidence(attempt);
      const truth = evidence === 'unknown' ? 'in_doubt' : evidence === 'sent' ? 'sent' : 'queued';
      await ledger.resolve(attempt, truth, explanations[truth], clock.now());
      if (truth === 'in_doubt') {
        log.warn('problem', {
          edition: attempt.editionId,
          delivery: attempt.deliveryId,
          message: 'A delivery is in doubt: its worker ended before the relay answered.',
        });
      }
    }
    // Last, so that whoever dies in between leaves the rest to the next one.
    for (const worker of dead) await ledger.removeWorker(worker.id);
  };
}
