import { AppError, sentenceOf } from '../../errors.ts';
import type { Attempt, DeliverySource, Transport } from '../transport.ts';
import { createOutboxFiles } from './outbox-files.ts';

export const outboxTransportName = 'outbox';

/** Messages written at the same time. */
const writers = 32;

export interface OutboxTransport extends Transport {
  /** Path of the file that an attempt becomes. */
  pathOf(attempt: Attempt): string;
}

/**
 * The transport that writes `.eml` files instead of sending: `FOLDER/EDITION/DELIVERYID-ADDRESS.eml`, complete with
 * CRLF, and beside it `.json` with the envelope; test copies go to `FOLDER/test/`.
 */
export function createOutboxTransport(folder: string): OutboxTransport {
  const files = createOutboxFiles(folder);

  async function deliver(source: DeliverySource, attempt: Attempt): Promise<void> {
    if (!(await source.begin(attempt))) {
      await source.settle([{ kind: 'stopped', attempt }]);
      return;
    }
    try {
      await files.write(attempt);
      await files.sync(attempt);
    } catch (error) {
      await source.settle([{ kind: 'returned', attempt, reply: sentenceOf(error), phase: 'content', reached: false }]);
      throw new AppError('unavailable', `The outbox ${folder} can't be written: ${sentenceOf(error)}.`, {
        cause: error,
      });
    }
    await source.settle([{ kind: 'sent', attempt, reply: 'written to the outbox', phase: 'final_dot' }]);
  }

  return {
    name: outboxTransportName,
    async run(source, signal) {
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const write = async (): Promise<void> => {
        try {
          for (;;) {
            const attempt = await source.next(either);
            if (attempt === null) return;
            await deliver(source, attempt);
          }
        } catch (error) {
          stop.abort();
          throw error;
        }
      };
      const results = await Promise.allSettled(Array.from({ length: writers }, write));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
    pathOf: (attempt) => files.pathOf(attempt),
    async close() {},
  };
}
