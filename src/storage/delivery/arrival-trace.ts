import { type Kysely, sql } from 'kysely';
import type { Instant } from '../../clock.ts';
import type { ArrivalTrace, MailTokens, TokenSubject } from '../../delivery/index.ts';
import { addressKey, type Keys, type LetterKind } from '../../subscribers/index.ts';
import type { Schema } from '../database/schema.ts';

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
  /** Whether it went to `address` once and to the reader's new one since: nothing that is known of the later copy changes. */
  readonly isEarlierCopy?: boolean;
} & (
  | { readonly of: 'delivery'; readonly editionId: string; readonly newsletter: string }
  | { readonly of: 'letter'; readonly kind: LetterKind; readonly createdAt: Instant }
);

/** A report tells of one or two; one full of them costs no more than this. */
const mostAddresses = 10;
/** Shorter ones may stand in an answer by chance. */
const shortestRelayId = 8;

/**
 * By genuine tokens; else by the relay's own id in the answer that was kept, where somebody who is believed tells the address.
 *
 * @param addresses Those that the arrival tells of: a copy that went to an address which its reader gave up since is known
 * by its token and that address together, as the token is bound to it.
 */
export async function findTraced(
  tools: TraceTools,
  { tokens: found, relayId }: ArrivalTrace,
  addresses: readonly string[],
  isSigned: boolean,
): Promise<Traced[]> {
  const traced = new Map<string, Traced>();
  for (const token of found) {
    const present = await findMail(tools.tx, token.of, sql`mail.id = ${token.id}`);
    if (present === null) continue;
    const isTo = (address: string): boolean => tools.tokens.isGenuine(token, subjectOf({ ...present, address }));
    const earlier = isTo(present.address) ? null : addresses.slice(0, mostAddresses).find(isTo);
    if (earlier === undefined) continue;
    const mail = earlier === null ? present : earlierCopy(present, earlier, tools.keys);
    const name = `${mail.of} ${mail.id}`;
    const byMessageId = token.purpose === 'message' && traced.get(name)?.byMessageId !== false;
    traced.set(name, { ...mail, byMessageId });
  }
  if (traced.size > 0 || !isSigned || relayId === null || relayId.length < shortestRelayId) return [...traced.values()];
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

function earlierCopy(present: Traced, address: string, keys: Keys): Traced {
  return { ...present, address, addressKey: addressKey(keys, address), isEarlierCopy: true };
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
