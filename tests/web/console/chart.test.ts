import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeChart, lineChart, niceScale } from '../../../src/web/console/html/chart.ts';

const text = { id: 'readers', title: 'Readers <of> the week', summary: 'From 1 to 3.' };
const day = (index: number): string => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);

describe('niceScale', () => {
  it('holds every value, in whole steps, few enough to be read', () => {
    const value = fc.integer({ min: 0, max: 5_000_000 });
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [least, most] = [Math.min(one, other), Math.max(one, other)];
        const { steps, share } = niceScale(least, most);
        expect(steps.length).toBeGreaterThanOrEqual(2);
        expect(steps.length).toBeLessThanOrEqual(6);
        expect(steps.every(Number.isInteger)).toBe(true);
        for (const each of [least, most]) {
          expect(share(each)).toBeGreaterThanOrEqual(0);
          expect(share(each)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('begins at nought unless all values are far from it', () => {
    expect(niceScale(2, 10).steps[0]).toBe(0);
    expect(niceScale(9800, 10_000).steps[0]).toBeGreaterThan(9000);
  });
});

describe('lineChart', () => {
  it('is told in words, marks first, middle and last day, and stays within its ground', async () => {
    const days = [1, 3, 2].map((value, index) => ({ day: day(index), value }));
    const drawn = String(await lineChart(text, days));
    expect(drawn).toContain('<title id="readers-title">Readers &lt;of&gt; the week</title>');
    expect(drawn).toContain('<desc id="readers-desc">From 1 to 3.</desc>');
    expect(drawn).toContain('<span>1 Jan</span><span>2 Jan</span><span>3 Jan</span>');
    expect(drawn).toContain('d="M0 66.67L50 0L100 33.33"');
    expect(drawn).not.toMatch(/style=|NaN|Infinity/);
  });

  it('draws one day, and days without a reader', async () => {
    expect(String(await lineChart(text, [{ day: day(0), value: 5 }]))).not.toMatch(/NaN|Infinity/);
    const none = [0, 0].map((value, index) => ({ day: day(index), value }));
    expect(String(await lineChart(text, none))).toContain('d="M0 100L100 100"');
  });
});

describe('changeChart', () => {
  it('draws who came above the line and who left below it, and nothing where nothing happened', async () => {
    const days = [
      { day: day(0), up: 4, down: 0 },
      { day: day(1), up: 0, down: 2 },
      { day: day(2), up: 0, down: 0 },
    ];
    const drawn = String(await changeChart(text, days));
    expect(drawn).toContain('<rect class="up" x="5" y="2" width="23.33" height="48"/>');
    expect(drawn).toContain('<rect class="down" x="38.33" y="50" width="23.33" height="24"/>');
    expect(drawn.match(/<rect/g)).toHaveLength(2);
  });
});
