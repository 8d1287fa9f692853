import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toInstant } from '../../../src/clock.ts';
import {
  type ArchiveSlot,
  countParts,
  listPart,
  listRecent,
  listSlots,
} from '../../../src/feeds/archive/archive-parts.ts';
import { articleOf, noon } from '../../support/feed-fixtures.ts';

const start = Date.parse('2023-01-01T00:00:00.000Z');

/** Published a minute after one another. */
function slotsOf(count: number): ArchiveSlot[] {
  return Array.from({ length: count }, (_, index) => {
    const publishedAt = toInstant(start + index * 60_000);
    return { id: `tag:dispatch.example,2023:en/${index}`, lang: 'en', publishedAt, archiveDate: publishedAt };
  });
}

const ids = (slots: readonly ArchiveSlot[]): string[] => slots.map(({ id }) => id);

describe('listSlots', () => {
  it('orders all that were ever published in a language by first publication, date and id', () => {
    const [early, late] = ['2023-04-09T14:30:00.000Z', noon];
    const articles = [
      articleOf({ id: 'e', publishedAt: late, date: early }),
      articleOf({ id: 'd', publishedAt: early, date: late }),
      articleOf({ id: 'c', publishedAt: early, date: early, status: 'withdrawn' }),
      articleOf({ id: 'b', publishedAt: early, date: early, status: 'draft' }),
      articleOf({ id: 'a', publishedAt: null, status: 'draft' }),
      articleOf({ id: 'f', publishedAt: early, lang: 'fa' }),
    ];
    expect(ids(listSlots(articles, 'en'))).toEqual(['b', 'c', 'd', 'e']);
    expect(ids(listSlots(articles, 'fa'))).toEqual(['f']);
    expect(articles[0]?.id).toBe('e');
  });
});

describe('listPart', () => {
  it('holds fifty each from the oldest, and only full parts', () => {
    const slots = slotsOf(149);
    expect(countParts(slots)).toBe(2);
    expect(ids(listPart(slots, 1))).toEqual(ids(slots.slice(0, 50)));
    expect(ids(listPart(slots, 2))).toEqual(ids(slots.slice(50, 100)));
    expect(ids(listRecent(slots))).toEqual(ids(slots.slice(100)));
    for (const number of [0, -1, 3, 1.5, Number.NaN]) expect(listPart(slots, number)).toEqual([]);
    expect(countParts(slotsOf(49))).toBe(0);
    expect(listRecent(slotsOf(50))).toEqual([]);
  });

  it('never loses or gains a member, whatever is published later, and in whatever order articles come', () => {
    const counts = fc.tuple(fc.nat({ max: 260 }), fc.nat({ max: 120 }));
    fc.assert(
      fc.property(counts, fc.infiniteStream(fc.nat()), ([before, more], order) => {
        const all = slotsOf(before + more);
        const shuffled = all
          .map((slot) => ({ slot, at: order.next().value ?? 0 }))
          .sort((a, b) => a.at - b.at)
          .map(({ slot }) => slot);
        const [older, newer] = [listSlots(slotsOf(before), 'en'), listSlots(shuffled, 'en')];
        for (let part = 1; part <= countParts(older); part++) {
          expect(listPart(newer, part)).toEqual(listPart(older, part));
        }
        const held = Array.from({ length: countParts(newer) }, (_, index) => ids(listPart(newer, index + 1))).flat();
        expect([...held, ...ids(listRecent(newer))]).toEqual(ids(all));
      }),
      { numRuns: 50 },
    );
  });
});
