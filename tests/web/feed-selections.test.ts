import { describe, expect, it } from 'vitest';
import { createFeedSelections } from '../../src/web/feed-selections.ts';
import { articleOf, catalogOf, noon, siteOf } from '../support/feed-fixtures.ts';
import { fixedClock } from '../support/fixed-clock.ts';

describe('createFeedSelections', () => {
  it('looks through the articles only where a document is to be made, once for all formats', async () => {
    const published = catalogOf([articleOf({ slug: 'a', countries: ['armenia'] })]);
    let looks = 0;
    const printed: object[] = [];
    const select = createFeedSelections({
      site: siteOf(),
      options: { items: 50, days: 3, maxAge: 900, hubs: [] },
      clock: fixedClock(noon),
      published: () => ({
        ...published,
        inLanguage(lang) {
          looks += 1;
          return published.inLanguage(lang);
        },
      }),
      async printOnDemand(feed) {
        printed.push(feed);
        throw new Error('Nothing is printed here.');
      },
    });
    const selected = select('en', 'country=armenia');
    if (selected.kind !== 'selection') throw new Error(selected.kind);
    expect(looks).toBe(0);
    await expect(selected.print('rss')).rejects.toThrow('Nothing is printed here.');
    expect([looks, printed.length]).toEqual([1, 1]);
  });
});
