// npm run bench [-- WORD…] [--articles 10000] [--rounds 5] …: Silkpost against peers, alternating, in the same run.
// WORD is content, serve, memory, send, audience, answers or console; without one: content, serve and send. Prints Markdown.
import { rmSync } from 'node:fs';
import { mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAnswers } from './answers.ts';
import { benchAudience } from './audience.ts';
import type { Bench, BenchOptions } from './bench-options.ts';
import { benchConsole } from './console.ts';
import { benchContent } from './content.ts';
import { describeMachine } from './machine.ts';
import { renderTargets, type Target } from './markdown-report.ts';
import { benchMemory } from './memory.ts';
import { packProgram } from './packed-program.ts';
import { benchSend } from './send.ts';
import { benchServe } from './serve.ts';

const benches: Readonly<Record<string, Bench>> = {
  content: benchContent,
  serve: benchServe,
  memory: benchMemory,
  send: benchSend,
  audience: benchAudience,
  answers: benchAnswers,
  console: benchConsole,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    articles: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    readers: { type: 'string' },
    editions: { type: 'string', default: '1000' },
    rebuilds: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '10' },
    seconds: { type: 'string', default: '5' },
    saves: { type: 'string', default: '20' },
    eleventy: { type: 'boolean', default: false },
  },
});
const words = positionals.length === 0 ? ['content', 'serve', 'send'] : positionals;
const chosen = words.map((word) => {
  const bench = benches[word];
  if (bench === undefined) throw new Error(`There is no bench ${word}; there are ${Object.keys(benches).join(', ')}.`);
  return bench;
});

const folder = await realpath(await mkdtemp(join(tmpdir(), 'silkpost-bench-')));
process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
const options: BenchOptions = {
  folder,
  bin: await packProgram(join(folder, 'package')),
  articles: values.articles === undefined ? null : numberOf('articles'),
  rounds: numberOf('rounds'),
  readers: values.readers === undefined ? null : numberOf('readers'),
  editions: numberOf('editions'),
  rebuilds: numberOf('rebuilds'),
  minutes: numberOf('minutes'),
  seconds: numberOf('seconds'),
  saves: numberOf('saves'),
  eleventy: values.eleventy,
  print: (markdown) => console.log(markdown),
};
console.log(`${describeMachine(values.eleventy)}\n`);
const targets: Target[] = [];
for (const bench of chosen) targets.push(...(await bench(options)));
if (targets.length > 0) console.log(`\n## Targets\n\n${renderTargets(targets)}`);

function numberOf(name: Exclude<keyof typeof values, 'eleventy'>): number {
  const value = Number(values[name]);
  if (!(value >= 0)) throw new Error(`--${name} must be a number, not "${values[name]}".`);
  return value;
}
