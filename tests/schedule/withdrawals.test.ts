import { describe, expect, it } from 'vitest';
import type { NoticeEvent } from '../../src/operators/index.ts';
import { createWithdrawals } from '../../src/schedule/index.ts';
import { fixedClock } from '../support/fixed-clock.ts';

describe('createWithdrawals', () => {
  it('tells operators how many readers go without an edition, and what they can do', async () => {
    const told: NoticeEvent[] = [];
    const heed = createWithdrawals({
      ledger: {
        heedWithdrawn: async (langOf) =>
          [...langOf].map(([, lang]) => ({ editionId: `weekly-${lang}`, readers: 1200 })),
      },
      published: () => ({ withdrawn: [{ id: 'urn:x', lang: 'fa' }] }),
      clock: fixedClock('2026-11-27T03:00:00.000Z'),
      tell: async (event) => void told.push(event),
    });
    await heed();
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ kind: 'withdrawn', editionId: 'weekly-fa' });
    expect(told[0]?.sentence).toBe('An article in weekly-fa was withdrawn: 1200 readers of it go without the edition.');
    expect(told[0]?.whatToDo).toContain('editions retry weekly-fa --missing');
  });
});
