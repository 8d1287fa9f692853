import { withoutAddresses } from '../../without-addresses.ts';
import type { ReplyClass } from './reply-class.ts';

/** What a relay said of a delivery that it put off or refused. */
export interface Refusal {
  readonly state: 'deferred' | 'failed';
  /** The recipient domain, in lower case. */
  readonly domain: string;
  readonly class: ReplyClass | null;
  /** Text from outside; null where nothing was said. */
  readonly reply: string | null;
}

/** Refusals alike: of one kind, from one domain. */
export interface RefusalGroup {
  readonly class: ReplyClass;
  readonly domain: string;
  /** Among those that were looked at. */
  readonly count: number;
  /** The newest one's words, without readers' addresses: many look at them who may not see those. */
  readonly reply: string;
}

/** What is said most often first, as far as a relay said anything; `refusals` are the newest, the newest first. */
export function groupRefusals(refusals: readonly Refusal[]): RefusalGroup[] {
  const groups = new Map<string, RefusalGroup>();
  for (const { class: replyClass, domain, reply } of refusals) {
    if (replyClass === null || reply === null) continue;
    const key = `${replyClass} ${domain}`;
    const known = groups.get(key) ?? { class: replyClass, domain, count: 0, reply: withoutAddresses(reply) };
    groups.set(key, { ...known, count: known.count + 1 });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count || (a.domain < b.domain ? -1 : 1));
}

const advice: Readonly<Record<ReplyClass, string>> = {
  accepted: 'Nothing has to be done.',
  address_gone: 'Nothing has to be done: the address gets no more mail from now on.',
  slowly_gone: 'Nothing has to be done: if it stays so for days, the address gets no more mail.',
  soft: 'Nothing has to be done: it is tried again until the edition’s time is over.',
  refused:
    'If it is one domain that refuses many, ask its postmaster; silkpost doctor looks at what receivers ask for.',
  this_message: 'Look at the edition’s size and at its text: this domain takes others from you.',
  our_protocol: 'Look at mail.from and at the relay’s settings: silkpost doctor says what is wrong with them.',
  our_reputation:
    'Mend what it names (SPF, DKIM, a blocklist): silkpost doctor looks at them. That domain gets no more until then.',
  slow_down: 'Nothing has to be done: it goes on more slowly there. Where it stays so, set mail.perDomain.',
};

/** What an operator does about an answer of this kind; a sentence. */
export function whatToDoAboutReply(replyClass: ReplyClass): string {
  return advice[replyClass];
}
