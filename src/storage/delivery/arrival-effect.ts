import type { Instant } from '../../clock.ts';
import {
  type AppliedArrival,
  type AppliedDelivery,
  type Arrival,
  type ArrivalTrace,
  judgeReport,
  type ReplyClass,
} from '../../delivery/index.ts';
import { addressKey } from '../../subscribers/index.ts';
import { leaveNewsletters } from '../readers/subscriber-leave.ts';
import { settleOutcome } from './arrival-outcome.ts';
import { findTraced, type Traced, type TraceTools } from './arrival-trace.ts';
import { type RecordedBounce, recordBounces, suppress } from './bounce-record.ts';

export interface EffectTools extends TraceTools {
  readonly now: Instant;
}

/**
 * Carries out what follows from an arrival, in the transaction at hand.
 *
 * @param isSigned A provider's signature was verified: what it says of an address is believed without a token.
 */
export async function applyArrival(tools: EffectTools, arrival: Arrival, isSigned: boolean): Promise<AppliedArrival> {
  switch (arrival.kind) {
    case 'bounce':
    case 'delivered':
      return applyReport(tools, arrival, isSigned);
    case 'complaint':
      return applyComplaint(tools, arrival, isSigned);
    case 'leave':
      return applyLeaving(tools, arrival, isSigned);
    case 'unreadable':
      return { state: 'quarantined', note: arrival.reason, deliveries: [] };
    case 'delayed':
    case 'auto_reply':
    case 'not_spam':
    case 'notice':
    case 'reply':
      return ignored(harmless[arrival.kind]);
    default:
      return arrival satisfies never;
  }
}

const harmless = {
  delayed: 'It is still being tried.',
  auto_reply: 'An answering machine.',
  not_spam: 'A reader says that it is no spam.',
  notice: 'It is about something else than an address.',
  reply: 'A person wrote; it is kept, and counts for nothing.',
} as const;

async function applyReport(
  tools: EffectTools,
  { recipients, trace }: Extract<Arrival, { kind: 'bounce' | 'delivered' }>,
  isSigned: boolean,
): Promise<AppliedArrival> {
  const { tx, now } = tools;
  const addresses = recipients.flatMap(({ address, originalAddress }) => [address, originalAddress]);
  const traced = await findTraced(
    tools,
    isSigned ? trace : withoutMessageIds(trace),
    addresses.filter((address) => address !== null),
    isSigned,
  );
  const notes: string[] = [];
  const deliveries: AppliedDelivery[] = [];
  for (const mail of traced) {
    const verdict = judgeReport(recipients, mail.address);
    if (verdict.kind === 'undecided') {
      notes.push(`${nameOf(mail)} reached some of those that its address stands for, or may still.`);
      continue;
    }
    if (mail.isEarlierCopy) {
      const isGone = verdict.kind === 'failed' && verdict.class === 'address_gone';
      if (isGone) await suppress(tx, mail.addressKey, 'address_gone', now);
      notes.push(describeEarlier(mail, verdict.kind === 'failed', isGone));
      continue;
    }
    await settleOutcome(tx, mail, verdict.kind === 'failed' ? 'bounced' : 'accepted', now);
    const bounced = mail.of === 'delivery' ? { deliveryId: mail.id } : { letterId: mail.id };
    const [recorded = nothingRecorded] =
      verdict.kind === 'failed' ? await recordBounces(tx, [{ ...verdict, ...bounced }], now) : [];
    const replyClass = verdict.kind === 'failed' ? verdict.class : null;
    notes.push(describeReport(mail, replyClass, recorded.consequence));
    if (mail.of === 'delivery') {
      deliveries.push({ deliveryId: mail.id, editionId: mail.editionId, class: replyClass, ...recorded });
    }
  }
  return traced.length === 0 ? untraced() : { state: 'handled', note: notes.join(' '), deliveries };
}

/**
 * A Message-ID proves nothing of a report that nobody signed: it stands in every answer and archive. Complaints are another matter,
 * see docs/decisions/018-complaints-by-message-id.md.
 */
function withoutMessageIds(trace: ArrivalTrace): ArrivalTrace {
  return { ...trace, tokens: trace.tokens.filter(({ purpose }) => purpose !== 'message') };
}

const nothingRecorded: RecordedBounce = { consequence: null, isNews: false };

function describeReport(
  mail: Traced,
  replyClass: ReplyClass | null,
  consequence: AppliedDelivery['consequence'],
): string {
  if (replyClass === null) return `${nameOf(mail)} arrived.`;
  const follows = {
    suppress: 'the address gets no mail from now on',
    suspend: 'the reader is suspended',
    none: 'nothing follows for the reader yet',
  }[consequence ?? 'none'];
  return `${nameOf(mail)} came back (${replyClass.replaceAll('_', ' ')}): ${follows}.`;
}

function describeEarlier(mail: Traced, isFailed: boolean, isGone: boolean): string {
  const became = isFailed ? 'came back' : 'arrived';
  const follows = isGone ? ': that one gets no mail from now on' : '';
  return `${nameOf(mail)}, in the copy to an address that its reader has given up, ${became}${follows}.`;
}

function nameOf(mail: Traced): string {
  return mail.of === 'delivery' ? `Delivery ${mail.id}` : `Letter ${mail.id} (${mail.kind})`;
}

async function applyComplaint(
  tools: EffectTools,
  { addresses, trace }: Extract<Arrival, { kind: 'complaint' }>,
  isSigned: boolean,
): Promise<AppliedArrival> {
  const { tx, keys, now } = tools;
  const traced = await findTraced(tools, trace, addresses, isSigned);
  const suppressed = new Set(traced.map((mail) => mail.addressKey));
  if (traced.length === 0 && isSigned) for (const address of addresses) suppressed.add(addressKey(keys, address));
  for (const key of suppressed) await suppress(tx, key, 'complaint', now);
  for (const mail of traced) if (!mail.isEarlierCopy) await settleOutcome(tx, mail, 'complained', now);
  if (suppressed.size === 0) return untraced();
  const deliveries = traced.flatMap((mail): AppliedDelivery[] =>
    mail.of === 'letter'
      ? []
      : [{ deliveryId: mail.id, editionId: mail.editionId, class: null, consequence: 'suppress', isNews: true }],
  );
  const isForgeable = !isSigned && traced.every(({ byMessageId }) => byMessageId);
  const how = isForgeable ? 'A complaint, by the Message-ID alone' : 'A complaint';
  return { state: 'handled', note: `${how}: the address gets no mail from now on.`, deliveries };
}

async function applyLeaving(
  tools: EffectTools,
  { addresses, trace }: Extract<Arrival, { kind: 'leave' }>,
  isSigned: boolean,
): Promise<AppliedArrival> {
  const { tx, now } = tools;
  const traced = await findTraced(tools, trace, addresses, isSigned);
  if (traced.length === 0) return untraced();
  const left: string[] = [];
  for (const mail of traced) {
    if (mail.subscriberId === null) continue;
    // A letter isn't a newsletter's: whoever has enough of it has enough of all.
    const newsletters = mail.of === 'delivery' ? [mail.newsletter] : null;
    const gone = await leaveNewsletters(tx, mail.subscriberId, newsletters, 'mail', now);
    left.push(...(newsletters ?? gone));
  }
  const names = [...new Set(left)].join(', ');
  return { state: 'handled', note: `The reader has left ${names || 'everything'}.`, deliveries: [] };
}

function ignored(note: string): AppliedArrival {
  return { state: 'ignored', note, deliveries: [] };
}

function untraced(): AppliedArrival {
  return ignored('It names no mail of this publication, or not in a way that proves it; nothing follows from it.');
}
