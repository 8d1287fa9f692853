import { describe, expect, it } from 'vitest';
import { type ArticleState, articleStateAt, articleTransitions, type DeclaredStatus } from '../../src/content/index.ts';
import { articleOf } from '../support/feed-fixtures.ts';

const states: readonly DeclaredStatus[] = ['draft', 'published', 'withdrawn'];
const times = ['2026-11-01T00:00:00.000Z', '2026-11-24T00:00:00.000Z', '2026-12-24T00:00:00.000Z'];

describe('articleStateAt', () => {
  it('counts a published article that is a draft again as withdrawn', () => {
    const seen = articleOf({ status: 'draft', publishedAt: '2026-11-01T00:00:00.000Z' });
    expect(articleStateAt(seen, '2026-11-24T00:00:00.000Z')).toBe('withdrawn');
    expect(articleStateAt({ ...seen, publishedAt: null }, '2026-11-24T00:00:00.000Z')).toBe('draft');
  });

  it('counts a published article that got a date in the future as withdrawn until then', () => {
    const seen = articleOf({ date: '2026-11-25T00:00:00.000Z', publishedAt: '2026-11-01T00:00:00.000Z' });
    expect(articleStateAt(seen, '2026-11-24T23:59:59.999Z')).toBe('withdrawn');
    expect(articleStateAt(seen, '2026-11-25T00:00:00.000Z')).toBe('published');
  });

  it('is scheduled until the very instant of its date', () => {
    const article = articleOf({ status: 'published', date: '2026-11-24T00:00:00.000Z', publishedAt: null });
    expect(articleStateAt(article, '2026-11-23T23:59:59.999Z')).toBe('scheduled');
    expect(articleStateAt(article, '2026-11-24T00:00:00.000Z')).toBe('published');
  });

  it('moves only as the table of transitions allows while time passes and the status is edited', () => {
    for (const from of states) {
      for (const to of states) {
        for (const date of times) {
          const article = articleOf({ status: from, date, publishedAt: null });
          const [now = '', later = ''] = [times[1], times[2]];
          const before: ArticleState = articleStateAt(article, now);
          const publishedAt = before === 'published' ? now : null;
          const after: ArticleState = articleStateAt({ ...article, status: to, publishedAt }, later);
          if (before === 'withdrawn' && after === 'draft') continue; // it never was out, and begins anew
          if (before !== after) expect(articleTransitions[before], `${before} → ${after}`).toContain(after);
        }
      }
    }
  });
});
