import { isAbsolute, join, relative } from 'node:path';
import { domainToASCII } from 'node:url';
import type { Command } from 'commander';
import { type Instant, systemClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { type DkimKey, dkimRecord, dkimRecordName, makeDkimKeys, quoteTxt } from '../delivery/index.ts';
import { AppError } from '../errors.ts';
import { type Invocation, type PlaceOptions, withPlace } from './command.ts';

interface NewOptions extends PlaceOptions {
  readonly domain?: string;
  readonly selector?: string;
  readonly json?: boolean;
}

/** `silkpost dkim new`: keys that sign mail, and what to publish of them. */
export function addDkimCommand(program: Command, invocation: Invocation): void {
  const dkim = program.command('dkim').description('keys that sign mail');
  withPlace(dkim.command('new'))
    .description('make an RSA and an Ed25519 key; print the DNS records and the lines for silkpost.yaml')
    .option('--domain <domain>', 'that signs (default: that of mail.from)')
    .option('--selector <name>', 'of the RSA key, -ed is added for the other (default: by the month, such as s202611)')
    .option('--json', 'print one JSON document')
    .action((options: NewOptions) => makeNew(options, invocation));
}

async function makeNew(options: NewOptions, { terminal, environment }: Invocation): Promise<void> {
  const { dir, data } = options;
  const config = readConfig({ dir, data, outbox: true, environment });
  const domain = readDomain(options.domain ?? config.mail.from.address.replace(/^.*@/s, ''));
  const selector = readSelector(options.selector ?? selectorAt(systemClock.now()));
  const keys = await makeDkimKeys(join(config.paths.data, 'keys'), domain, selector);
  const entries = keys.map((key) => ({ ...key, keyFile: shownPath(config.dir, key.keyFile) }));
  const records = keys.map((key) => ({ name: dkimRecordName(key), type: 'TXT', value: dkimRecord(key) }));
  if (options.json) {
    const shown = entries.map(({ algorithm, selector: own, keyFile }) => ({
      domain,
      selector: own,
      algorithm,
      keyFile,
    }));
    terminal.out(JSON.stringify({ keys: shown, records }, null, 2));
    return;
  }
  for (const { name, value } of records) terminal.out(`${name}. IN TXT ${quoteTxt(value)}`);
  terminal.out(`\ndkim:\n${entries.map(describeEntry).join('\n')}`);
  terminal.say(
    'Publish the two records, put the lines below “mail:” in silkpost.yaml, and let silkpost doctor look before you send.',
  );
}

function describeEntry({ domain, selector, keyFile }: DkimKey): string {
  return `  - { domain: ${domain}, selector: ${selector}, keyFile: ${JSON.stringify(keyFile)} }`;
}

/** As it may stand in silkpost.yaml: from the publication's folder where the file is within it. */
function shownPath(dir: string, file: string): string {
  const within = relative(dir, file);
  return within.startsWith('..') || isAbsolute(within) ? file : within.replaceAll('\\', '/');
}

function selectorAt(now: Instant): string {
  return `s${now.slice(0, 7).replace('-', '')}`;
}

function readDomain(text: string): string {
  const domain = domainToASCII(text);
  if (/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domain)) return domain;
  throw new AppError(
    'invalid',
    `“${text}” is no domain that can sign mail. Name one with --domain, or write mail.from.`,
  );
}

function readSelector(text: string): string {
  if (/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(text) && text.length <= 60) return text;
  throw new AppError('invalid', `“${text}” is no selector: small letters, digits and hyphens, such as s202611.`);
}
