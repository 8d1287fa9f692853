import { describe, expect, it } from 'vitest';
import { publishedCatalog } from '../../src/content/index.ts';
import {
  type Arrangement,
  type ArrangementEdit,
  editArrangement,
  selectStories,
  unarranged,
} from '../../src/digest/index.ts';
import { storyArticle, weekly } from '../support/story-fixtures.ts';

const now = '2026-11-27T03:00:00.000Z';
const articles = ['a', 'b', 'c', 'd'].map((slug, index) =>
  storyArticle({ slug, title: slug.toUpperCase(), date: `2026-11-25T1${9 - index}:00:00.000Z` }),
);
const keyOf = (slug: string): string => `tag:dispatch.example,2023:en/${slug}`;

function selectionFor(arrangement: Arrangement) {
  const published = publishedCatalog({ articles, problems: [] }, ['en'], now);
  return selectStories(published, weekly, { usedStories: new Set(), lastCutoff: null, now, arrangement });
}

/** Does one thing after the other; the slugs that the edition holds then, and what was said of each. */
function doing(...edits: ArrangementEdit[]) {
  let arrangement = unarranged;
  const said: (string | null)[] = [];
  for (const edit of edits) {
    const edited = editArrangement(arrangement, selectionFor(arrangement), edit, 'Ana');
    said.push(edited?.what ?? null);
    arrangement = edited?.arrangement ?? arrangement;
  }
  return { slugs: selectionFor(arrangement).chosen.map(({ story }) => story.original.slug), said, arrangement };
}

const edit = (kind: 'leave_out' | 'bring_back' | 'pin' | 'unpin' | 'up' | 'down', slug: string) => ({
  kind,
  key: keyOf(slug),
});

describe('editArrangement', () => {
  it('leaves a story out by name and brings it back to its place', () => {
    expect(doing(edit('leave_out', 'b'))).toMatchObject({ slugs: ['a', 'c', 'd'], said: ['left out “B”'] });
    expect(doing(edit('leave_out', 'b'), edit('bring_back', 'b'))).toMatchObject({
      slugs: ['a', 'b', 'c', 'd'],
      arrangement: unarranged,
    });
  });

  it('moves stories by one place, and none past the end', () => {
    expect(doing(edit('up', 'c'))).toMatchObject({ slugs: ['a', 'c', 'b', 'd'], said: ['moved “C” up'] });
    expect(doing(edit('down', 'a'), edit('down', 'a')).slugs).toEqual(['b', 'c', 'a', 'd']);
    expect(doing(edit('up', 'a')).said).toEqual([null]);
  });

  it('pins stories at the top in the order in which that was done, and moves them among themselves only', () => {
    expect(doing(edit('pin', 'd'), edit('pin', 'c')).slugs).toEqual(['d', 'c', 'a', 'b']);
    expect(doing(edit('pin', 'd'), edit('pin', 'c'), edit('up', 'c')).slugs).toEqual(['c', 'd', 'a', 'b']);
    expect(doing(edit('pin', 'd'), edit('up', 'a')).said).toEqual(['pinned “D”', null]);
    expect(doing(edit('pin', 'd'), edit('unpin', 'd')).arrangement).toEqual(unarranged);
  });

  it('takes a pin off what is left out, and brings back what is pinned', () => {
    expect(doing(edit('pin', 'd'), edit('leave_out', 'd')).slugs).toEqual(['a', 'b', 'c']);
    expect(doing(edit('leave_out', 'd'), edit('pin', 'd'))).toMatchObject({
      slugs: ['d', 'a', 'b', 'c'],
      arrangement: { leftOut: [] },
    });
  });

  it('takes the pin off a story that was withdrawn meanwhile', () => {
    const arrangement = { ...unarranged, pinned: [keyOf('gone')] };
    const selection = selectionFor(arrangement);
    expect(selection.gone).toEqual([keyOf('gone')]);
    expect(editArrangement(arrangement, selection, edit('unpin', 'gone'), 'Ana')?.arrangement).toEqual(unarranged);
    expect(editArrangement(arrangement, selection, edit('pin', 'gone'), 'Ana')).toBeNull();
  });

  it('says which texts were changed', () => {
    const texts = (subjects: Record<string, string>) => ({ kind: 'texts', subjects, preheaders: {} }) as const;
    expect(doing(texts({ en: 'Hello' }), texts({ en: 'Hello', fa: 'سلام' }), texts({ fa: 'سلام' })).said).toEqual([
      'changed the subject (en)',
      'changed the subject (fa)',
      'changed the subject (en)',
    ]);
    expect(doing(texts({})).said).toEqual([null]);
  });
});
