import type { Instant } from '../../clock.ts';

/** A relay that could not be used at any try from `since` to `at`. */
export interface RelayTrouble {
  /** The transport's name. */
  readonly relay: string;
  readonly since: Instant;
  readonly at: Instant;
  /** What happened at the last try: a sentence without its full stop, never with a secret. */
  readonly said: string;
}

/** A recipient domain that gets nothing for now, for what it thinks of the sender. */
export interface ClosedDomain {
  readonly relay: string;
  readonly domain: string;
  readonly until: Instant;
  /** Its own words; null where they weren't kept. */
  readonly said: string | null;
}

/** What keeps mail from leaving, for people: what follows from it is decided elsewhere. */
export interface RelayTroubleStore {
  /** The relay could not be used just now. */
  note(relay: string, said: string, now: Instant): Promise<void>;
  /** It has answered again. */
  clear(relay: string): Promise<void>;
  listTroubles(): Promise<RelayTrouble[]>;
  /** Keeps the words with which a domain was closed. */
  noteClosure(relay: string, domain: string, said: string): Promise<void>;
  /** Domains that are closed now, by name. */
  listClosed(now: Instant): Promise<ClosedDomain[]>;
}
