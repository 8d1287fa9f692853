import { type Reply, type ReplyPhase, shortReply } from './smtp-reply.ts';

/** What a relay's answer, or a report that came back, says about whom. */
export type ReplyClass =
  /** Taken. */
  | 'accepted'
  /** There is no such address: suppress after one. */
  | 'address_gone'
  /** The domain or the mailbox is out of order, perhaps for good: suppress after two, at least three days apart. */
  | 'slowly_gone'
  /** A full mailbox, a fault that passes: retry; one bounce-day. */
  | 'soft'
  /** Refused for good without a word that says why: this delivery fails; one bounce-day. */
  | 'refused'
  /** This message is too long or can't be read there: this delivery fails; no penalty. */
  | 'this_message'
  /** We said something that the relay doesn't understand, or not as it wants it: alarm. Never the reader's fault. */
  | 'our_protocol'
  /** Policy, spam or a blocklist: it is about us, never the reader's fault; that domain gets nothing for a while. */
  | 'our_reputation'
  /** Too much at once: defer, and send that domain less. */
  | 'slow_down';

/** An answer as the rows of the table see it. */
interface Sight {
  readonly code: number;
  /** The enhanced code's three numbers; [0, 0, 0] where there is none. */
  readonly kind: number;
  readonly subject: number;
  readonly detail: number;
  /** In lower case, without addresses: theirs may hold any word. */
  readonly text: string;
  readonly phase: ReplyPhase;
}

interface Row {
  readonly class: ReplyClass;
  readonly fits: (sight: Sight) => boolean;
}

/** Words of those who refuse by a list, and of the lists. */
const blocklistText = /block ?list|black ?list|deny ?list|\brbls?\b|dnsbl|spamhaus|spamcop|barracudacentral|\bsorbs\b/;
/** Words of those who refuse because of where mail comes from or what it looks like. */
const reputationText =
  /reputation|\bspam|unsolicited|bulk mail|\bdmarc\b|\bdkim\b|\bspf\b|unauthenticated|(client host|your (ip|host|server|domain|network)|sender|message|mail) (was |is |has been |been )?(blocked|banned)|blocked (by|using|due|for|because)|policy (reasons?|violation)|content (rejected|policy)/;

/** Words of those who look our return path up before they take anything, and don't find it. */
const senderText = /sender (address )?(verif|reject)|^\d*[ -]*verification failed|sender call-?(back|out)/;

/** Words for an address that is not there; from 550, 551 and 553 as servers really say it. */
const goneText =
  /(no such|unknown|invalid|non-?existent|unrouteable|undeliverable) (user|users|recipient|mailbox|address|account|local|person)|(user|recipient|mailbox|address|account|addressee)( address)?( is| was| has been)?( an?)? (unknown|invalid|not (found|known|valid|here|local|listed|exist)|unavailable|disabled permanently|deleted|closed|terminated|removed)|does(n't| not) exist|doesn't have an? [^ ]+ account|not a valid (user|recipient|mailbox|address)|no (mailbox|account) (here|by|with|for)|no longer (exists?|valid|with|works|here)|user not local|unknown in (virtual|local|relay) /;

const noDomainText = /nxdomain|domain (does not exist|not found|name not found)|host or domain name not found|no mx/;
const fullText = /quota|mailbox (is )?full|over ?quota|insufficient (storage|space)|(storage|mailbox).{0,20}exceeded/;
const slowText = /gr[ae]y ?list|rate ?limit|too (many|fast|much)|slow down|throttl|try again later/;

const beforeRecipient: readonly ReplyPhase[] = ['connect', 'greeting', 'ehlo', 'starttls', 'auth', 'mail'];
const isTransient = ({ code, kind }: Sight): boolean => kind === 4 || (code >= 400 && code < 500);
const isEnhanced = (sight: Sight, subject: number, ...details: readonly number[]): boolean =>
  sight.kind === 5 && sight.subject === subject && (details.length === 0 || details.includes(sight.detail));
/** No enhanced code, or one that says nothing more than the three digits do. */
const isVague = ({ kind, subject, detail }: Sight): boolean =>
  kind === 0 || subject === 0 || (detail === 0 && (subject === 1 || subject === 2 || subject === 5));

/** 552 alone says so before the recipient was named, where the message’s size was (RFC 1870 §6.1); after it, a mailbox may be full. */
const isAboutMessage = (sight: Sight): boolean =>
  isEnhanced(sight, 2, 3) ||
  isEnhanced(sight, 3, 4) ||
  isEnhanced(sight, 6) ||
  (sight.phase === 'mail' && sight.code === 552);

/** The first row that fits decides. What is about us comes first, so that no reader pays for it. */
const rows: readonly Row[] = [
  { class: 'our_reputation', fits: ({ text }) => blocklistText.test(text) },
  { class: 'slow_down', fits: ({ code, kind, subject }) => code === 421 || (kind === 4 && subject === 7) },
  { class: 'slow_down', fits: (sight) => isTransient(sight) && slowText.test(sight.text) },
  { class: 'our_reputation', fits: (sight) => isEnhanced(sight, 7) || reputationText.test(sight.text) },
  { class: 'soft', fits: isTransient },
  // Before the recipient was named nothing can be about them: 5.1.7 and 5.1.8 are the sender's address.
  { class: 'this_message', fits: (sight) => sight.phase === 'mail' && isAboutMessage(sight) },
  { class: 'our_protocol', fits: ({ phase }) => beforeRecipient.includes(phase) },
  { class: 'our_protocol', fits: (sight) => isEnhanced(sight, 1, 7, 8) || senderText.test(sight.text) },
  { class: 'address_gone', fits: (sight) => isEnhanced(sight, 1, 1, 3, 6, 10) },
  { class: 'slowly_gone', fits: (sight) => isEnhanced(sight, 1, 2) || isEnhanced(sight, 2, 1) },
  { class: 'slowly_gone', fits: (sight) => isEnhanced(sight, 4, 4) || noDomainText.test(sight.text) },
  { class: 'soft', fits: (sight) => isEnhanced(sight, 2, 2) || (isVague(sight) && fullText.test(sight.text)) },
  { class: 'this_message', fits: isAboutMessage },
  // Outlook.com says 550 5.5.0 of a mailbox that isn't there.
  {
    class: 'address_gone',
    fits: (sight) => [0, 550, 551, 553].includes(sight.code) && isVague(sight) && goneText.test(sight.text),
  },
  { class: 'our_protocol', fits: (sight) => isEnhanced(sight, 5) || (sight.code >= 500 && sight.code <= 504) },
  { class: 'this_message', fits: (sight) => sight.code === 552 && isVague(sight) },
  { class: 'refused', fits: ({ code, kind }) => (code >= 500 && code < 600) || kind === 5 },
];

/**
 * The class of an answer: of the relay to a command or a final dot, or of a report's `Status` and `Diagnostic-Code`
 * (phase `report`, where the code is 0 when it gives none). What can't be read is `soft`: it proves nothing.
 */
export function classifyReply({ code, enhanced, text }: Reply, phase: ReplyPhase): ReplyClass {
  const [kind = 0, subject = 0, detail = 0] = (enhanced ?? '').split('.').map(Number);
  // Nearly every answer: its words make no difference.
  if ((code >= 200 && code < 300) || (code === 0 && kind === 2)) return 'accepted';
  const words = shortReply(text)
    .toLowerCase()
    .replace(/<[^<>]*>|[^\s<>@]+@[^\s<>@]+/g, ' ');
  const sight: Sight = { code, kind, subject, detail, text: words, phase };
  return rows.find(({ fits }) => fits(sight))?.class ?? 'soft';
}
