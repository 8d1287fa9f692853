import type { Attempt, AttemptResult, Transport } from './transport.ts';

/**
 * Sends one message that no ledger knows of, as a test copy, and tells what became of it.
 *
 * @throws AppError `unavailable` where the relay can't be used.
 */
export async function sendOne(
  transport: Transport,
  attempt: Attempt,
  signal: AbortSignal = new AbortController().signal,
): Promise<AttemptResult> {
  let waiting: Attempt | null = attempt;
  let result: AttemptResult = { kind: 'returned', attempt, reply: 'not sent', phase: 'connect', reached: false };
  await transport.run(
    {
      async next() {
        const next = waiting;
        waiting = null;
        return next;
      },
      begin: async () => true,
      async settle(results) {
        result = results[0] ?? result;
      },
    },
    signal,
  );
  return result;
}
