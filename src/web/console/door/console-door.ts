import type { OperatorRoom } from '../../../rooms/index.ts';

/** Who may come in, and what is recorded of what they do. */
export interface ConsoleDoor
  extends Pick<OperatorRoom, 'sessions' | 'desk' | 'welcome' | 'account' | 'auditEntries' | 'signIn'> {
  /** Whether signing in takes a code: once mail leaves through a relay. */
  readonly requiresTotp: boolean;
  /** Ends the session of whoever signs out. */
  endSession(id: number): Promise<void>;
}
