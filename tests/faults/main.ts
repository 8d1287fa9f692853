// npm run test:faults [-- WORD…] [--seed 1]: what happens to an edition when relays, processes and disks fail.
// Each WORD is one part, as a wrong one has them listed; without one: all. KILLS, READERS, STANDSTILLS and DEEDS set how often and
// how much. Exits 1 where a reader was forgotten, got an edition twice, or was not accounted for.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { faultModes } from './fault-mode.ts';
import { type FaultServer, startFaultServer } from './fault-relay.ts';
import { type KillWishes, tryKills } from './kill-trial.ts';
import { transports, tryMode } from './mode-trial.ts';
import { tryOneClick } from './one-click-trial.ts';
import { seededRandom, shuffled } from './seeded-random.ts';
import { tryStandstill } from './standstill-trial.ts';
import { tryFullDisk, tryIoError } from './stop-trial.ts';
import { tryTurmoil } from './turmoil-trial.ts';

/** A line of the table at the end. */
interface Row {
  readonly what: string;
  readonly figures: string;
  readonly violations: readonly string[];
}

type Part = (server: FaultServer, seed: number) => Promise<Row[]>;

/** Trials at a time: most of one's time is waiting for somebody who says nothing. */
const atOnce = 8;
const killsPerSend = 200;
const wantedKills = Number(process.env['KILLS'] ?? killsPerSend);
const readers = Number(process.env['READERS'] ?? 20_000);
const standstills = Number(process.env['STANDSTILLS'] ?? 60);
const deeds = Number(process.env['DEEDS'] ?? 2000);

async function modes(server: FaultServer, seed: number): Promise<Row[]> {
  const trials = Object.keys(transports).flatMap((transport) =>
    [true, false].flatMap((pipelining) => faultModes.map((mode) => ({ mode, transport, pipelining, seed }))),
  );
  const waiting = shuffled(trials, seededRandom(seed));
  const violations = new Map<string, string[]>(Object.keys(transports).map((name) => [name, []]));
  const tryNext = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { mode, transport, pipelining } = next;
      const trial = await tryMode(server, next);
      const where = `${mode.name}, ${pipelining ? 'with' : 'without'} PIPELINING`;
      violations.get(transport)?.push(...trial.violations.map((violation) => `${where}: ${violation}`));
      progress(`modes: ${trials.length - waiting.length} of ${trials.length}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, tryNext));
  return [...violations].map(([transport, found]) => ({
    what: `modes, ${transport}`,
    figures: `${faultModes.length} modes, with and without PIPELINING`,
    violations: found,
  }));
}

/** What is sent in which way while `silkpost worker` is killed. */
const sends: Readonly<Record<string, Partial<KillWishes>>> = {
  kills: {},
  'kills-ahead': { settings: ['transport: smtp', 'ahead: 4'], doubtEach: 6 },
  'kills-next': { settings: ['transport: smtp', 'pipelineNext: true'] },
  'kills-nodemailer': { settings: ['transport: nodemailer'] },
  'kills-workers': { workers: 3 },
  'kills-letters': { editions: 3, letters: 300, workers: 2 },
};

function killsOf(name: string): Part {
  return async (server, seed) => {
    const rows: Row[] = [];
    const send = { settings: ['transport: smtp'], connections: 10, ratePerSecond: 100, ...sends[name] };
    for (let done = 0; done < wantedKills; done += killsPerSend) {
      const report = await tryKills(server, {
        ...send,
        kills: Math.min(killsPerSend, wantedKills - done),
        readers: Math.ceil(readers / (send.editions ?? 1)),
        seed: seed + rows.length,
        onProgress: (count, sent) => progress(`${name}: ${done + count} of ${wantedKills}, ${sent} of ${readers} sent`),
      });
      rows.push({
        what: name,
        figures:
          `${report.kills} kills, ${report.sent} sent, ${report.inDoubt} in doubt (${report.inDoubtStored} of them with ` +
          `the server), at most ${report.mostAfterOneKill} after one kill`,
        violations: report.violations,
      });
    }
    return rows;
  };
}

async function turmoil(server: FaultServer, seed: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [index, way] of [{}, { ahead: 8 }, { pipelineNext: true }].entries()) {
    const report = await tryTurmoil(server, {
      readers: 300,
      deeds,
      strikes: Math.ceil(deeds / 60),
      betweenMs: 20,
      ahead: 0,
      pipelineNext: false,
      ...way,
      seed: seed + index,
      onProgress: (count) => progress(`turmoil: ${count} of ${deeds} deeds`),
    });
    rows.push({
      what: ['turmoil', ...Object.keys(way)].join(', '),
      figures:
        `${report.deeds} deeds, ${report.editions} editions, ${report.messages} messages, ${report.kills} kills, ` +
        `${report.stops} stops, sums looked at ${report.samples} times`,
      violations: report.violations,
    });
  }
  return rows;
}

async function standstill(server: FaultServer, seed: number): Promise<Row[]> {
  const rows: Row[] = [];
  for (const ahead of [0, 8]) {
    const report = await tryStandstill(server, {
      editions: standstills,
      readers: 60,
      ahead,
      seed: seed + ahead,
      onProgress: (done) => progress(`standstill: ${done} of ${standstills}`),
    });
    rows.push({
      what: ahead === 0 ? 'standstill' : 'standstill, ahead',
      figures: `${standstills} editions, ${report.stored} stored, ${report.inDoubt} in doubt, ${report.cleared} cleared late`,
      violations: report.violations,
    });
  }
  return rows;
}

async function stops(server: FaultServer, seed: number): Promise<Row[]> {
  progress('stops');
  const [ioError, fullDisk] = [await tryIoError(server, 800, seed), await tryFullDisk(server, 800, seed)];
  const figuresOf = (sent: number, inDoubt: number): string =>
    `stopped, said why, went on: ${sent} sent, ${inDoubt} in doubt`;
  return [
    { what: 'I/O error', figures: figuresOf(ioError.sent, ioError.inDoubt), violations: ioError.violations },
    { what: 'full disk', figures: figuresOf(fullDisk.sent, fullDisk.inDoubt), violations: fullDisk.violations },
  ];
}

async function oneClick(_server: FaultServer, seed: number): Promise<Row[]> {
  const report = await tryOneClick({
    readers: Math.ceil(readers / 2),
    kills: wantedKills,
    seed,
    onProgress: (count, done) => progress(`one-click: ${count} kills, ${done} answered`),
  });
  return [
    {
      what: 'one-click POSTs to silkpost serve',
      figures: `${report.kills} kills, ${report.posts} POSTs, ${report.answered} answered 200`,
      violations: report.violations,
    },
  ];
}

const parts: Readonly<Record<string, Part>> = {
  modes,
  ...Object.fromEntries(Object.keys(sends).map((name) => [name, killsOf(name)])),
  stops,
  'one-click': oneClick,
  standstill,
  turmoil,
};

let lastLine = '';
function progress(line: string): void {
  if (line === lastLine) return;
  lastLine = line;
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${line}` : `${line}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' } },
});
const seed = Number(values.seed);
const unknown = positionals.find((word) => !Object.hasOwn(parts, word));
if (unknown !== undefined || !Number.isSafeInteger(seed)) {
  process.stderr.write(`npm run test:faults -- [${Object.keys(parts).join('] [')}] [--seed NUMBER]\n`);
  process.exit(2);
}
const server = startFaultServer();
const rows: Row[] = [];
const startedAt = performance.now();
for (const [name, part] of Object.entries(parts)) {
  if (positionals.length === 0 || positionals.includes(name)) rows.push(...(await part(server, seed)));
}
await server.close();
progress('');
const seconds = Math.round((performance.now() - startedAt) / 1000);
process.stdout.write(`Seed ${seed}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, ${seconds} s\n\n`);
process.stdout.write('| what | figures | violations |\n| --- | --- | --- |\n');
for (const { what, figures, violations } of rows)
  process.stdout.write(`| ${what} | ${figures} | ${violations.length} |\n`);
for (const { what, violations } of rows)
  for (const violation of violations) process.stdout.write(`\n${what}: ${violation}`);
process.exitCode = rows.some(({ violations }) => violations.length > 0) ? 1 : 0;
