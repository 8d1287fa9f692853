import type { DkimSetting, MailboxOptions, Relay } from '../delivery/index.ts';
import type { Newsletter } from '../digest/index.ts';
import type { NoticeWebhook } from '../operators/index.ts';
import type { Site } from '../site.ts';

/** Everything that `silkpost.yaml` and the environment say, checked, with defaults filled in. */
export interface Config {
  /** Absolute path of the publication's folder. */
  readonly dir: string;
  readonly paths: {
    readonly content: string;
    readonly templates: string;
    /** `SILKPOST_PUBLIC`, default `public`. */
    readonly public: string;
    /** `SILKPOST_DATA`, default `var`. */
    readonly data: string;
    readonly database: string;
    readonly outbox: string;
    readonly preview: string;
  };
  readonly site: Site;
  readonly feeds: {
    /** At least this many entries, default 50. */
    readonly items: number;
    /** And all of the last so many days, default 3. */
    readonly days: number;
    /** Seconds a client may keep a document, default 900. */
    readonly maxAge: number;
    /** WebSub hubs that are told of changed documents; absolute URLs, default none. */
    readonly hubs: readonly string[];
  };
  readonly newsletters: readonly Newsletter[];
  readonly mail: {
    readonly from: { readonly name: string; readonly address: string };
    readonly replyTo: string | null;
    readonly transport: 'outbox' | 'smtp' | 'nodemailer';
    /** Parsed `SILKPOST_SMTP_URL`; null with the outbox. */
    readonly relay: Relay | null;
    /** Connections at once, default 10. */
    readonly connections: number;
    /** Messages on one connection before it is closed, default 100. */
    readonly messagesPerConnection: number;
    /** Messages a second to the relay, default 50. */
    readonly ratePerSecond: number;
    /** Sends the next envelope along with the final dot, default false. */
    readonly pipelineNext: boolean;
    /** Messages a second by recipient domain, in lower case; default none. */
    readonly perDomain: ReadonlyMap<string, number>;
    /** Attempts committed ahead for each connection, default 0. */
    readonly ahead: number;
    /** How long a stop waits for answers to final dots, default 60 s. */
    readonly drainMs: number;
    /** Keys that sign every message, all of them each one; default none. */
    readonly dkim: readonly DkimSetting[];
  };
  /** What comes back. */
  readonly bounces: {
    /** Takes mail for return paths and leaving mails; null: none, so that reports can only come through a provider. */
    readonly domain: string | null;
    /** Parsed `SILKPOST_IMAP_URL` with `bounces.imap`; null: no mailbox is read. */
    readonly imap: MailboxOptions | null;
    /** ARNs of the SNS topics whose notifications are taken at `/hooks/ses`; default none. */
    readonly sesTopics: readonly string[];
    /** `SILKPOST_HOOK_SECRET`: signs what is posted to `/hooks/generic`; null: nothing is taken there. */
    readonly hookSecret: string | null;
  };
  readonly web: {
    readonly port: number;
    readonly host: string;
    /** Further host names that are answered. */
    readonly hosts: readonly string[];
    /** Addresses and CIDR ranges whose `X-Forwarded-For` is believed; default none. */
    readonly trustedProxies: readonly string[];
  };
  readonly signUp: {
    /** Whether consents from the form keep the address that they came from; default: none is kept. */
    readonly keepsIp: boolean;
  };
  /** How long what is over is kept, in milliseconds. */
  readonly retention: {
    /** Deliveries, default 400 days. */
    readonly deliveriesMs: number;
    /** Messages in the outbox and raw ones that came back, default 90 days. */
    readonly outboxMs: number;
    /** Readers who signed up and don't confirm, default 30 days. */
    readonly pendingMs: number;
  };
  /** Who is told when something needs a person. */
  readonly operators: {
    /** Addresses, default none. */
    readonly notify: readonly string[];
    /** With the secret of `SILKPOST_NOTIFY_SECRET`; null: none. */
    readonly webhook: NoticeWebhook | null;
  };
  /** pino level from `SILKPOST_LOG`, default `info`. */
  readonly logLevel: string;
}
