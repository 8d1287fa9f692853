import type { HubPing } from './websub.ts';

/** Pings that are still to be sent: they outlive a restart. */
export interface HubPingStore {
  /** The one that may go first comes first. */
  listPings(): Promise<HubPing[]>;
  /** Inserts or replaces by hub and self URL. */
  savePings(pings: readonly HubPing[]): Promise<void>;
  /** Notes how far a ping has come, unless a later change of its document has replaced it. */
  updatePing(ping: HubPing): Promise<void>;
  /** Forgets pings, except those that a later change of their document has replaced. */
  removePings(pings: readonly HubPing[]): Promise<void>;
}
