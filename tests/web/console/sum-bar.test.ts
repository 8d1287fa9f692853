import { describe, expect, it } from 'vitest';
import type { EditionCounts } from '../../../src/digest/index.ts';
import { sumBar, sumStrip } from '../../../src/web/console/html/sum-bar.ts';
import { noCounts } from '../../support/edition-fixtures.ts';

const some: EditionCounts = {
  candidates: 12_480,
  excluded: 231,
  queued: 5,
  claimed: 4,
  attempting: 3,
  sent: 11_902,
  deferred: 202,
  failed: 97,
  in_doubt: 1,
  cancelled: 35,
};

describe('sumBar', () => {
  it('tells every part with its number, and the sum under them', async () => {
    const page = String(await sumBar(some, { caption: 'Weekly' }));
    const rows = [...page.matchAll(/<th scope="row">(?:<svg.*?<\/svg>)?([^<]+)<\/th><td class="number">([^<]+)</g)];
    expect(rows.map(([, name, number]) => [name, number])).toEqual([
      ['Sent', '11,902'],
      ['Waiting', '9'],
      ['Under way', '3'],
      ['Put off', '202'],
      ['Failed', '97'],
      ['In doubt', '1'],
      ['Called off', '35'],
      ['Left out', '231'],
      ['All readers', '12,480'],
    ]);
    expect(page).toContain('The 8 rows add up to all readers.');
    expect(page).toContain('The rest, drawn larger: <b>578</b>');
  });

  it('fills both bars to the end, and widens what is too small to be seen', async () => {
    const page = String(await sumBar(some, { caption: 'Weekly' }));
    for (const [bar] of page.matchAll(/<svg class="bar bar-.*?<\/svg>/g)) {
      const pieces = [...bar.matchAll(/<rect class="\w+" x="([\d.]+)%" width="([\d.]+)%"/g)];
      const last = pieces.at(-1);
      expect(Number(last?.[1]) + Number(last?.[2])).toBeCloseTo(100, 1);
      for (const piece of pieces) expect(Number(piece[2])).toBeGreaterThan(0.3);
    }
  });

  it('throws where the parts do not add up', () => {
    expect(() => sumBar({ ...some, sent: 11_901 }, { caption: 'Weekly' })).toThrow('12479, not to its 12480');
    expect(() => sumBar({ ...noCounts, sent: 1, failed: -1 }, { caption: 'Weekly' })).toThrow('add up');
  });

  it('draws no second bar where everything arrived, or nothing did', async () => {
    for (const counts of [
      noCounts,
      { ...noCounts, candidates: 3, sent: 3 },
      { ...noCounts, candidates: 3, queued: 3 },
    ]) {
      expect(String(await sumBar(counts, { caption: 'Weekly' }))).not.toContain('drawn larger');
    }
  });

  it('leads to the readers of a part where told so, and escapes the caption', async () => {
    const linkTo = (part: string): string | null =>
      part === 'failed' ? '/console/editions/e/readers?state=failed' : null;
    const page = String(await sumBar(some, { caption: '<b>', linkTo }));
    expect(page).toContain('<a href="/console/editions/e/readers?state=failed">Failed</a>');
    expect(page.match(/<a /g)).toHaveLength(1);
    expect(page).toContain('&lt;b&gt;');
    expect(page).not.toContain('style=');
  });
});

describe('sumStrip', () => {
  it('says the parts in words beside one bar', async () => {
    expect(String(await sumStrip(some))).toContain('12,480</b> <span class="why">11,902 sent, 9 waiting');
  });
});
