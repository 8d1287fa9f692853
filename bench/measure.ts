import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What one run of a program took, from Node's start to its end. */
export interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Peak resident memory, MB. */
  readonly peakMb: number;
}

const runner = fileURLToPath(new URL('./measured-run.ts', import.meta.url));

/** Runs a script in a process of its own. Throws with its stderr where it ends with anything but 0. */
export async function measure(
  script: URL,
  words: readonly string[],
  variables: Record<string, string> = {},
): Promise<Cost> {
  const child = fork(runner, [fileURLToPath(script), ...words], {
    env: { PATH: process.env['PATH'] ?? '', SILKPOST_LOG: 'silent', ...variables },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let [cost, complaint]: [Cost | null, string] = [null, ''];
  child.on('message', (message) => {
    cost = message as Cost; // measured-run.ts sends nothing else
  });
  child.stderr?.setEncoding('utf8').on('data', (part: string) => {
    complaint += part;
  });
  const [code] = await once(child, 'close');
  if (code !== 0 || cost === null) throw new Error(`${fileURLToPath(script)} ended with ${code}: ${complaint}`);
  return cost;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function medianCost(costs: readonly Cost[]): Cost {
  return {
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    peakMb: median(costs.map(({ peakMb }) => peakMb)),
  };
}
