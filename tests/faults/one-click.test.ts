import { describe, expect, it } from 'vitest';
import { tryOneClick } from './one-click-trial.ts';

const seed = Number(process.env['SEED'] ?? 1);

describe('one-click posts to a program that is killed', () => {
  it('are kept, each one that was answered 200', async () => {
    const report = await tryOneClick({ readers: 200, kills: 3, seed });
    expect(report).toMatchObject({ answered: 200, violations: [] });
    expect(report.kills).toBeGreaterThanOrEqual(2);
  });
});
