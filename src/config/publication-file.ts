import { isIP } from 'node:net';
import { z } from 'zod';
import { omittableHeaders } from '../delivery/index.ts';
import { parseDuration } from './duration.ts';

/** The shape of `silkpost.yaml`, as written: design of every key, with its default and unit. */

const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language tag such as en or fa')
  .refine(isLocale, 'is not a language tag such as en, az-Arab or pt-BR');
const key = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'may hold only lower-case letters, digits and hyphens');
const line = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .refine((text) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text), 'must not hold control characters');
const localizedText = z
  .union([z.record(language, line), line.transform((text) => ({ und: text }))])
  .refine((text) => Object.keys(text).length > 0, 'needs a text in at least one language');
const timezone = z.string().refine(isTimezone, 'is not an IANA time zone such as Asia/Tbilisi');
const siteUrl = z
  .string()
  .refine(isSiteUrl, 'must be an http(s) URL without user, query or fragment')
  .transform((text) => text.replace(/\/+$/, ''));
/** Somebody else's, to the letter: a hub at `/hub/` isn't at `/hub`. */
const webUrl = z
  .string()
  .refine((text) => /^https?:\/\/[^/?#\s]+[^#\s]*$/.test(text) && URL.canParse(text), 'must be an http(s) URL');
const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'must be a duration such as 90s, 15m, 2h or 3d')
  .transform((text) => parseDuration(text) ?? 0);
const whole = (least: number, most: number) => {
  const range = `must be a whole number from ${least} to ${most}`;
  return z.number(range).int(range).min(least, range).max(most, range);
};
const address = z.string().regex(/^[^\s@<>,;:"]+@[^\s@<>,;:"]+$/, 'must be one e-mail address');
const domainName = z
  .string()
  .toLowerCase()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/, 'must be a domain name');
const domain = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a domain in lower case, such as mail.example');
const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const rate = z
  .string()
  .regex(/^[1-9]\d{0,6}\/[smhd]$/, 'must be messages a second, minute, hour or day, such as 50/s or 2000/d')
  .transform((text) => Number.parseInt(text, 10) / (secondsOf[text.slice(-1)] ?? 1));
const section = z.strictObject({ title: localizedText });

const dayMs = 86_400_000;
/** Node’s timers end at once where they are to take more than 24 days. */
const wait = duration.refine((ms) => ms <= dayMs, 'must be at most 1d');
/** Suspension looks back so far. */
const leastRetentionMs = 30 * dayMs;

export const publicationFile = z.strictObject({
  publication: z.strictObject({
    title: localizedText,
    description: localizedText.optional(),
    url: siteUrl.default('http://localhost:8080'),
    formerUrls: z.array(siteUrl).default([]),
    authority: z
      .string()
      .regex(/^[a-z0-9.-]+,\d{4}(-\d{2}(-\d{2})?)?$/, 'must be a name and a date, such as dispatch.example,2023')
      .optional(),
    timezone: timezone.default('UTC'),
    languages: z
      .array(language)
      .min(1, 'needs at least one language')
      .refine(
        (tags) => new Set(tags.map((tag) => tag.toLowerCase())).size === tags.length,
        'must not name a language twice',
      ),
    publisher: z.strictObject({ name: line, email: address.optional(), address: line }),
    image: line.optional(),
    icon: line.optional(),
    privacyUrl: webUrl.optional(),
  }),
  countries: z.record(key, section).default({}),
  topics: z.record(key, section).default({}),
  authors: z.record(key, z.strictObject({ name: line, url: webUrl.optional() })).default({}),
  feeds: z
    .strictObject({
      items: whole(1, 1000).default(50),
      days: whole(0, 365).default(3),
      maxAge: duration.default(900_000),
      hubs: z.array(webUrl).max(10, 'must not be more than 10').default([]),
    })
    .prefault({}),
  newsletters: z
    .record(
      key,
      z.strictObject({
        title: localizedText,
        schedule: line,
        timezone: timezone.optional(),
        select: z
          .strictObject({
            limit: whole(1, 100).default(12),
            countries: z.array(key).default([]),
            topics: z.array(key).default([]),
          })
          .prefault({}),
        text: z.enum(['summary', 'full']).default('summary'),
        grace: duration.default(7_200_000),
        expires: duration.optional(),
        draftLead: duration.default(10_800_000),
        template: key.default('digest'),
        approval: z.enum(['none', 'any', 'other']).default('none'),
        preflight: z.enum(['warn', 'hold']).default('warn'),
      }),
    )
    .default({}),
  mail: z
    .strictObject({
      from: z.strictObject({ name: line, address }),
      replyTo: address.optional(),
      transport: z.enum(['outbox', 'smtp', 'nodemailer']).default('outbox'),
      connections: whole(1, 500).default(10),
      messagesPerConnection: whole(1, 100_000).default(100),
      pipelineNext: z.boolean('must be true or false').default(false),
      ahead: whole(0, 100).default(0),
      rate: rate.default(50),
      perDomain: z.record(domain, rate).default({}),
      drain: wait.default(60_000),
      dkim: z
        .array(
          z.strictObject({
            domain: domainName,
            selector: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'must be a DNS name such as s202611'),
            keyFile: line,
            omit: z.array(z.enum(omittableHeaders)).default([]),
          }),
        )
        .default([]),
    })
    .optional(),
  bounces: z
    .strictObject({
      domain: domainName.optional(),
      imap: z
        .strictObject({
          folder: line.default('INBOX'),
          handled: line.default('Silkpost'),
          poll: wait.default(60_000),
        })
        .prefault({}),
      ses: z
        .strictObject({
          topics: z.array(
            z.string().regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]+$/, 'must be the ARN of a topic'),
          ),
        })
        .optional(),
    })
    .prefault({}),
  web: z
    .strictObject({
      port: whole(0, 65_535).default(8080),
      host: line.default('127.0.0.1'),
      hosts: z.array(line).default([]),
      trustedProxies: z
        .array(line.refine(isAddressRange, 'must be an IP address or a range such as 10.0.0.0/8'))
        .default([]),
    })
    .prefault({}),
  signUp: z.strictObject({ keepIp: z.boolean().default(false) }).prefault({}),
  retention: z
    .strictObject({
      deliveries: duration.refine((ms) => ms >= leastRetentionMs, 'must be at least 30d').default(400 * dayMs),
      outbox: duration.refine((ms) => ms >= dayMs, 'must be at least 1d').default(90 * dayMs),
      pending: duration.refine((ms) => ms >= dayMs, 'must be at least 1d').default(30 * dayMs),
    })
    .prefault({}),
  operators: z
    .strictObject({
      notify: z.array(address).max(20, 'must not be more than 20').default([]),
      webhook: z.strictObject({ url: webUrl }).optional(),
    })
    .prefault({}),
});

/** `silkpost.yaml` with its defaults filled in. */
export type PublicationFile = z.output<typeof publicationFile>;

/** The same as JSON Schema, for editors. */
export function publicationSchema(): object {
  return z.toJSONSchema(publicationFile, { io: 'input', unrepresentable: 'any' });
}

/** Whether a text may be the address of a site of this publication, which other paths are put behind. */
export function isSiteUrl(text: string): boolean {
  return /^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/.test(text) && URL.canParse(text);
}

function isLocale(tag: string): boolean {
  try {
    new Intl.Locale(tag);
    return true;
  } catch {
    return false;
  }
}

function isAddressRange(text: string): boolean {
  const [address = '', bits] = text.split('/', 2);
  const family = isIP(address);
  if (family === 0 || text.split('/').length > 2) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
