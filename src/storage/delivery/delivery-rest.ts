import { type RawBuilder, sql } from 'kysely';
import type { DeliveryState } from '../../delivery/index.ts';

const rest: readonly DeliveryState[] = ['excluded', 'deferred', 'failed', 'in_doubt', 'cancelled'];

/** Whether an index finds the deliveries in a state: few among many, as a rule. */
export function isOfRest(state: DeliveryState): boolean {
  return rest.includes(state);
}

/** Of `delivery`: that it is in this state, as a word of the statement: SQLite doesn't know a value when it chooses the index. */
export function isInRest(state: DeliveryState): RawBuilder<boolean> {
  return sql<boolean>`delivery.state = ${sql.lit(state)}`;
}
