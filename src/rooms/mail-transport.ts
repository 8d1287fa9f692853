import type { Config } from '../config/index.ts';
import {
  createNodemailerTransport,
  createOutboxTransport,
  createSmtpTransport,
  type Transport,
} from '../delivery/index.ts';
import type { Log } from '../log.ts';

/** What a publication sends by: its relay where it has one, else the outbox. */
export function createMailTransport({ mail, paths }: Config, log: Log): Transport {
  if (mail.relay === null) return createOutboxTransport(paths.outbox);
  const create = mail.transport === 'nodemailer' ? createNodemailerTransport : createSmtpTransport;
  return create({
    relay: mail.relay,
    connections: mail.connections,
    messagesPerConnection: mail.messagesPerConnection,
    pipelineNext: mail.pipelineNext,
    drainMs: mail.drainMs,
    onTrouble: (message: string) => log.warn('problem', { message }),
  });
}
