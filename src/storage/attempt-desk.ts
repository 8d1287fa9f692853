import type { DeliveryLedger } from '../delivery/index.ts';
import { type Database, inTransaction } from './database.ts';
import { claim } from './ledger-claim.ts';
import { prepareCommit } from './ledger-commit.ts';

/** The part of the ledger that each message needs: nothing else is done so often. */
export type AttemptDesk = Pick<DeliveryLedger, 'claim' | 'commit'>;

export function createAttemptDesk(database: Database): AttemptDesk {
  const commit = prepareCommit(database);
  return {
    claim: (request) => inTransaction(database, (tx) => claim(tx, request)),
    commit: (entries, now) => inTransaction(database, (tx) => commit(tx, entries, now)),
  };
}
