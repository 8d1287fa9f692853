import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseMailboxUrl, parseRelayUrl, type Relay } from '../delivery/index.ts';
import type { Newsletter } from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { nearestKey } from '../nearest-key.ts';
import { parseCadence } from '../schedule/index.ts';
import type { Site } from '../site.ts';
import { type ParsedYaml, parseYaml, type TextPosition, YamlError } from '../yaml.ts';
import type { Config } from './config.ts';
import { readVariable } from './environment.ts';
import {
  type PublicationFault,
  PublicationFaultError,
  publicationFileName,
  schemaFaults,
} from './publication-fault.ts';
import { type PublicationFile, publicationFile } from './publication-file.ts';

/** What guessing would need: 128 bits as hexadecimal digits. */
const shortestSecret = 32;

export interface ConfigOptions {
  /** The publication's folder. */
  readonly dir: string;
  /** `--data`; wins over `SILKPOST_DATA`. */
  readonly data?: string | undefined;
  /** `--outbox`: the outbox even where a relay is configured. */
  readonly outbox?: boolean | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Reads `silkpost.yaml` and the environment.
 *
 * @throws AppError `invalid` with one sentence that names the line, the key and what to write instead.
 */
export function readConfig(options: ConfigOptions): Config {
  const dir = resolve(options.dir);
  const { file, yaml } = readPublicationFile(dir);
  const variable = (name: Parameters<typeof readVariable>[1]) => readVariable(options.environment, name);
  const data = resolve(dir, options.data ?? variable('SILKPOST_DATA') ?? 'var');
  const port = readPort(variable('SILKPOST_PORT')) ?? file.web.port;
  const site = siteOf(file, variable('SILKPOST_URL'), port);
  const smtpUrl = options.outbox ? null : variable('SILKPOST_SMTP_URL');
  const relay = smtpUrl === null ? null : parseRelayUrl(smtpUrl);
  checkReferences(file, yaml);
  return {
    dir,
    paths: {
      content: join(dir, 'content'),
      templates: join(dir, 'templates'),
      public: resolve(dir, variable('SILKPOST_PUBLIC') ?? 'public'),
      data,
      database: databaseFile(dir, data, variable('SILKPOST_DATABASE_URL')),
      outbox: join(data, 'outbox'),
      preview: join(data, 'preview'),
    },
    site,
    feeds: {
      items: file.feeds.items,
      days: file.feeds.days,
      maxAge: Math.round(file.feeds.maxAge / 1000),
      hubs: [...new Set(file.feeds.hubs)],
    },
    newsletters: Object.entries(file.newsletters).map(([name, written]) => newsletterOf(name, written, site, yaml)),
    mail: mailOf(dir, file, relay, options.outbox ?? false, yaml),
    bounces: bouncesOf(file, variable('SILKPOST_IMAP_URL'), variable('SILKPOST_HOOK_SECRET')),
    web: {
      port,
      host: variable('SILKPOST_HOST') ?? file.web.host,
      hosts: file.web.hosts,
      trustedProxies: file.web.trustedProxies,
    },
    signUp: { keepsIp: file.signUp.keepIp },
    retention: {
      deliveriesMs: file.retention.deliveries,
      outboxMs: file.retention.outbox,
      pendingMs: file.retention.pending,
    },
    operators: operatorsOf(file, variable('SILKPOST_NOTIFY_SECRET'), options.outbox ?? false, yaml),
    logLevel: readLogLevel(variable('SILKPOST_LOG')),
  };
}

/** @throws PublicationFaultError with everything that the schema finds. */
export function readPublicationFile(dir: string): { file: PublicationFile; yaml: ParsedYaml } {
  const path = join(dir, publicationFileName);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!missing) throw new AppError('invalid', `${path} can't be read: ${sentenceOf(error)}.`, { cause: error });
    const sentence = `There is no ${publicationFileName} in ${dir}. Name the publication's folder with --dir.`;
    throw new AppError('invalid', sentence, { cause: error });
  }
  let yaml: ParsedYaml;
  try {
    yaml = parseYaml(text);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw fault(error, null, 'invalid-yaml', `is not valid YAML: ${error.message}`);
  }
  const result = publicationFile.safeParse(yaml.value ?? {});
  if (!result.success) throw new PublicationFaultError(schemaFaults(result.error.issues, yaml));
  return { file: result.data, yaml };
}

function fault(
  position: TextPosition | null,
  field: string | null,
  code: string,
  sentence: string,
): PublicationFaultError {
  return new PublicationFaultError([{ position, field, code, sentence }]);
}

function siteOf(file: PublicationFile, urlVariable: string | null, port: number): Site {
  const { publication } = file;
  return {
    title: publication.title,
    description: publication.description ?? publication.title,
    url: publicUrl(publication.url, urlVariable, port),
    formerUrls: publication.formerUrls,
    authority: publication.authority ?? null,
    timezone: publication.timezone,
    languages: publication.languages,
    publisher: publication.publisher,
    image: publication.image ?? null,
    icon: publication.icon ?? null,
    privacyUrl: publication.privacyUrl ?? null,
    countries: file.countries,
    topics: file.topics,
    authors: file.authors,
  };
}

/** Where only the port was changed and the URL is localhost's, the URL's port follows. */
function publicUrl(written: string, variable: string | null, port: number): string {
  const text = (variable ?? written).replace(/\/+$/, '');
  if (!URL.canParse(text) || !/^https?:\/\//.test(text)) {
    throw new AppError(
      'invalid',
      `SILKPOST_URL must be an http(s) URL such as https://dispatch.example, not "${text}".`,
    );
  }
  const url = new URL(text);
  if (variable === null && url.hostname === 'localhost' && port !== 0) url.port = String(port);
  return url.href.replace(/\/+$/, '');
}

function newsletterOf(
  name: string,
  written: PublicationFile['newsletters'][string],
  site: Site,
  yaml: ParsedYaml,
): Newsletter {
  const timezone = written.timezone ?? site.timezone;
  try {
    parseCadence(written.schedule, timezone);
  } catch (error) {
    const position = yaml.positionOf(['newsletters', name, 'schedule']);
    throw fault(position, `newsletters.${name}.schedule`, 'invalid-schedule', sentenceOf(error));
  }
  return {
    name,
    title: written.title,
    schedule: written.schedule,
    timezone,
    select: written.select,
    text: written.text,
    graceMs: written.grace,
    expiresMs: written.expires,
    draftLeadMs: written.draftLead,
    template: written.template,
    approval: written.approval,
    preflight: written.preflight,
  };
}

function checkReferences(file: PublicationFile, yaml: ParsedYaml): void {
  const faults = Object.entries(file.newsletters).flatMap(([name, newsletter]) =>
    (['countries', 'topics'] as const).flatMap((kind) =>
      newsletter.select[kind].flatMap((key, index): PublicationFault[] => {
        if (Object.hasOwn(file[kind], key)) return [];
        const near = nearestKey(key, Object.keys(file[kind]));
        const sentence = `the newsletter ${name} selects ${key}, which is not among ${kind}.${near ? ` Did you mean ${near}?` : ''}`;
        const path = ['newsletters', name, 'select', kind, index];
        return [{ position: yaml.positionOf(path), field: path.join('.'), code: 'unknown-section', sentence }];
      }),
    ),
  );
  if (faults.length > 0) throw new PublicationFaultError(faults);
}

function mailOf(
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
      throw fault(null, 'mail.from', 'missing-value', sentence);
    }
    return mailDefaults(file, relay);
  }
  if (mail.transport !== 'outbox' && relay === null && !outbox) {
    const sentence = `mail.transport is ${mail.transport}, so the relay's address is needed in the variable SILKPOST_SMTP_URL.`;
    throw fault(yaml.positionOf(['mail', 'transport']), 'mail.transport', 'missing-relay', sentence);
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

const leastSecret = 16;

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

function bouncesOf({ bounces }: PublicationFile, imapUrl: string | null, secret: string | null): Config['bounces'] {
  if (secret !== null && secret.length < shortestSecret) {
    throw new AppError('invalid', `SILKPOST_HOOK_SECRET must have at least ${shortestSecret} characters.`);
  }
  const { folder, handled, poll } = bounces.imap;
  return {
    domain: bounces.domain ?? null,
    imap: imapUrl === null ? null : { server: parseMailboxUrl(imapUrl), folder, handled, pollMs: poll },
    sesTopics: bounces.ses?.topics ?? [],
    hookSecret: secret,
  };
}

function operatorsOf(
  { operators }: PublicationFile,
  secret: string | null,
  outbox: boolean,
  yaml: ParsedYaml,
): Config['operators'] {
  const { notify, webhook } = operators;
  // A command that sends nothing needs no secret.
  if (webhook === undefined || (secret === null && outbox)) return { notify, webhook: null };
  if (secret === null || secret.length < leastSecret) {
    const sentence = `operators.webhook is signed: it needs a secret of at least ${leastSecret} characters in the variable SILKPOST_NOTIFY_SECRET.`;
    throw fault(yaml.positionOf(['operators', 'webhook']), 'operators.webhook', 'missing-secret', sentence);
  }
  return { notify, webhook: { url: webhook.url, secret } };
}

function readPort(text: string | null): number | null {
  if (text === null) return null;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new AppError('invalid', `SILKPOST_PORT must be a number from 0 to 65535, not "${text}".`);
  }
  return port;
}

function databaseFile(dir: string, data: string, url: string | null): string {
  if (url === null) return join(data, 'silkpost.db');
  if (/^[a-z]+:\/\//.test(url)) {
    throw new AppError('invalid', 'SILKPOST_DATABASE_URL must be the path of a SQLite file in this version.');
  }
  return resolve(dir, url);
}

function readLogLevel(text: string | null): string {
  const levels = ['debug', 'info', 'warn', 'error', 'silent'];
  if (text === null) return 'info';
  if (!levels.includes(text)) throw new AppError('invalid', `SILKPOST_LOG must be one of ${levels.join(', ')}.`);
  return text;
}
