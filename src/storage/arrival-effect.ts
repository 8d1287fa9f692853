import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { Instant } from '../clock.ts';
import {
  type AppliedArrival,
  type AppliedDelivery,
  type Arrival,
  type ArrivalTrace,
  type DeliveryOutcome,
  type DeliveryTokens,
  judgeReport,
  type ReplyClass,
} from '../delivery/index.ts';
import { addressKey, type Keys } from '../subscribers/index.ts';
import { type RecordedBounce, recordBounces, suppress } from './bounce-record.ts';
import type { Schema } from './schema.ts';
import { leaveNewsletters } from './subscriber-leave.ts';

export interface EffectTools {
  readonly tx: Kysely<Schema>;
  readonly keys: Keys;
  readonly tokens: DeliveryTokens;
  readonly now: Instant;
}

/** A delivery that an arrival is about, beyond doubt. */
interface Traced {
  readonly id: number;
  readonly edition_id: string;
  readonly newsletter: string;
  readonly subscriber_id: number | null;
  readonly address: string;
  readonly address_key: string;
  /** Whether nothing but its Message-ID says so. */
  readonly byMessageId: boolean;
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
      return applyLeaving(tools, arrival.trace);
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
  const addresses = isSigned ? recipients.flatMap(({ address }) => address ?? []) : [];
  const traced = await findTraced(tools, isSigned ? trace : withoutMessageIds(trace), addresses);
  const notes: string[] = [];
  const deliveries: AppliedDelivery[] = [];
  for (const delivery of traced) {
    const verdict = judgeReport(recipients, delivery.address);
    if (verdict.kind === 'undecided') {
      notes.push(`Delivery ${delivery.id} reached some of those that its address stands for, or may still.`);
      continue;
    }
    await settleDelivery(tx, delivery.id, verdict.kind === 'failed' ? 'bounced' : 'accepted', now);
    const [recorded = nothingRecorded] =
      verdict.kind === 'failed' ? await recordBounces(tx, [{ ...verdict, deliveryId: delivery.id }], now) : [];
    const replyClass = verdict.kind === 'failed' ? verdict.class : null;
    notes.push(describeReport(delivery.id, replyClass, recorded.consequence));
    deliveries.push({ deliveryId: delivery.id, editionId: delivery.edition_id, class: replyClass, ...recorded });
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
  id: number,
  replyClass: ReplyClass | null,
  consequence: AppliedDelivery['consequence'],
): string {
  if (replyClass === null) return `Delivery ${id} arrived.`;
  const follows = {
    suppress: 'the address gets no mail from now on',
    suspend: 'the reader is suspended',
    none: 'nothing follows for the reader yet',
  }[consequence ?? 'none'];
  return `Delivery ${id} came back (${replyClass.replaceAll('_', ' ')}): ${follows}.`;
}

async function applyComplaint(
  tools: EffectTools,
  { addresses, trace }: Extract<Arrival, { kind: 'complaint' }>,
  isSigned: boolean,
): Promise<AppliedArrival> {
  const { tx, keys, now } = tools;
  const traced = await findTraced(tools, trace, isSigned ? addresses : []);
  const suppressed = new Set(traced.map((delivery) => delivery.address_key));
  if (traced.length === 0 && isSigned) for (const address of addresses) suppressed.add(addressKey(keys, address));
  for (const key of suppressed) await suppress(tx, key, 'complaint', now);
  for (const { id } of traced) await settleDelivery(tx, id, 'complained', now);
  if (suppressed.size === 0) return untraced();
  const deliveries = traced.map(
    (delivery): AppliedDelivery => ({
      deliveryId: delivery.id,
      editionId: delivery.edition_id,
      class: null,
      consequence: 'suppress',
      isNews: true,
    }),
  );
  const isForgeable = !isSigned && traced.every(({ byMessageId }) => byMessageId);
  const how = isForgeable ? 'A complaint, by the Message-ID alone' : 'A complaint';
  return { state: 'handled', note: `${how}: the address gets no mail from now on.`, deliveries };
}

async function applyLeaving(tools: EffectTools, trace: ArrivalTrace): Promise<AppliedArrival> {
  const { tx, now } = tools;
  const traced = await findTraced(tools, trace, []);
  if (traced.length === 0) return untraced();
  for (const { subscriber_id: subscriberId, newsletter } of traced) {
    if (subscriberId !== null) await leaveNewsletters(tx, subscriberId, [newsletter], 'mail', now);
  }
  const names = [...new Set(traced.map(({ newsletter }) => newsletter))].join(', ');
  return { state: 'handled', note: `The reader has left ${names}.`, deliveries: [] };
}

/** By genuine tokens; else by the relay's own id in the answer that was kept, where the address is told as well. */
async function findTraced(
  { tx, keys, tokens }: EffectTools,
  { tokens: found, relayId }: ArrivalTrace,
  addresses: readonly string[],
): Promise<Traced[]> {
  const traced = new Map<number, Traced>();
  for (const token of found) {
    const row = await deliveries(tx).where('delivery.id', '=', token.deliveryId).executeTakeFirst();
    if (!row || row.address === null) continue;
    const subject = { deliveryId: row.id, editionId: row.edition_id, address: row.address };
    if (!tokens.isGenuine(token, subject)) continue;
    const byMessageId = token.purpose === 'message' && traced.get(row.id)?.byMessageId !== false;
    traced.set(row.id, { ...row, address: row.address, byMessageId });
  }
  if (traced.size > 0 || relayId === null || relayId.length < shortestRelayId) return [...traced.values()];
  for (const address of addresses) {
    const row = await deliveries(tx)
      .innerJoin('subscriber', 'subscriber.id', 'delivery.subscriber_id')
      .where('subscriber.address_key', '=', addressKey(keys, address))
      .where(sql<boolean>`instr(delivery.reply, ${relayId}) > 0`)
      .executeTakeFirst();
    if (row && row.address !== null) traced.set(row.id, { ...row, address: row.address, byMessageId: false });
  }
  return [...traced.values()];
}

const shortestRelayId = 8;

function deliveries(tx: Kysely<Schema>) {
  return tx
    .selectFrom('delivery')
    .innerJoin('edition', 'edition.id', 'delivery.edition_id')
    .select([
      'delivery.id',
      'delivery.edition_id',
      'edition.newsletter',
      'delivery.subscriber_id',
      'delivery.address',
      'delivery.address_key',
    ]);
}

/** What came back proves that the relay had taken it, so a delivery in doubt is settled; the worst that is known stays. */
async function settleDelivery(tx: Kysely<Schema>, id: number, outcome: DeliveryOutcome, now: Instant): Promise<void> {
  await tx
    .updateTable('delivery')
    .set({ state: 'sent', reason: null, lease_token: null, updated_at: now })
    .where('id', '=', id)
    .where('state', '=', 'in_doubt')
    .execute();
  const known = await tx
    .selectFrom('delivery')
    .select(['edition_id', 'outcome'])
    .where('id', '=', id)
    // A report may be here before the answer that it follows is written down.
    .where('state', 'in', ['sent', 'attempting'])
    .executeTakeFirst();
  if (!known || severity(known.outcome) >= severity(outcome)) return;
  await tx.updateTable('delivery').set({ outcome }).where('id', '=', id).execute();
  await count(tx, known.edition_id, known.outcome, -1);
  await count(tx, known.edition_id, outcome, 1);
}

function severity(outcome: string | null): number {
  return [null, 'accepted', 'bounced', 'complained'].indexOf(outcome);
}

/** Keeps the sums of what came back. */
async function count(tx: Kysely<Schema>, editionId: string, outcome: string | null, by: number): Promise<void> {
  if (outcome !== 'bounced' && outcome !== 'complained') return;
  await sql`
    insert into edition_return (edition_id, outcome, count) values (${editionId}, ${outcome}, ${by})
    on conflict (edition_id, outcome) do update set count = count + ${by}`.execute(tx);
}

function ignored(note: string): AppliedArrival {
  return { state: 'ignored', note, deliveries: [] };
}

function untraced(): AppliedArrival {
  return ignored('It names no delivery of this publication, or not in a way that proves it; nothing follows from it.');
}
