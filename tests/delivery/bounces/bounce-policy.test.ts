import { describe, expect, it } from 'vitest';
import { type CountedBounce, judgeBounces } from '../../../src/delivery/index.ts';

const on = (day: number, of: CountedBounce['class'] = 'soft'): CountedBounce => ({
  class: of,
  sentAt: new Date(Date.UTC(2026, 10, day, 3)).toISOString(),
});

describe('judgeBounces', () => {
  it('suppresses an address that is gone after one', () => {
    expect(judgeBounces([on(1, 'address_gone')])).toBe('suppress');
  });

  it('suppresses what is slowly gone after two that are three days apart', () => {
    expect(judgeBounces([on(1, 'slowly_gone')])).toBe(null);
    expect(judgeBounces([on(1, 'slowly_gone'), on(3, 'slowly_gone')])).toBe(null);
    expect(judgeBounces([on(4, 'slowly_gone'), on(1, 'slowly_gone')])).toBe('suppress');
    expect(judgeBounces([on(1, 'slowly_gone'), on(4, 'soft')])).toBe(null);
  });

  it('suspends after five bounce-days in thirty that are spread over fourteen', () => {
    expect(judgeBounces([1, 4, 8, 12].map((day) => on(day)))).toBe(null);
    expect(judgeBounces([1, 4, 8, 12, 14].map((day) => on(day)))).toBe(null);
    expect(judgeBounces([1, 4, 8, 12, 15].map((day) => on(day)))).toBe('suspend');
    expect(judgeBounces([15, 1, 8, 4, 12].map((day) => on(day, 'refused')))).toBe('suspend');
  });

  it('counts a day once, and forgets what is older than thirty', () => {
    expect(judgeBounces([1, 1, 1, 15, 15, 15].map((day) => on(day)))).toBe(null);
    expect(judgeBounces([1, 25, 27, 29, 31].map((day) => on(day)))).toBe(null);
    expect(judgeBounces([2, 25, 27, 29, 31].map((day) => on(day)))).toBe('suspend');
  });

  it('finds nothing in nothing', () => {
    expect(judgeBounces([])).toBe(null);
  });
});
