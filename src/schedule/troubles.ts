import { type Instant, plusMs } from '../clock.ts';
import type { RelayTrouble } from '../delivery/index.ts';
import {
  type Edition,
  type EditionCounts,
  type EditionState,
  type EditionStore,
  whatToDoAboutHold,
  whyHeld,
} from '../digest/index.ts';
import type { NoticeEvent } from '../operators/index.ts';

const watched: readonly EditionState[] = ['held', 'sending', 'paused', 'sent', 'cancelled'];
/** What was over before that is known, or nobody's business any more. */
const recentMs = 24 * 3_600_000;
/** With fewer answers one in a hundred says nothing yet, while the edition is going out. */
const enoughAnswers = 100;
/** A relay that is restarted, or refuses a new connection for a moment, is nothing to tell of. */
const patienceMs = 10 * 60_000;

/** What the editions that are open, or were until lately, need a person for. */
export async function findTroubles(
  editions: Pick<EditionStore, 'listEditions' | 'getCounts'>,
  relays: readonly RelayTrouble[],
  now: Instant,
): Promise<NoticeEvent[]> {
  const newest = await editions.listEditions({ states: watched, limit: 50 });
  const since = plusMs(now, -recentMs);
  const events: NoticeEvent[] = [];
  for (const edition of newest) {
    if (edition.finishedAt !== null && edition.finishedAt < since) continue;
    events.push(...troublesOf(edition, await editions.getCounts(edition.id)));
    const waiting = findWaiting(edition, relays);
    if (waiting !== null && plusMs(waiting.since, patienceMs) <= now) {
      events.push({
        kind: 'relay',
        editionId: edition.id,
        sentence: `${edition.id} has waited for its relay since ${waiting.since}: ${waiting.said}.`,
        whatToDo: whatToDoAboutRelay,
      });
    }
  }
  return events;
}

/** Since when an edition waits for a relay that can't be used, and what was said at the last try; null: it doesn't. */
export function findWaiting(
  { state, transport, frozenAt }: Edition,
  relays: readonly RelayTrouble[],
): Pick<RelayTrouble, 'since' | 'said'> | null {
  const trouble = relays.find(({ relay }) => relay === transport);
  // One from before this edition says nothing of now: nobody has tried since.
  if (state !== 'sending' || trouble === undefined || frozenAt === null || trouble.at < frozenAt) return null;
  return { since: trouble.since < frozenAt ? frozenAt : trouble.since, said: trouble.said.replace(/\.$/, '') };
}

export const whatToDoAboutRelay =
  'silkpost doctor looks at the relay. It goes on by itself once the relay can be used; at its expiry it is held.';

export function troublesOf(edition: Edition, counts: EditionCounts): NoticeEvent[] {
  const { id: editionId, state, reason, pausedAt } = edition;
  const events: NoticeEvent[] = [];
  if (state === 'held') {
    events.push({
      kind: 'held',
      editionId,
      about: reason ?? '',
      sentence: `${editionId} is held: ${whyHeld(edition)}.`,
      whatToDo: whatToDoAboutHold(edition),
    });
  }
  if (state === 'paused' && reason === 'sender_faults') {
    events.push({
      kind: 'paused',
      editionId,
      // Each pause is news to whoever let the edition go on after the one before.
      about: pausedAt ?? '',
      sentence: `${editionId} is paused: relays find fault with the sender.`,
      whatToDo: `Mend that; silkpost editions show ${editionId} --deliveries says what they answered, editions resume ${editionId} lets it go on.`,
    });
  }
  if (counts.in_doubt > 0) {
    events.push({
      kind: 'in_doubt',
      editionId,
      // Told again when there are twice as many.
      about: String(2 ** Math.floor(Math.log2(counts.in_doubt))),
      sentence:
        counts.in_doubt === 1
          ? `One delivery of ${editionId} is in doubt: its connection or its worker ended before the relay answered.`
          : `${counts.in_doubt} deliveries of ${editionId} are in doubt: their connections or their worker ended before the relay answered.`,
      whatToDo: `silkpost editions show ${editionId} --deliveries lists them. None is sent again by itself.`,
    });
  }
  const answers = counts.sent + counts.failed;
  if (counts.failed * 100 > answers && (answers >= enoughAnswers || state === 'sent')) {
    events.push({
      kind: 'failing',
      editionId,
      sentence: `${counts.failed} of ${answers} deliveries of ${editionId} failed, more than one in a hundred.`,
      whatToDo: `silkpost editions show ${editionId} --deliveries says what the relay answered.`,
    });
  }
  return events;
}
