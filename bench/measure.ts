import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithBench } from './child-end.ts';
import { readEndedChildrenCpuMs, readPeakMb, readUsage } from './process-usage.ts';

/** What one run of a program took, from its start to its end. */
export interface Cost {
  readonly wallMs: number;
  /** User and system time, children included. */
  readonly cpuMs: number;
  /** Peak resident memory, MB. */
  readonly peakMb: number;
}

export interface MeasureOptions {
  /** Besides PATH, HOME and SILKPOST_LOG. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: 20 minutes. Then the program is killed and the bench ends. */
  readonly limitMs?: number;
}

/**
 * Runs a program, and no other beside it, and tells what it took and what it printed on stdout.
 *
 * @throws Error with its stderr where it ends with anything but 0.
 */
export async function measure(
  command: readonly [string, ...string[]],
  { variables = {}, cwd, limitMs = 1_200_000 }: MeasureOptions = {},
): Promise<Cost & { readonly output: string }> {
  const [program, ...words] = command;
  const cpuBefore = readEndedChildrenCpuMs();
  const startedAt = performance.now();
  const child = spawn(program, words, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', SILKPOST_LOG: 'silent', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  endWithBench(child);
  const [output, complaint] = [gather(child.stdout), gather(child.stderr)];
  const pid = child.pid ?? 0;
  let peakMb = 0;
  // A high-water mark only grows: what is missed is the growth of the last few milliseconds.
  const highWater = setInterval(() => {
    peakMb = Math.max(peakMb, readPeakMb(pid) ?? 0);
  }, 5);
  const family = setInterval(() => {
    peakMb = Math.max(peakMb, readUsage(pid)?.residentMb ?? 0);
  }, 500);
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const ended = once(child, 'close');
  let wallMs = Number.NaN;
  child.once('exit', () => {
    wallMs = performance.now() - startedAt;
  });
  try {
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code ?? signal}: ${complaint.join('')}`);
  } finally {
    for (const timer of [highWater, family, limit]) clearTimeout(timer);
  }
  return { wallMs, cpuMs: readEndedChildrenCpuMs() - cpuBefore, peakMb, output: output.join('') };
}

function gather(stream: NodeJS.ReadableStream): string[] {
  const parts: string[] = [];
  stream.setEncoding('utf8').on('data', (part: string) => parts.push(part));
  return parts;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** @param share From 0 to below 1: 0.9 for the 90th percentile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}

export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    peakMb: median(costs.map(({ peakMb }) => peakMb)),
  };
}
