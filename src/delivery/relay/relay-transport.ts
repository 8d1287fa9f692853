import { readFileSync } from 'node:fs';
import { AppError, sentenceOf } from '../../errors.ts';
import type { Transport } from '../transport.ts';
import type { RelayTransportOptions } from './relay-options.ts';
import { RelayRun } from './relay-run.ts';
import type { SmtpSession } from './smtp-session.ts';

/** Opens a connection that is ready for mail. `ca`: a certificate authority's PEM. Rejects with `RelayUnusable`. */
export type OpenSession = (ca: Buffer | null, signal: AbortSignal) => Promise<SmtpSession>;

/** A transport that hands mail to a relay, over connections of one kind or another. */
export function createRelayTransport(options: RelayTransportOptions, open: OpenSession): Transport {
  const { relay } = options;
  const ca = relay.caFile === null ? null : readCa(relay.caFile);
  return {
    name: relay.name,
    async run(source, signal) {
      await new RelayRun(options, (stop) => open(ca, stop), source, signal).run();
    },
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
