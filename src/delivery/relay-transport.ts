import { readFileSync } from 'node:fs';
import { AppError, sentenceOf } from '../errors.ts';
import { createRateLimit } from './rate-limit.ts';
import type { Relay } from './relay.ts';
import { RelayRun } from './relay-run.ts';
import type { SmtpSession, SmtpTimeouts } from './smtp-session.ts';
import type { Transport } from './transport.ts';

export interface RelayTransportOptions {
  readonly relay: Relay;
  /** Connections at once. */
  readonly connections: number;
  /** Messages on one connection before it is closed. */
  readonly messagesPerConnection: number;
  /** Messages a second, all connections together. */
  readonly ratePerSecond: number;
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

/** Opens a connection that is ready for mail. `ca`: a certificate authority's PEM. Rejects with `RelayUnusable`. */
export type OpenSession = (ca: Buffer | null, signal: AbortSignal) => Promise<SmtpSession>;

/** A transport that hands mail to a relay, over connections of one kind or another. */
export function createRelayTransport(options: RelayTransportOptions, open: OpenSession): Transport {
  const { relay } = options;
  const ca = relay.caFile === null ? null : readCa(relay.caFile);
  const limit = createRateLimit(options.ratePerSecond);
  return {
    name: relay.name,
    async run(source, signal) {
      await new RelayRun(options, (stop) => open(ca, stop), limit, source, signal).run();
    },
    // A relay can't be asked what it took.
    findEvidence: async () => 'unknown',
    async close() {},
  };
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new AppError('invalid', `The relay's ca file ${file} can't be read: ${sentenceOf(error)}.`, { cause: error });
  }
}
