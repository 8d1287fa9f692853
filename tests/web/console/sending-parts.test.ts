import { describe, expect, it } from 'vitest';
import { groupRefusals } from '../../../src/delivery/index.ts';
import type { EditionState } from '../../../src/digest/index.ts';
import { createLiveProgress } from '../../../src/web/console/sending/live-progress.ts';
import { numberWords } from '../../../src/web/console/sending/number-words.ts';
import { createProgressLook, type Progress, secondsLeft } from '../../../src/web/console/sending/progress.ts';
import { editionOf, noCounts } from '../../support/edition-fixtures.ts';
import { fixedClock } from '../../support/fixed-clock.ts';

const now = '2026-11-27T03:00:00.000Z';
const counts = { ...noCounts, candidates: 100, queued: 100 };
const edition = editionOf({
  id: 'weekly-1',
  key: '1',
  trigger: 'manual',
  dueAt: now,
  cutoff: now,
  transport: 'outbox',
  frozenAt: now,
});

describe('numberWords', () => {
  it('says a number so that a nought too many is heard', () => {
    const numbers = [0, 1, 19, 20, 42, 100, 101, 999, 1000, 1007, 4812, 48_120, 100_000, 1_000_000, 1_234_567];
    expect(numbers.map(numberWords)).toEqual([
      'no',
      'one',
      'nineteen',
      'twenty',
      'forty-two',
      'one hundred',
      'one hundred and one',
      'nine hundred and ninety-nine',
      'one thousand',
      'one thousand and seven',
      'four thousand eight hundred and twelve',
      'forty-eight thousand one hundred and twenty',
      'one hundred thousand',
      'one million',
      'one million two hundred and thirty-four thousand five hundred and sixty-seven',
    ]);
  });
});

describe('groupRefusals', () => {
  it('puts what is said alike by a domain together, with its newest words but no reader’s address, the most frequent first', () => {
    const refusal = (domain: string, reply: string | null) =>
      ({ state: 'failed', domain, class: reply === null ? null : 'address_gone', reply }) as const;
    expect(
      groupRefusals([
        refusal('b.test', '550 newest'),
        refusal('a.test', '550 <ann@a.test>: gone'),
        refusal('b.test', '550 older'),
        refusal('c.test', null),
      ]),
    ).toEqual([
      { class: 'address_gone', domain: 'b.test', count: 2, reply: '550 newest' },
      { class: 'address_gone', domain: 'a.test', count: 1, reply: '550 <(an address)>: gone' },
    ]);
  });
});

describe('createProgressLook', () => {
  it('knows the rate of the last half minute from look to look, and what is left at it', async () => {
    const clock = fixedClock(now);
    let sent = 0;
    const look = createProgressLook(
      {
        editions: {
          findEdition: async () => edition,
          getCounts: async () => ({ ...counts, sent, queued: 100 - sent }),
          listDomainCounts: async () => [],
        },
        records: { listRefusals: async () => [] },
        troubles: { listTroubles: async () => [], listClosed: async () => [] },
      },
      clock,
    );
    expect((await look('weekly-1')).perSecond).toBeNull();
    clock.set('2026-11-27T03:00:10.000Z');
    sent = 20;
    const second = await look('weekly-1');
    expect([second.perSecond, secondsLeft(second)]).toEqual([2, 40]);
    clock.set('2026-11-27T03:00:40.000Z');
    sent = 50;
    // The first look is older than that.
    expect((await look('weekly-1')).perSecond).toBe(1);
  });
});

describe('createLiveProgress', () => {
  it('looks once for all who watch an edition, and not at all once nobody does', async () => {
    let looks = 0;
    let state: EditionState = 'sending';
    const live = createLiveProgress(async (): Promise<Progress> => {
      looks += 1;
      return {
        at: now,
        edition: { ...edition, state },
        counts,
        domains: [],
        relays: [],
        closed: [],
        refusals: [],
        perSecond: null,
      };
    });
    const leaving = new AbortController();
    const told: string[] = [];
    const first = live.follow('weekly-1', () => leaving.abort(), leaving.signal);
    const second = live.follow(
      'weekly-1',
      (progress) => told.push(progress.edition.state),
      new AbortController().signal,
    );
    await first;
    expect(looks).toBe(1);
    state = 'sent';
    await second;
    expect(told).toEqual(['sending', 'sent']);
    expect(looks).toBe(2);
  });
});
