import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './find-program.ts';
import { installPeers } from './peers/eleventy.ts';

const run = promisify(execFile);

export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
}

/** Something that asks a server for one address as fast as it answers. */
export interface LoadGenerator {
  readonly name: string;
  /** @returns how many requests were answered. Throws where any answer was neither 2xx nor 3xx. */
  ask(options: LoadOptions): Promise<number>;
}

/** wrk where it is on PATH, autocannon else. */
export async function findLoadGenerator(): Promise<LoadGenerator> {
  const wrk = findProgram('wrk');
  return wrk === null ? autocannon(await installPeers()) : { name: 'wrk', ask: (options) => askWithWrk(wrk, options) };
}

async function askWithWrk(wrk: string, { url, headers, connections, seconds }: LoadOptions): Promise<number> {
  const words = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const { stdout } = await run(wrk, ['-t1', `-c${connections}`, `-d${seconds}s`, ...words, url]);
  const answered = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  if (!(answered > 0) || /Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk of ${url}: ${stdout}`);
  return answered;
}

function autocannon(modules: string): LoadGenerator {
  return {
    name: 'autocannon',
    async ask({ url, headers, connections, seconds }) {
      const words = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
      const program = join(modules, 'autocannon', 'autocannon.js');
      const { stdout } = await run(
        process.execPath,
        [program, '-j', '-n', '-c', String(connections), '-d', String(seconds), ...words, url],
        { maxBuffer: 10_000_000 },
      );
      const result: { '2xx': number; '3xx': number; '4xx': number; '5xx': number; errors: number } = JSON.parse(stdout);
      if (result['4xx'] + result['5xx'] + result.errors > 0) throw new Error(`autocannon of ${url}: ${stdout}`);
      return result['2xx'] + result['3xx'];
    },
  };
}
