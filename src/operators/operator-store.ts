import type { Instant } from '../clock.ts';
import type { Operator } from './operator.ts';
import type { SessionStore } from './session.ts';

export interface OperatorStore extends SessionStore {
  /** Null where somebody has that address already. */
  addOperator(operator: Omit<Operator, 'id'>, now: Instant): Promise<Operator | null>;
}
