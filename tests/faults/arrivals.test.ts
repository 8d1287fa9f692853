import { describe, expect, it } from 'vitest';
import { tryArrivals } from './arrival-trial.ts';
import { seededRandom } from './seeded-random.ts';

// `ARRIVALS=10000 KILLS=200` takes some minutes.
const arrivals = Number(process.env['ARRIVALS'] ?? 200);
const kills = Number(process.env['KILLS'] ?? 3);
const seed = Number(process.env['SEED'] ?? 1);

describe('kill -9 while complaints arrive', () => {
  it('loses none that was answered, and keeps none twice', { timeout: 3_600_000 }, async () => {
    const report = await tryArrivals({ arrivals, kills, random: seededRandom(seed) });
    expect(report).toEqual({ acknowledged: arrivals, kills: report.kills, lost: 0, repeated: 0, unhandled: 0 });
    expect(report.kills).toBeGreaterThan(0);
  });
});
