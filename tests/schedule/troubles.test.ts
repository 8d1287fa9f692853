import { describe, expect, it } from 'vitest';
import type { Edition, EditionCounts } from '../../src/digest/index.ts';
import { findTroubles, findWaiting, troublesOf } from '../../src/schedule/troubles.ts';
import { editionOf, noCounts } from '../support/edition-fixtures.ts';

const edition = editionOf({ transport: 'outbox', frozenAt: '2026-11-27T03:00:00.000Z' });
const kinds = (changes: Partial<Edition>, counts: Partial<EditionCounts>): string[] =>
  troublesOf({ ...edition, ...changes }, { ...noCounts, ...counts }).map(({ kind }) => kind);

describe('troublesOf', () => {
  it('names a held edition with why and what to do', () => {
    expect(troublesOf({ ...edition, state: 'held', reason: 'missed', frozenAt: null }, noCounts)).toEqual([
      {
        kind: 'held',
        editionId: edition.id,
        about: 'missed',
        sentence: `${edition.id} is held: its time was missed by more than its grace.`,
        whatToDo: `silkpost editions approve ${edition.id} lets it go, cancel gives it up.`,
      },
    ]);
  });

  it('tells of an edition that relays had paused, not of one that a person paused', () => {
    expect(kinds({ state: 'paused', reason: 'sender_faults' }, {})).toEqual(['paused']);
    expect(kinds({ state: 'paused', reason: 'operator' }, {})).toEqual([]);
  });

  it('finds nothing in an edition that goes well', () => {
    expect(kinds({}, { sent: 990, failed: 10, deferred: 5 })).toEqual([]);
    expect(kinds({ state: 'sent' }, { sent: 99, failed: 1 })).toEqual([]);
  });

  it('finds more than one in a hundred failed: once there are a hundred answers, or at the end', () => {
    expect(kinds({}, { sent: 10, failed: 1 })).toEqual([]);
    expect(kinds({}, { sent: 98, failed: 2 })).toEqual(['failing']);
    expect(kinds({ state: 'sent' }, { sent: 10, failed: 1 })).toEqual(['failing']);
  });

  it('tells of what is in doubt again when it has doubled', () => {
    const about = (count: number) => troublesOf(edition, { ...noCounts, in_doubt: count })[0]?.about;
    expect([1, 2, 3, 4, 7, 8].map(about)).toEqual(['1', '2', '2', '4', '4', '8']);
  });
});

describe('an edition whose relay can’t be used', () => {
  const relay = 'smtp://relay.example:587';
  const waiting: Edition = { ...edition, transport: relay };
  const at = (time: string) => `2026-11-27T${time}:00.000Z`;
  const trouble = { relay, since: at('02:00'), at: at('03:09'), said: 'The relay can’t be used.' };
  const told = (now: string, one = waiting, relays = [trouble]) =>
    findTroubles({ listEditions: async () => [one], getCounts: async () => noCounts }, relays, now);

  it('is told of once it has waited for ten minutes', async () => {
    expect(await told(at('03:09'))).toEqual([]);
    expect(await told(at('03:10'))).toMatchObject([
      {
        kind: 'relay',
        editionId: edition.id,
        sentence: `${edition.id} has waited for its relay since ${at('03:00')}: The relay can’t be used.`,
      },
    ]);
  });

  it('waits for nothing that was before it, or that is another relay’s, or once it isn’t being sent', () => {
    expect(findWaiting(waiting, [trouble])).toEqual({ since: at('03:00'), said: 'The relay can’t be used' });
    expect(findWaiting(waiting, [{ ...trouble, at: at('02:59') }])).toBeNull();
    expect(findWaiting(edition, [trouble])).toBeNull();
    expect(findWaiting({ ...waiting, state: 'held' }, [trouble])).toBeNull();
  });
});
