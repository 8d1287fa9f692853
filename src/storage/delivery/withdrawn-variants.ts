import { sql } from 'kysely';

/** Of a delivery: that its variant holds no article that was withdrawn. */
export const holdsNothingWithdrawn = sql<boolean>`not exists (
  select 1 from edition_withdrawal as gone where gone.edition_id = delivery.edition_id and gone.variant = delivery.variant)`;
