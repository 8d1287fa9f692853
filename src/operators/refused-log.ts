import { type Clock, type Instant, toMs } from '../clock.ts';
import type { Log } from '../log.ts';

/** A sign-in that was refused. What was typed as an address is no part of it: it may have been the password. */
export interface RefusedSignIn {
  /** Number of the operator whose address was typed; null: nobody’s. */
  readonly operator: number | null;
  /** What was wrong; where the password was right, somebody else may know it. */
  readonly failed: 'password' | 'code';
  /** Address as far as it tells clients apart; null where that can’t be known. */
  readonly client: string | null;
}

const windowMs = 60_000;
const mostInWindow = 10;

/** Tells the log of sign-ins that were refused: of each while they are few, and of more than ten a minute how many. */
export function createRefusedLog({ log, clock }: { readonly log: Log; readonly clock: Clock }) {
  let [since, inWindow]: [Instant | null, number] = [null, 0];
  return (refused: RefusedSignIn): void => {
    const now = clock.now();
    if (since === null || Math.abs(toMs(now) - toMs(since)) >= windowMs) {
      const untold = inWindow - mostInWindow;
      if (untold > 0) log.warn('sign-in', { outcome: 'refused', untold });
      [since, inWindow] = [now, 0];
    }
    inWindow += 1;
    if (inWindow <= mostInWindow) log.warn('sign-in', { outcome: 'refused', ...refused });
  };
}
