import type { App } from '../../src/app.ts';
import { plusMs, systemClock } from '../../src/clock.ts';
import type { Edition } from '../../src/digest/index.ts';

/**
 * A draft of the weekly edition, in place of the one that there is.
 *
 * @param number Another each time: no two editions have the same time.
 */
export async function openFreshDraft({ editions }: App, number: number): Promise<Edition> {
  const draft = await editions.findDraft('weekly');
  if (draft) await editions.moveEdition(draft.id, 'cancelled', { now: systemClock.now() });
  const opened = await editions.createEdition({
    newsletter: 'weekly',
    dueAt: plusMs('2030-01-04T03:00:00.000Z', number * 86_400_000),
    trigger: 'schedule',
    selection: { since: null, slugs: null },
    state: 'draft',
    reason: null,
    now: systemClock.now(),
    key: 'once',
  });
  if (opened === null) throw new Error('no draft');
  return opened;
}
