import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultServer } from './fault-relay.ts';
import { tryTurmoil } from './turmoil-trial.ts';

const seed = Number(process.env['SEED'] ?? 1);

describe('editions that operators and readers meddle with while processes are killed and stand still', () => {
  it('account for everybody at every moment, and send nothing twice or to those who left', async () => {
    const server = startFaultServer();
    onTestFinished(() => server.close());
    const wishes = { readers: 60, deeds: 150, betweenMs: 10, strikes: 2, ahead: 0, pipelineNext: false, seed };
    const report = await tryTurmoil(server, wishes);
    expect(report).toMatchObject({ violations: [] });
    expect(report.messages).toBeGreaterThan(0);
  });
});
