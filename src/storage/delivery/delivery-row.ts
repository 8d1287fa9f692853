import type { Selectable } from 'kysely';
import type {
  Delivery,
  DeliveryOutcome,
  DeliveryReason,
  DeliveryState,
  Phase,
  ReplyClass,
} from '../../delivery/index.ts';
import type { DeliveryTable } from '../tables/delivery.ts';

/** The delivery of a row. Only this program writes the columns, so their words are trusted. */
export function deliveryOf(row: Selectable<DeliveryTable>): Delivery {
  return {
    id: row.id,
    editionId: row.edition_id,
    subscriberId: row.subscriber_id,
    address: row.address,
    lang: row.lang,
    variant: row.variant,
    state: row.state as DeliveryState,
    reason: row.reason as DeliveryReason | null,
    attempts: row.attempts,
    notBefore: row.not_before,
    reply: row.reply,
    replyClass: row.reply_class as ReplyClass | null,
    phase: row.phase as Phase | null,
    messageId: row.message_id,
    outcome: row.outcome as DeliveryOutcome | null,
    attemptedAt: row.attempted_at,
    updatedAt: row.updated_at,
  };
}
