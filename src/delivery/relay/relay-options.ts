import type { Relay } from './relay.ts';
import type { SmtpTimeouts } from './smtp-session.ts';

/** How a transport uses a relay. */
export interface RelayTransportOptions {
  readonly relay: Relay;
  /** Connections at once. */
  readonly connections: number;
  /** Messages on one connection before it is closed. */
  readonly messagesPerConnection: number;
  /** How long an abort waits for answers to messages that have begun. */
  readonly drainMs: number;
  /** Told in a sentence when a connection can't be opened or ends without an answer. Never holds a secret. */
  readonly onTrouble?: (sentence: string) => void;
  /** Default: half a minute to connect and to be greeted, then what RFC 5321 §4.5.3.2 asks for. */
  readonly timeouts?: Partial<SmtpTimeouts>;
  /** A connection with nothing to send is closed after this, default 10 s. */
  readonly idleMs?: number;
  /** First wait of a connection that had trouble while others work; it doubles up to a minute. Default 1 s. */
  readonly backOffMs?: number;
}
