import type { RelayTransportOptions } from '../relay/relay-options.ts';
import { createRelayTransport } from '../relay/relay-transport.ts';
import type { Transport } from '../transport.ts';
import { BulkSession } from './bulk-session.ts';
import { openChannel } from './open-channel.ts';
import { createWireContents } from './wire-content.ts';
import { WriteTurn } from './write-turn.ts';

interface SmtpTransportOptions extends RelayTransportOptions {
  /**
   * Sends the next envelope along with the final dot where the relay announces PIPELINING: a round trip less a message.
   * Default false, since some middleboxes object.
   */
  readonly pipelineNext?: boolean;
}

/** Hands mail to a relay by the bulk SMTP client. */
export function createSmtpTransport(options: SmtpTransportOptions): Transport {
  const { relay, timeouts = {}, pipelineNext = false } = options;
  const shared = { toWire: createWireContents(), writeTurn: new WriteTurn(), pipelineNext };
  return createRelayTransport(
    options,
    async (ca, signal) => new BulkSession(await openChannel(relay, ca, timeouts, signal), shared),
  );
}
