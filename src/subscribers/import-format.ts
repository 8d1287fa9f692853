/** What a column may say of a reader. */
export const importFields = [
  'email',
  'name',
  'first_name',
  'last_name',
  'languages',
  'countries',
  'topics',
  'newsletters',
  'rhythm',
  'paused',
  'left',
  'timezone',
  'status',
  'suppressed',
  'created_at',
  'consented_at',
  'receives',
  'left_at',
  'bounced_at',
] as const;

/**
 * `rhythm`: a word, or `NEWSLETTER=WORD;…`. `paused`: `NEWSLETTER` or `NEWSLETTER=TIME`, `left`: names; `newsletters` holds
 * them too or not. `suppressed`: why, or empty. `receives`: yes or no. `left_at`, `bounced_at`: anything in them means that
 * it was so.
 */
export type ImportField = (typeof importFields)[number];

/** Whose export a file is. */
export interface ImportFormat {
  /** As people call it; null: nobody’s in particular. */
  readonly name: string | null;
  /** By the normal form of a heading; all others mean nothing here. */
  readonly columns: Readonly<Record<string, ImportField>>;
  /** What a file says by its name alone, as a status: Mailchimp’s. */
  readonly statusOfFile?: (fileName: string) => string | null;
  /** What an operator has to know about such files. */
  readonly note?: string;
}

interface KnownFormat extends ImportFormat {
  /** Headings that all of its files have, and others don’t. */
  readonly marks: readonly string[];
}

/** Headings of files that nobody in particular made, and of our own export. */
const usual: Readonly<Record<string, ImportField>> = {
  email: 'email',
  e_mail: 'email',
  email_address: 'email',
  name: 'name',
  full_name: 'name',
  first_name: 'first_name',
  last_name: 'last_name',
  lang: 'languages',
  language: 'languages',
  languages: 'languages',
  countries: 'countries',
  topics: 'topics',
  newsletters: 'newsletters',
  rhythm: 'rhythm',
  paused: 'paused',
  left: 'left',
  timezone: 'timezone',
  status: 'status',
  suppressed: 'suppressed',
  created_at: 'created_at',
  consented_at: 'consented_at',
};

const formats: readonly KnownFormat[] = [
  {
    // listmonk, cmd/subscribers.go: ExportSubscribers
    name: 'listmonk',
    marks: ['uuid', 'email', 'attributes', 'status'],
    columns: { email: 'email', name: 'name', status: 'status', created_at: 'created_at' },
    note: 'listmonk’s export calls readers enabled who have left a list: export each list by itself, only those confirmed for it.',
  },
  {
    // Its archive has a file for each status, and no column for it.
    name: 'Mailchimp',
    marks: ['member_rating', 'optin_time', 'leid', 'euid'],
    columns: {
      email_address: 'email',
      email: 'email',
      name: 'name',
      first_name: 'first_name',
      last_name: 'last_name',
      status: 'status',
      optin_time: 'created_at',
      confirm_time: 'consented_at',
      unsub_time: 'left_at',
      clean_time: 'bounced_at',
    },
    statusOfFile: (fileName) => /^(subscribed|unsubscribed|nonsubscribed|cleaned)_/i.exec(fileName)?.[1] ?? null,
  },
  {
    // Ghost, ghost/core/core/server/services/members/exporter
    name: 'Ghost',
    marks: ['email', 'subscribed_to_emails', 'complimentary_plan', 'stripe_customer_id'],
    columns: {
      email: 'email',
      name: 'name',
      subscribed_to_emails: 'receives',
      created_at: 'created_at',
      deleted_at: 'left_at',
    },
  },
  {
    name: 'Buttondown',
    marks: ['type', 'source', 'creation_date', 'metadata', 'tags'],
    columns: {
      email: 'email',
      email_address: 'email',
      type: 'status',
      creation_date: 'created_at',
      unsubscription_date: 'left_at',
      undeliverability_date: 'bounced_at',
    },
  },
  {
    name: 'Silkpost',
    marks: ['email', 'languages', 'newsletters', 'paused', 'left', 'consented_at'],
    columns: usual,
  },
];

/** Whose export it is, by its headings. */
export function recogniseFormat(headings: readonly string[]): ImportFormat {
  const normal = new Set(headings.map(normalHeading));
  return formats.find(({ marks }) => marks.every((mark) => normal.has(mark))) ?? { name: null, columns: usual };
}

/** `Email Address` → `email_address` */
export function normalHeading(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');
}

/** What a heading means in a format; undefined: nothing. */
export function fieldOfHeading({ columns }: ImportFormat, heading: string): ImportField | undefined {
  const normal = normalHeading(heading);
  return Object.hasOwn(columns, normal) ? columns[normal] : undefined;
}
