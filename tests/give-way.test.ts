import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';

/** Of each thread of this process its nice value (proc_pid_stat(5), the 19th field). */
function listNices(): number[] {
  return readdirSync('/proc/self/task').map((id) => {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });
}

describe('giveWay', () => {
  it.runIf(process.platform === 'linux')(
    'lets the thread that calls it come after all others, and no other',
    async () => {
      const own = getPriority();
      const before = listNices().filter((nice) => nice === 5).length;
      const module = JSON.stringify(new URL('../src/give-way.ts', import.meta.url).href);
      const worker = new Worker(
        `import(${module}).then(({ giveWay }) => { giveWay(); require('node:worker_threads').parentPort.postMessage('done'); setInterval(() => {}, 1000); })`,
        { eval: true },
      );
      onTestFinished(() => worker.terminate().then(() => undefined));
      await new Promise((resolve) => worker.once('message', resolve));
      expect(listNices().filter((nice) => nice === 5)).toHaveLength(before + 1);
      expect(getPriority()).toBe(own);
    },
  );
});
