import type { Kysely } from 'kysely';
import { type Edition, type NewEdition, pendingEditionStates } from '../../digest/index.ts';
import { AppError } from '../../errors.ts';
import type { Schema } from '../database/schema.ts';
import { editionOf, isDraft, isPending } from './edition-row.ts';

export async function findOpenIn(
  db: Kysely<Schema>,
  newsletter: string,
  rhythm: string,
  isOfKind: typeof isDraft | typeof isPending,
): Promise<Edition | null> {
  const row = await db
    .selectFrom('edition')
    .selectAll()
    .where('newsletter', '=', newsletter)
    .where('rhythm', '=', rhythm)
    .where(isOfKind)
    .executeTakeFirst();
  return row ? editionOf(row) : null;
}

/** Throws `conflict` where an edition of this state would be the second draft, or the second that is pending. */
export async function refuseSecond(
  tx: Kysely<Schema>,
  { newsletter, rhythm = 'each', state }: Pick<NewEdition, 'newsletter' | 'rhythm' | 'state'>,
): Promise<void> {
  const isOfKind = state === 'draft' ? isDraft : pendingEditionStates.includes(state) ? isPending : null;
  const other = isOfKind && (await findOpenIn(tx, newsletter, rhythm, isOfKind));
  if (!other) return;
  const who = other.openedBy === null ? '' : `, asked for by ${other.openedBy.name}`;
  throw new AppError(
    'conflict',
    `${newsletter} already has an edition that is ${other.state}: ${other.id}${who}. Wait for it, or cancel it first.`,
  );
}
