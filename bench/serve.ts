import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { BenchOptions } from './bench-options.ts';
import { endWithBench, stopProcess } from './child-end.ts';
import { findProgram } from './find-program.ts';
import { generateArticles } from './generate-articles.ts';
import { findLoadGenerator, type LoadGenerator } from './load.ts';
import { ratio, renderTable, type Target } from './markdown-report.ts';
import { median } from './measure.ts';
import { prepareNginx } from './peers/nginx.ts';
import { readUsage } from './process-usage.ts';
import { startService } from './running-service.ts';

const connections = 50;
const path = '/rss.xml';

interface Server {
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  /** Its own ETag, for the question that is answered by 304. */
  readonly etag: string;
  stop(): Promise<void>;
}

interface Figures {
  readonly cpuMicroseconds: number[];
  readonly perSecond: number[];
}

const kinds = ['200 gzip', '304'] as const;

/** CPU a request of the server against a bare node:http server and nginx that hold the same bytes. */
export async function benchServe({ folder, bin, rounds, seconds, print }: BenchOptions): Promise<readonly Target[]> {
  const publication = join(folder, 'serve');
  await generateArticles({ dir: publication, count: 400, seed: 4 });
  const load = await findLoadGenerator();
  const servers: Server[] = [];
  try {
    const ours = await startOurs(bin, publication);
    servers.push(ours);
    const { body, headers } = await fetchPrepared(ours.url);
    servers.push(await startBare(folder, body, headers));
    const nginx = findProgram('nginx');
    if (nginx !== null) servers.push(await startNginx(nginx, join(folder, 'nginx'), body));
    const figures = await alternate(servers, load, rounds, seconds);
    print(`
## Serving one feed, ${connections} connections

${path}: ${(body.length / 1000).toFixed(0)} KB of gzip, ${(gunzipSync(body).length / 1000).toFixed(0)} KB of XML; asked by ${load.name} for ${seconds} s each; medians of ${rounds} alternating rounds.
`);
    print(renderServers(servers, figures));
    return kinds.map((kind) => ({
      name: `CPU a request, ${kind}, of a bare server’s`,
      measured: cpuOf(figures, 'Silkpost', kind) / cpuOf(figures, 'bare node:http', kind),
      atMost: 1.15,
    }));
  } finally {
    for (const server of servers) await server.stop();
  }
}

async function startOurs(bin: string, publication: string): Promise<Server> {
  const service = await startService(bin, ['serve', '--dir', publication]);
  const url = service.url + path;
  return { name: 'Silkpost', pid: service.pid, url, etag: await fetchEtag(url), stop: service.stop };
}

/** Gets the very bytes and headers that Silkpost answers with. */
async function startBare(folder: string, body: Buffer, headers: Record<string, string>): Promise<Server> {
  const [bodyFile, headersFile] = [join(folder, 'prepared.gz'), join(folder, 'prepared.json')];
  await writeFile(bodyFile, body);
  await writeFile(headersFile, JSON.stringify(headers));
  const script = fileURLToPath(new URL('./peers/bare-server.ts', import.meta.url));
  const child = spawn(process.execPath, [script, bodyFile, headersFile], { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithBench(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return describeServer('bare node:http', child, Number(line.toString()));
}

async function startNginx(nginx: string, folder: string, body: Buffer): Promise<Server> {
  const port = await findFreePort();
  const config = await prepareNginx(folder, port);
  await mkdir(join(folder, 'www'), { recursive: true });
  await writeFile(join(folder, 'www', 'rss.xml'), gunzipSync(body));
  await writeFile(join(folder, 'www', 'rss.xml.gz'), body);
  const child = spawn(nginx, ['-c', config, '-p', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  endWithBench(child);
  return describeServer('nginx', child, port);
}

async function describeServer(name: string, child: ChildProcess, port: number): Promise<Server> {
  const url = `http://127.0.0.1:${port}${path}`;
  return { name, pid: child.pid ?? 0, url, etag: await fetchEtag(url), stop: () => stopProcess(child) };
}

async function alternate(
  servers: readonly Server[],
  load: LoadGenerator,
  rounds: number,
  seconds: number,
): Promise<ReadonlyMap<string, Figures>> {
  const figures = new Map<string, Figures>();
  for (let round = 0; round <= rounds; round++) {
    for (const kind of kinds) {
      for (const server of servers) {
        const before = readUsage(server.pid)?.cpuMs ?? Number.NaN;
        const headers = { 'accept-encoding': 'gzip', ...(kind === '304' ? { 'if-none-match': server.etag } : {}) };
        const startedAt = performance.now();
        // The first round is there to warm the code up, and isn't counted.
        const answered = await load.ask({ url: server.url, headers, connections, seconds: round === 0 ? 2 : seconds });
        const tookMs = performance.now() - startedAt;
        if (round === 0) continue;
        const cpuMs = (readUsage(server.pid)?.cpuMs ?? Number.NaN) - before;
        const key = `${server.name} ${kind}`;
        const known = figures.get(key) ?? { cpuMicroseconds: [], perSecond: [] };
        known.cpuMicroseconds.push((cpuMs * 1000) / answered);
        known.perSecond.push((answered * 1000) / tookMs);
        figures.set(key, known);
      }
    }
  }
  return figures;
}

function cpuOf(figures: ReadonlyMap<string, Figures>, server: string, kind: string): number {
  return median(figures.get(`${server} ${kind}`)?.cpuMicroseconds ?? []);
}

function renderServers(servers: readonly Server[], figures: ReadonlyMap<string, Figures>): string {
  const rows = kinds.flatMap((kind) =>
    servers.map(({ name }) => {
      const cpu = cpuOf(figures, name, kind);
      return [
        name,
        kind,
        `${cpu.toFixed(1)} µs`,
        Math.round(median(figures.get(`${name} ${kind}`)?.perSecond ?? [])).toLocaleString('en'),
        ratio(cpu / cpuOf(figures, 'bare node:http', kind)),
        ratio(cpu / cpuOf(figures, 'nginx', kind)),
      ];
    }),
  );
  return renderTable(['', 'answer', 'CPU a request', 'requests a second', '× bare', '× nginx'], rows);
}

async function fetchEtag(url: string): Promise<string> {
  const { headers } = await fetchPrepared(url);
  return headers['etag'] ?? '';
}

/** The compressed answer as it is on the wire. Asks again for ten seconds while the server is only starting. */
async function fetchPrepared(url: string): Promise<{ body: Buffer; headers: Record<string, string> }> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    try {
      const response = await ask(url);
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part);
      if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}`);
      return { body: Buffer.concat(parts), headers: ownHeaders(response) };
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await wait(50);
    }
  }
}

function ask(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'accept-encoding': 'gzip' }, agent: false }, resolve).on('error', reject);
  });
}

/** Without those that Node's server adds by itself. */
function ownHeaders({ headers }: IncomingMessage): Record<string, string> {
  const added = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      added.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0));
    });
  });
}
