import { type Kysely, sql } from 'kysely';
import type { Instant } from '../clock.ts';
import type { ArrivalTrace, MailTokens, TokenSubject } from '../delivery/index.ts';
import { addressKey, type Keys, type LetterKind } from '../subscribers/index.ts';
import type { Schema } from './schema.ts';

export interface TraceTools {
  readonly tx: Kysely<Schema>;
  readonly keys: Keys;
  readonly tokens: MailTokens;
}

/** A mail that an arrival is about, beyond doubt. */
export type Traced = {
  readonly id: number;
  readonly subscriberId: number | null;
  readonly address: string;
  readonly addressKey: string;
  /** Whether nothing but its Message-ID says so. */
  readonly byMessageId: boolean;
} & (
  | { readonly of: 'delivery'; readonly editionId: string; readonly newsletter: string }
  | { readonly of: 'letter'; readonly kind: LetterKind; readonly createdAt: Instant }
);

/** Shorter ones may stand in an answer by chance. */
const shortestRelayId = 8;

/** By genuine tokens; else by the relay's own id in the answer that was kept, where the address is told as well. */
export async function findTraced(
  tools: TraceTools,
  { tokens: found, relayId }: ArrivalTrace,
  addresses: readonly string[],
): Promise<Traced[]> {
  const traced = new Map<string, Traced>();
  for (const token of found) {
    const mail = await findMail(tools.tx, token.of, sql`mail.id = ${token.id}`);
    if (mail === null || !tools.tokens.isGenuine(token, subjectOf(mail))) continue;
    const name = `${mail.of} ${mail.id}`;
    const byMessageId = token.purpose === 'message' && traced.get(name)?.byMessageId !== false;
    traced.set(name, { ...mail, byMessageId });
  }
  if (traced.size > 0 || relayId === null || relayId.length < shortestRelayId) return [...traced.values()];
  for (const address of addresses) {
    const key = addressKey(tools.keys, address);
    const isAnswered = sql`instr(mail.reply, ${relayId}) > 0`;
    const mail =
      (await findMail(
        tools.tx,
        'delivery',
        sql`mail.subscriber_id = (select id from subscriber where address_key = ${key}) and ${isAnswered}`,
      )) ?? (await findMail(tools.tx, 'letter', sql`mail.address_key = ${key} and ${isAnswered}`));
    if (mail !== null) traced.set(`${mail.of} ${mail.id}`, { ...mail, byMessageId: false });
  }
  return [...traced.values()];
}

function subjectOf(mail: Traced): TokenSubject {
  const { id, address } = mail;
  return mail.of === 'delivery'
    ? { deliveryId: id, editionId: mail.editionId, address }
    : { letterId: id, createdAt: mail.createdAt, address };
}

/** One whose reader is erased has no address and isn't found. */
async function findMail(
  tx: Kysely<Schema>,
  of: Traced['of'],
  condition: ReturnType<typeof sql>,
): Promise<Traced | null> {
  const columns = sql`mail.id, mail.subscriber_id as "subscriberId", mail.address, mail.address_key as "addressKey"`;
  const isOne = sql`mail.address is not null and ${condition} limit 1`;
  const { rows } = await (of === 'delivery'
    ? sql<Traced>`select 'delivery' as of, ${columns}, mail.edition_id as "editionId", edition.newsletter
        from delivery as mail join edition on edition.id = mail.edition_id where ${isOne}`
    : sql<Traced>`select 'letter' as of, ${columns}, mail.kind, mail.created_at as "createdAt"
        from letter as mail where ${isOne}`
  ).execute(tx);
  return rows[0] ?? null;
}
