import type { Instant } from '../clock.ts';
import { AppError } from '../errors.ts';

export interface Mailbox {
  /** Shown name, or null. */
  readonly name: string | null;
  /** Already parsed strictly: one `local@domain`. */
  readonly address: string;
}

/** What one message's header is made of. Texts may hold anything; nothing in them can end a header line. */
export interface HeaderFields {
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly subject: string;
  /** The time of this try: an old Date costs points at spam filters. */
  readonly date: Instant;
  /** With angle brackets. */
  readonly messageId: string;
  readonly replyTo: string | null;
  readonly lang: string;
  /** Null: a mail to one person, which has nothing of a list's. */
  readonly list: {
    /** What the list is called, for List-Id's phrase. */
    readonly title: string;
    /** `weekly.dispatch.example` (RFC 2919 §2). */
    readonly id: string;
    readonly archiveUrl: string;
    /** One click leaves (RFC 8058). */
    readonly unsubscribeUrl: string;
    /** An address that leaves by whatever mail is sent to it; null: only the URL. */
    readonly unsubscribeAddress: string | null;
    /** Up to three parts without colons, told back by Gmail's complaint reports. */
    readonly feedback: readonly [string, string, string];
  } | null;
}

/** RFC 2047 §2 allows 75 characters a word; 39 bytes make 64. */
const maxWordBytes = 39;
/** Longer plain text is written as encoded words too, since only those can be folded anywhere. */
const maxPlain = 60;

/** The header lines of one message, each ended by CRLF, without Content-Type. */
export function renderHeaders(fields: HeaderFields): string {
  const lines = [
    `From: ${renderMailbox(fields.from)}`,
    `To: ${renderMailbox(fields.to)}`,
    `Subject: ${encodeText(fields.subject)}`,
    `Date: ${renderDate(fields.date)}`,
    `Message-ID: ${checked(fields.messageId)}`,
    ...(fields.replyTo === null ? [] : [`Reply-To: ${renderMailbox({ name: null, address: fields.replyTo })}`]),
    ...(fields.list === null ? [] : renderList(fields.list)),
    // RFC 3834 §5.2: holiday notes don't answer it.
    'Auto-Submitted: auto-generated',
    `Content-Language: ${checked(fields.lang)}`,
    'MIME-Version: 1.0',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function renderList(list: NonNullable<HeaderFields['list']>): string[] {
  const mail = list.unsubscribeAddress;
  const second = mail === null ? '' : `,\r\n <mailto:${checked(mail)}?subject=unsubscribe>`;
  return [
    `List-Id: ${encodePhrase(list.title)} <${checked(list.id)}>`,
    // RFC 8058 §3.1: exactly one https URI, which a mailto may follow, and exactly this second field.
    `List-Unsubscribe: <${checked(list.unsubscribeUrl)}>${second}`,
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
    'List-Post: NO',
    `List-Archive: <${checked(list.archiveUrl)}>`,
    'Precedence: bulk',
    `Feedback-ID: ${[...list.feedback, 'silkpost'].map((part) => checked(part).replaceAll(':', '-')).join(':')}`,
  ];
}

/** `Name <local@domain>` (RFC 5322 §3.4). */
export function renderMailbox({ name, address }: Mailbox): string {
  if (!/^[\x21-\x7e]+@[\x21-\x7e]+$/.test(address) || /[<>,;()\\]/.test(address)) {
    throw new AppError('invalid', `${JSON.stringify(address)} can't stand in a header as one address.`);
  }
  const shown = name === null ? '' : withoutControls(name);
  return shown === '' ? address : `${encodePhrase(shown)} <${address}>`;
}

/** Unstructured text: as it is where that is short ASCII, else encoded words (RFC 2047 §5). */
export function encodeText(text: string): string {
  const clean = withoutControls(text);
  return isPlain(clean) ? clean : encodeWords(clean);
}

/** A phrase: atoms, a quoted string or encoded words. */
function encodePhrase(text: string): string {
  const clean = withoutControls(text);
  if (!isPlain(clean)) return encodeWords(clean);
  if (/^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]*$/.test(clean)) return clean;
  return `"${clean.replace(/["\\]/g, '\\$&')}"`;
}

function isPlain(text: string): boolean {
  return text.length <= maxPlain && /^[\x20-\x7e]*$/.test(text) && !text.includes('=?');
}

function encodeWords(text: string): string {
  const words: string[] = [];
  let word = '';
  let bytes = 0;
  for (const character of text.toWellFormed()) {
    const size = Buffer.byteLength(character);
    if (bytes + size > maxWordBytes) {
      words.push(word);
      word = '';
      bytes = 0;
    }
    word += character;
    bytes += size;
  }
  words.push(word);
  return words.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join('\r\n ');
}

/** Control characters, line breaks among them, as one space; none at the ends. */
function withoutControls(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A value that we made ourselves and that stands in a header as it is. */
function checked(value: string): string {
  if (/^[\x21-\x7e]+$/.test(value)) return value;
  throw new AppError('internal', `${JSON.stringify(value)} can't stand in a header.`);
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Fri, 27 Nov 2026 03:00:00 +0000` (RFC 5322 §3.3). */
function renderDate(instant: Instant): string {
  const date = new Date(instant);
  const time = date.toISOString().slice(11, 19);
  return `${days[date.getUTCDay()]}, ${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`;
}
