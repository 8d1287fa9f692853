import type { Sessions } from '../../../operators/index.ts';

/** Who may come in. */
export interface ConsoleDoor {
  readonly sessions: Sessions;
}
