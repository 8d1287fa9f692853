import type { Instant } from '../../clock.ts';
import { AppError } from '../../errors.ts';

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

/** What all messages of a variant share. */
export type SharedFields = Omit<HeaderFields, 'to' | 'date' | 'messageId' | 'list'> & {
  readonly list: Omit<List, keyof LeavingFields> | null;
};

/** What is a message's own. */
export type OwnFields = Pick<HeaderFields, 'to' | 'date' | 'messageId'> & { readonly list: LeavingFields | null };

type List = NonNullable<HeaderFields['list']>;
type LeavingFields = Pick<List, 'unsubscribeUrl' | 'unsubscribeAddress'>;

/** The header lines of one message, each ended by CRLF, without Content-Type. */
export function renderHeaders(fields: HeaderFields): string {
  return prepareHeaders(fields)(fields);
}

/** Renders what many messages share once, and returns what renders the header lines of each of them. */
export function prepareHeaders(shared: SharedFields): (own: OwnFields) => string {
  const { list, replyTo } = shared;
  const from = `From: ${renderMailbox(shared.from)}\r\n`;
  const subject = `Subject: ${encodeText(shared.subject)}\r\n`;
  const reply = replyTo === null ? '' : `Reply-To: ${renderMailbox({ name: null, address: replyTo })}\r\n`;
  const beforeLeaving = list === null ? '' : `List-Id: ${encodePhrase(list.title)} <${checked(list.id)}>\r\n`;
  const afterLeaving = list === null ? '' : renderList(list);
  // RFC 3834 §5.2: holiday notes don't answer it.
  const end = `Auto-Submitted: auto-generated\r\nContent-Language: ${checked(shared.lang)}\r\nMIME-Version: 1.0\r\n`;
  return (own) => {
    const to = `To: ${renderMailbox(own.to)}\r\n`;
    const ids = `Date: ${renderDate(own.date)}\r\nMessage-ID: ${checked(own.messageId)}\r\n`;
    const leaving = own.list === null ? '' : renderLeaving(own.list);
    return from + to + subject + ids + reply + beforeLeaving + leaving + afterLeaving + end;
  };
}

/** RFC 8058 §3.1: exactly one https URI, which a mailto may follow, and exactly this second field. */
function renderLeaving({ unsubscribeUrl, unsubscribeAddress: mail }: LeavingFields): string {
  const second = mail === null ? '' : `,\r\n <mailto:${checked(mail)}?subject=unsubscribe>`;
  return `List-Unsubscribe: <${checked(unsubscribeUrl)}>${second}\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n`;
}

function renderList({ archiveUrl, feedback }: Pick<List, 'archiveUrl' | 'feedback'>): string {
  const told = [...feedback, 'silkpost'].map((part) => checked(part).replaceAll(':', '-')).join(':');
  return `List-Post: NO\r\nList-Archive: <${checked(archiveUrl)}>\r\nPrecedence: bulk\r\nFeedback-ID: ${told}\r\n`;
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

/** The last one rendered: a second's messages share it. */
let lastDate = { second: '', text: '' };

/** `Fri, 27 Nov 2026 03:00:00 +0000` (RFC 5322 §3.3). */
function renderDate(instant: Instant): string {
  const second = instant.slice(0, 19);
  if (lastDate.second !== second) {
    const date = new Date(instant);
    const [day, month] = [days[date.getUTCDay()], months[date.getUTCMonth()]];
    const text = `${day}, ${date.getUTCDate()} ${month} ${date.getUTCFullYear()} ${second.slice(11)} +0000`;
    lastDate = { second, text };
  }
  return lastDate.text;
}
