import { join, resolve } from 'node:path';
import { parseMailboxUrl, parseRelayUrl } from '../delivery/index.ts';
import type { Newsletter } from '../digest/index.ts';
import { AppError, sentenceOf } from '../errors.ts';
import { nearestKey } from '../nearest-key.ts';
import { type Cadence, parseCadence } from '../schedule/index.ts';
import type { Site } from '../site.ts';
import type { ParsedYaml } from '../yaml.ts';
import type { Config } from './config.ts';
import { readVariable } from './environment.ts';
import { mailOf } from './mail-of.ts';
import { type PublicationFault, PublicationFaultError, publicationFault } from './publication-fault.ts';
import type { PublicationFile } from './publication-file.ts';
import { readPublicationFile } from './read-publication-file.ts';
import { siteOf } from './site-of.ts';

/** What guessing would need: 128 bits as hexadecimal digits. */
const shortestHookSecret = 32;
const shortestNotifySecret = 16;

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

function newsletterOf(
  name: string,
  written: PublicationFile['newsletters'][string],
  site: Site,
  yaml: ParsedYaml,
): Newsletter {
  const timezone = written.timezone ?? site.timezone;
  let cadence: Cadence;
  try {
    cadence = parseCadence(written.schedule, timezone);
  } catch (error) {
    const position = yaml.positionOf(['newsletters', name, 'schedule']);
    throw publicationFault(position, `newsletters.${name}.schedule`, 'invalid-schedule', sentenceOf(error));
  }
  return {
    name,
    title: written.title,
    schedule: written.schedule,
    timezone,
    select: written.select,
    text: written.text,
    graceMs: written.grace,
    expiresMs: written.expires ?? usualExpiryMs(cadence),
    draftLeadMs: written.draftLead,
    template: written.template,
    approval: written.approval,
    preflight: written.preflight,
  };
}

/** Yesterday's news isn't worth a try when today's is on its way. */
function usualExpiryMs({ fields: { weekdays, daysOfMonth } }: Cadence): number {
  const isOnMostDays = weekdays.length > 3 && daysOfMonth.length > 15;
  return (isOnMostDays ? 12 : 48) * 3_600_000;
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

function bouncesOf({ bounces }: PublicationFile, imapUrl: string | null, secret: string | null): Config['bounces'] {
  if (secret !== null && secret.length < shortestHookSecret) {
    throw new AppError('invalid', `SILKPOST_HOOK_SECRET must have at least ${shortestHookSecret} characters.`);
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
  if (secret === null || secret.length < shortestNotifySecret) {
    const sentence = `operators.webhook is signed: it needs a secret of at least ${shortestNotifySecret} characters in the variable SILKPOST_NOTIFY_SECRET.`;
    throw publicationFault(yaml.positionOf(['operators', 'webhook']), 'operators.webhook', 'missing-secret', sentence);
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
