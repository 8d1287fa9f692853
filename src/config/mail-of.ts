import { resolve } from 'node:path';
import type { Relay } from '../delivery/index.ts';
import type { ParsedYaml } from '../yaml.ts';
import type { Config } from './config.ts';
import { publicationFault } from './publication-fault.ts';
import type { PublicationFile } from './publication-file.ts';

/**
 * How mail is sent.
 *
 * @param relay null where no variable names one, or the outbox was asked for.
 * @param outbox whether the outbox was asked for.
 * @throws PublicationFaultError where a newsletter has no sender, or a transport no relay.
 */
export function mailOf(
  dir: string,
  file: PublicationFile,
  relay: Relay | null,
  outbox: boolean,
  yaml: ParsedYaml,
): Config['mail'] {
  const { mail } = file;
  if (!mail) {
    if (Object.keys(file.newsletters).length > 0) {
      const sentence = 'mail.from is missing: a newsletter needs a sender, with name and address.';
      throw publicationFault(null, 'mail.from', 'missing-value', sentence);
    }
    return mailDefaults(file, relay);
  }
  if (mail.transport !== 'outbox' && relay === null && !outbox) {
    const sentence = `mail.transport is ${mail.transport}, so the relay's address is needed in the variable SILKPOST_SMTP_URL.`;
    throw publicationFault(yaml.positionOf(['mail', 'transport']), 'mail.transport', 'missing-relay', sentence);
  }
  return {
    from: mail.from,
    replyTo: mail.replyTo ?? null,
    transport: relay === null ? 'outbox' : mail.transport === 'nodemailer' ? 'nodemailer' : 'smtp',
    relay,
    connections: mail.connections,
    messagesPerConnection: mail.messagesPerConnection,
    ratePerSecond: mail.rate,
    pipelineNext: mail.pipelineNext,
    perDomain: new Map(Object.entries(mail.perDomain)),
    ahead: mail.ahead,
    drainMs: mail.drain,
    dkim: mail.dkim.map((entry) => ({ ...entry, keyFile: resolve(dir, entry.keyFile) })),
  };
}

/** A publication without newsletters sends nothing; the values only complete the type. */
function mailDefaults(file: PublicationFile, relay: Relay | null): Config['mail'] {
  const { publisher } = file.publication;
  return {
    from: { name: publisher.name, address: publisher.email ?? 'nobody@localhost' },
    replyTo: null,
    transport: relay === null ? 'outbox' : 'smtp',
    relay,
    connections: 1,
    messagesPerConnection: 100,
    ratePerSecond: 50,
    pipelineNext: false,
    perDomain: new Map(),
    ahead: 0,
    drainMs: 60_000,
    dkim: [],
  };
}
