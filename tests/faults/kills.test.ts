import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultServer } from './fault-relay.ts';
import { tryKills } from './kill-trial.ts';

const seed = Number(process.env['SEED'] ?? 1);

describe('kill -9 of silkpost worker in the middle of a send', () => {
  it('repeats nothing, loses nothing, and leaves no more in doubt than it had connections', async () => {
    const server = startFaultServer();
    onTestFinished(() => server.close());
    const report = await tryKills(server, {
      kills: 4,
      readers: 400,
      ratePerSecond: 200,
      connections: 10,
      seed,
      settings: ['transport: smtp'],
    });
    expect(report).toMatchObject({ kills: 4, violations: [] });
    expect(report.sent + report.inDoubt).toBe(400);
  });
});
