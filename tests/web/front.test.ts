import { describe, expect, it } from 'vitest';
import { arrangeFront } from '../../src/web/pages/front.ts';
import { articleOf } from '../support/feed-fixtures.ts';

const day = (number: number): string => `2023-04-${String(number).padStart(2, '0')}T10:00:00.000Z`;

function newestFirst(count: number, countries: readonly string[] = ['armenia']) {
  return Array.from({ length: count }, (_, index) =>
    articleOf({ slug: `story-${index}`, date: day(28 - index), countries: [...countries] }),
  );
}

describe('arrangeFront', () => {
  it('leads with the newest breaking story, then the newest lead, then the newest that is no brief', () => {
    const plain = newestFirst(4);
    const brief = articleOf({ slug: 'brief', date: day(30), priority: 'brief' });
    const lead = articleOf({ slug: 'lead', date: day(20), priority: 'lead' });
    const breaking = articleOf({ slug: 'breaking', date: day(19), priority: 'breaking' });
    expect(arrangeFront([brief, ...plain]).lead?.slug).toBe('story-0');
    expect(arrangeFront([...plain, lead]).lead).toBe(lead);
    expect(arrangeFront([...plain, lead, breaking]).lead).toBe(breaking);
    expect(arrangeFront([brief]).lead).toBe(brief);
    expect(arrangeFront([]).lead).toBeNull();
  });

  it('does not lead with a story that was marked long ago', () => {
    const old = articleOf({ slug: 'old', date: day(1), priority: 'lead' });
    expect(arrangeFront([...newestFirst(14), old]).lead?.slug).toBe('story-0');
  });

  it('shows no story twice outside the list as it came in', () => {
    const articles = [
      ...newestFirst(10),
      articleOf({ slug: 'pair', countries: ['georgia', 'armenia'], date: day(5) }),
      articleOf({ slug: 'three', countries: ['georgia', 'armenia', 'iran'], date: day(4) }),
      articleOf({ slug: 'none', countries: [], date: day(3) }),
      articleOf({ slug: 'short', priority: 'brief', date: day(2) }),
    ];
    const front = arrangeFront(articles);
    const shown = [front.lead, ...front.seconds, ...front.briefs, ...front.sections.flatMap((each) => each.articles)];
    expect(new Set(shown).size).toBe(shown.length);
    expect(front.sections.map((section) => section.countries)).toEqual([['armenia'], []]);
    expect(front.sections[1]?.articles.map(({ slug }) => slug)).toEqual(['pair', 'three', 'none']);
  });

  it('gives two countries together a section of their own from two stories on, in whatever order they are named', () => {
    const front = arrangeFront([
      ...newestFirst(3),
      articleOf({ slug: 'a', countries: ['georgia', 'armenia'], date: day(9) }),
      articleOf({ slug: 'b', countries: ['armenia', 'georgia'], date: day(8) }),
    ]);
    expect(front.sections.map((section) => section.countries)).toEqual([['armenia', 'georgia']]);
  });

  it('orders sections by their newest story and puts what crosses borders last', () => {
    const front = arrangeFront([
      ...newestFirst(3, ['iran']),
      articleOf({ slug: 'wide', countries: ['a', 'b', 'c'], date: day(12) }),
      articleOf({ slug: 'g', countries: ['georgia'], date: day(11) }),
      articleOf({ slug: 'a', countries: ['armenia'], date: day(10) }),
    ]);
    expect(front.sections.map((section) => section.countries)).toEqual([['georgia'], ['armenia'], []]);
  });
});
