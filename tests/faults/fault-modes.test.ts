import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultModes } from './fault-mode.ts';
import { type FaultServer, startFaultServer } from './fault-relay.ts';
import { transports, tryMode } from './mode-trial.ts';
import { seededRandom, shuffled } from './seeded-random.ts';

/** `SEED=7 npx vitest run tests/faults/fault-modes.test.ts` tries others. */
const seed = Number(process.env['SEED'] ?? 1);
/** `npm run test:faults` tries them all. */
const tries = 40;

const names = Object.keys(transports);
const random = seededRandom(seed);
const chosen = shuffled(faultModes, random)
  .slice(0, tries)
  .map((mode) => ({
    mode,
    name: mode.name,
    transport: names[Math.floor(random() * names.length)] ?? '',
    pipelining: random() < 0.5,
  }));

let server: FaultServer;
beforeAll(() => {
  server = startFaultServer();
});
afterAll(() => server.close());

describe('faultModes', () => {
  it('are at least sixty, each with a name of its own', () => {
    expect(new Set(faultModes.map(({ name }) => name)).size).toBe(faultModes.length);
    expect(faultModes.length).toBeGreaterThanOrEqual(60);
  });
});

describe(`an edition sent through a relay that misbehaves (seed ${seed})`, () => {
  it.concurrent.each(chosen)('is accounted for: $name, by $transport', async ({ mode, transport, pipelining }) => {
    expect((await tryMode(server, { mode, transport, pipelining, seed })).violations).toEqual([]);
  });
});
