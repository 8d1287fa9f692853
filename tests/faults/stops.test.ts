import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FaultServer, startFaultServer } from './fault-relay.ts';
import { tryFullDisk, tryIoError } from './stop-trial.ts';

const seed = Number(process.env['SEED'] ?? 1);

let server: FaultServer;
beforeAll(() => {
  server = startFaultServer();
});
afterAll(() => server.close());

describe('a send whose database can no longer be written', () => {
  it('stops on an I/O error, says so, and goes on without loss', async () => {
    expect(await tryIoError(server, 800, seed)).toMatchObject({ violations: [] });
  });

  it('stops on a full disk, says so, and goes on without loss', async () => {
    expect(await tryFullDisk(server, 800, seed)).toMatchObject({ violations: [] });
  });
});
