import type { Kysely } from 'kysely';
import { type Edition, type EditionState, type NewEdition, pendingEditionStates } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import type { Rhythm } from '../subscribers/index.ts';
import { editionOf } from './edition-row.ts';
import type { Schema } from './schema.ts';

export async function findOpenIn(
  db: Kysely<Schema>,
  newsletter: string,
  rhythm: Rhythm,
  states: readonly EditionState[],
): Promise<Edition | null> {
  const row = await db
    .selectFrom('edition')
    .selectAll()
    .where('newsletter', '=', newsletter)
    .where('rhythm', '=', rhythm)
    .where('state', 'in', [...states])
    .executeTakeFirst();
  return row ? editionOf(row) : null;
}

/** Throws `conflict` where an edition of this state would be the second draft, or the second that is pending. */
export async function refuseSecond(
  tx: Kysely<Schema>,
  { newsletter, rhythm = 'each', state }: Pick<NewEdition, 'newsletter' | 'rhythm' | 'state'>,
): Promise<void> {
  const states = [pendingEditionStates, ['draft'] as const].find((alike) => alike.includes(state));
  const other = states && (await findOpenIn(tx, newsletter, rhythm, states));
  if (!other) return;
  const who = other.openedBy === null ? '' : `, asked for by ${other.openedBy.name}`;
  throw new AppError(
    'conflict',
    `${newsletter} already has an edition that is ${other.state}: ${other.id}${who}. Wait for it, or cancel it first.`,
  );
}
