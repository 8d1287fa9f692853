import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithBench, stopProcess } from '../child-end.ts';
import { findProgram } from '../find-program.ts';
import { readUsage } from '../process-usage.ts';

/** A relay that takes everything, in a process of its own. */
export interface Sink {
  readonly port: string;
  cpuMs(): number;
  stop(): Promise<void>;
}

/** Builds the sink where there is a C compiler, since it decides how fast a sender can seem. */
export function buildSink(folder: string): { readonly kind: 'C' | 'Node'; readonly command: readonly string[] } {
  const compiler = findProgram('cc');
  const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  if (compiler === null) return { kind: 'Node', command: [process.execPath, source('./sink.ts')] };
  const program = join(folder, 'sink');
  execFileSync(compiler, ['-O2', '-o', program, source('./sink.c')]);
  return { kind: 'C', command: [program] };
}

export async function runSink([program = '', ...words]: readonly string[], delayMs: number): Promise<Sink> {
  const child = spawn(program, [...words, String(delayMs)], { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithBench(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    port: line.toString().trim(),
    cpuMs: () => readUsage(child.pid ?? 0)?.cpuMs ?? 0,
    stop: () => stopProcess(child),
  };
}
