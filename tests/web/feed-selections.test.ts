import { describe, expect, it } from 'vitest';
import { createFeedSelections } from '../../src/web/feed-selections.ts';
import { articleOf, catalogOf, noon, siteOf } from '../support/feed-fixtures.ts';
import { fixedClock } from '../support/fixed-clock.ts';

/** Counts how often the articles are looked through; prints nothing. */
function openSelections(countries: number): { looks: number; ask(number: number): Promise<unknown> } {
  const keys = Array.from({ length: countries }, (_, number) => `c${number}`);
  const title = { en: 'A country' };
  const published = catalogOf([articleOf({ slug: 'a', countries: ['c0'] })]);
  const counted = {
    ...published,
    inLanguage(lang: string) {
      counts.looks += 1;
      return published.inLanguage(lang);
    },
  };
  const select = createFeedSelections({
    site: siteOf({ countries: Object.fromEntries(keys.map((key) => [key, { title }])) }),
    options: { items: 50, days: 3, maxAge: 900, hubs: [] },
    clock: fixedClock(noon),
    published: () => counted,
    printOnDemand: () => Promise.reject(new Error('Nothing is printed here.')),
  });
  const counts = {
    looks: 0,
    ask(number: number) {
      const selected = select('en', `country=c${number}`);
      if (selected.kind !== 'selection') throw new Error(selected.kind);
      expect(counts.looks, 'looks before a document is to be made').toBe(before);
      const asked = selected.print('rss').catch(() => undefined);
      before = counts.looks;
      return asked;
    },
  };
  let before = 0;
  return counts;
}

describe('createFeedSelections', () => {
  it('looks through the articles only where a document is to be made, and once for each state of them', async () => {
    const selections = openSelections(1);
    await selections.ask(0);
    await selections.ask(0);
    expect(selections.looks).toBe(1);
  });

  it('remembers a bounded number of selections, and forgets none for one that it knows', async () => {
    const selections = openSelections(65);
    for (let number = 0; number < 64; number++) await selections.ask(number);
    for (let number = 0; number < 64; number++) await selections.ask(number);
    expect(selections.looks).toBe(64);
    await selections.ask(64);
    await selections.ask(0);
    expect(selections.looks).toBe(66);
  });
});
