import type { Config } from '../config/index.ts';
import type { Check, Finding } from '../operators/index.ts';
import { domainOf } from '../subscribers/index.ts';
import { checkClock } from './check-clock.ts';
import { checkDkim } from './check-dkim.ts';
import { checkDmarc } from './check-dmarc.ts';
import { checkDisk, checkPermissions } from './check-files.ts';
import { checkMx } from './check-mx.ts';
import { checkPtr } from './check-ptr.ts';
import { checkRelay } from './check-relay.ts';
import { checkSpf } from './check-spf.ts';
import { DnsError, type DnsLookups } from './dns-lookups.ts';
import { findingsOf } from './finding.ts';

export interface ExamineOptions {
  readonly config: Config;
  readonly dns: DnsLookups;
  /** This machine's public addresses. */
  readonly ownAddresses: readonly string[];
  readonly now: Date;
}

/** Looks at all that mail depends on outside of the program. Sends nothing, writes nothing. */
export async function examine(options: ExamineOptions): Promise<Finding[]> {
  const { config, now } = options;
  const { content, public: publicDir, data, database } = config.paths;
  const { findings: relay, probe } = await checkRelay(config.mail.relay, config.site.url, now);
  const secrets = config.mail.dkim.map(({ keyFile }) => keyFile);
  return [
    ...(await examineDns(options)),
    ...relay,
    ...(await checkClock(probe?.greeting ?? null, database, now)),
    ...(await checkDisk([data, publicDir])),
    ...(await checkPermissions({ contentDir: content, publicDir, dataDir: data, database, secrets })),
  ];
}

async function examineDns({ config, dns, ownAddresses }: ExamineOptions): Promise<Finding[]> {
  const { mail, bounces, site, newsletters } = config;
  if (newsletters.length === 0)
    return [findingsOf('dns').note('There is no newsletter: DNS has nothing to say of mail.')];
  const from = domainOf(mail.from.address);
  const envelope = bounces.domain ?? from;
  const sendsItself = mail.relay?.loopback === true;
  const { publisher } = site;
  const written = [mail.replyTo, publisher.email].flatMap((address) => (address ? [domainOf(address)] : []));
  const answered = new Set([from, ...written].filter((domain) => domain !== bounces.domain));
  const checks: [Check, () => Promise<Finding[]>][] = [
    ['spf', () => checkSpf(envelope, sendsItself ? ownAddresses : null, dns)],
    ['dkim', () => checkDkim(mail.dkim, from, dns)],
    ['dmarc', () => checkDmarc({ from, envelope, dkim: mail.dkim.map(({ domain }) => domain) }, dns)],
    ['ptr', () => checkPtr(sendsItself ? ownAddresses : null, dns)],
    ...[...answered].map((domain): [Check, () => Promise<Finding[]>] => [
      'mx',
      () => checkMx(domain, `what is written to ${domain}`, dns),
    ]),
    ['bounces', () => checkBounces(config, dns)],
  ];
  try {
    // Whether anything answers, before a dozen questions wait for it.
    await dns.txt(from);
  } catch (error) {
    if (error instanceof DnsError && error.unreachable) return [unreachable(error)];
  }
  const found = await Promise.all(checks.map(([check, look]) => orUnknown(check, look)));
  return found.flat();
}

async function checkBounces({ bounces, mail }: Config, dns: DnsLookups): Promise<Finding[]> {
  const { note } = findingsOf('bounces');
  if (bounces.domain === null) {
    const sentence = `Reports of mail that couldn’t be delivered go to ${mail.from.address}; which delivery they are about can’t be told.`;
    return [note(sentence, 'Set bounces.domain, unless the relay tells of bounces by webhook.')];
  }
  const found = await checkMx(bounces.domain, 'what comes back', dns, 'bounces');
  if (bounces.imap !== null) return found;
  const sentence = `No mailbox is read for ${bounces.domain}; whether its mail is piped to silkpost bounce isn’t known here.`;
  return [...found, note(sentence, 'If it isn’t, set SILKPOST_IMAP_URL.')];
}

async function orUnknown(check: Check, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof DnsError)) throw error;
    return [findingsOf(check).warning(`This isn’t known: ${error.message}.`, 'Try again in a minute.')];
  }
}

function unreachable(error: DnsError): Finding {
  return findingsOf('dns').warning(
    `DNS can’t be asked (${error.message}): SPF, DKIM, DMARC, PTR, MX and the bounce domain were not looked at.`,
    'Try again on a machine with a network, or name a server with --dns.',
  );
}
