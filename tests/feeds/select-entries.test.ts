import { describe, expect, it } from 'vitest';
import { selectEntries } from '../../src/feeds/select-entries.ts';
import { articleOf, noon } from '../support/feed-fixtures.ts';

const dates = [
  '2023-04-10T11:00:00.000Z',
  '2023-04-08T00:00:00.000Z',
  '2023-04-07T12:00:00.000Z',
  '2023-04-01T00:00:00.000Z',
  '2023-03-01T00:00:00.000Z',
];
const articles = dates.map((date, index) => articleOf({ slug: `s${index}`, date }));
const select = (items: number, days: number): string[] =>
  selectEntries(articles, { items, days }, noon).map((article) => article.slug);

describe('selectEntries', () => {
  it('takes at least so many', () => {
    expect(select(4, 0)).toEqual(['s0', 's1', 's2', 's3']);
    expect(select(50, 0)).toHaveLength(5);
  });

  it('takes all of the last days, the limit’s own instant included', () => {
    expect(select(1, 3)).toEqual(['s0', 's1', 's2']);
    expect(select(0, 400)).toHaveLength(5);
  });

  it('takes nothing from nothing', () => {
    expect(selectEntries([], { items: 50, days: 3 }, noon)).toEqual([]);
  });
});
