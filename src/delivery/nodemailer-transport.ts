import { openNodemailerSession } from './nodemailer-session.ts';
import type { RelayTransportOptions } from './relay-options.ts';
import { createRelayTransport } from './relay-transport.ts';
import type { Transport } from './transport.ts';

/** Hands mail to a relay by nodemailer's SMTP connection, fed so that the ledger knows how far each message came. */
export function createNodemailerTransport(options: RelayTransportOptions): Transport {
  const timeouts = { connectMs: 30_000, greetingMs: 30_000, answerMs: 600_000, ...options.timeouts };
  return createRelayTransport(options, (ca, signal) => openNodemailerSession(options.relay, ca, timeouts, signal));
}
