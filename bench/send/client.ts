// The bulk SMTP client alone, with the messages that it is given but without a ledger:
// node bench/send/client.ts PORT MESSAGES CONNECTIONS [next]
import { createSmtpTransport, parseRelayUrl } from '../../src/delivery/index.ts';
import { composer, editionInMemory } from './edition.ts';
import { oneOf } from './memory-source.ts';
import { reportOn } from './sender-report.ts';

const [port = '', messages = '', connections = '', mode = ''] = process.argv.slice(2);
const count = Number(messages);
const compose = composer(editionInMemory, false);
const transport = createSmtpTransport({
  relay: parseRelayUrl(`smtp://127.0.0.1:${port}?tls=none`),
  connections: Number(connections),
  messagesPerConnection: Number.POSITIVE_INFINITY,
  drainMs: 1000,
  pipelineNext: mode === 'next',
});
let [given, sent] = [0, 0];
await reportOn(
  count,
  () =>
    transport.run(
      {
        async next() {
          if (given >= count) return null;
          given += 1;
          return compose(oneOf(given));
        },
        begin: async () => true,
        async settle(results) {
          for (const { kind } of results) if (kind === 'sent') sent += 1;
        },
      },
      new AbortController().signal,
    ),
  () => sent,
);
if (sent !== count) throw new Error(`${sent} of ${count} were sent.`);
