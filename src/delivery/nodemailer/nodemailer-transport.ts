import type { RelayTransportOptions } from '../relay/relay-options.ts';
import { createRelayTransport } from '../relay/relay-transport.ts';
import { patienceMs } from '../relay/smtp-session.ts';
import type { Transport } from '../transport.ts';
import { openNodemailerSession } from './nodemailer-session.ts';

/** Hands mail to a relay by nodemailer's SMTP connection, fed so that the ledger knows how far each message came. */
export function createNodemailerTransport(options: RelayTransportOptions): Transport {
  const { connect: connectMs, greeting: greetingMs, final_dot: answerMs } = patienceMs;
  const timeouts = { connectMs, greetingMs, answerMs, ...options.timeouts };
  return createRelayTransport(options, (ca, signal) => openNodemailerSession(options.relay, ca, timeouts, signal));
}
