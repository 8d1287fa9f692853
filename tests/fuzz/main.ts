// npm run test:fuzz [-- --minutes 1] [--seed 1]: whatever reads what others wrote gets input that nobody would write. Ends with 1,
// and the smallest such input, where something crashes, takes more than 50 ms of the processor, or makes a feed that breaks a rule.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { articleFuzzer } from './article-fuzzer.ts';
import type { FuzzFinding } from './fuzz-target.ts';
import { parserFuzzers } from './parser-fuzzers.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' } } });
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
const until = performance.now() + Number(values.minutes) * 60_000;
const casesInTurn = 200;

const folder = await mkdtemp(join(tmpdir(), 'silkpost-fuzz-'));
const [article, parsers] = [articleFuzzer(folder), parserFuzzers()];
const counts = new Map<string, number>();
const findings: FuzzFinding[] = [];

let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => (isStopped = true));

console.log(`seed ${seed}`);
for (let turn = 0; performance.now() < until && !isStopped; turn++) {
  for (const target of [article, ...parsers]) {
    if (findings.some((finding) => finding.target === target.name)) continue;
    const round = await target.fuzz(seed + turn, casesInTurn);
    counts.set(target.name, (counts.get(target.name) ?? 0) + round.cases);
    for (const finding of round.findings) {
      findings.push(finding);
      console.log(`${finding.target}, seed ${seed + turn}: ${finding.message}\n  ${finding.input}`);
    }
  }
}
await rm(folder, { recursive: true, force: true });
for (const [name, cases] of counts) console.log(`${String(cases).padStart(10)}  ${name}`);
const all = [...counts.values()].reduce((sum, cases) => sum + cases, 0);
console.log(`${String(all).padStart(10)}  cases, ${findings.length} with a finding`);
process.exitCode = findings.length > 0 ? 1 : 0;
