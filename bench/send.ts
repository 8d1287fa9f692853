import { access, mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchOptions } from './bench-options.ts';
import { renderTable, type Target } from './markdown-report.ts';
import { median } from './measure.ts';
import { benchLargeEdition } from './send/large-edition.ts';
import { buildSink, runSink, type Sink } from './send/run-sink.ts';
import type { SenderReport } from './send/sender-report.ts';
import { delayMs, names, type Sender, sendersOn } from './send/senders.ts';

interface Round extends SenderReport {
  /** Share of a core that the sink used. */
  readonly sinkLoad: number;
}

/** A sink busier than this is what was measured: such a round counts for nothing. */
const mostSinkLoad = 0.9;
/** With more readers than this only the pipeline is measured. */
const largeReaders = 100_000;

/** Messages of 56 KB to a relay on loopback that takes everything: peers, the client alone, the whole pipeline. */
export async function benchSend(options: BenchOptions): Promise<readonly Target[]> {
  const { folder, rounds, print } = options;
  const readers = options.readers ?? 20_000;
  const built = buildSink(folder);
  if (readers > largeReaders) return benchLargeEdition({ folder, readers, print }, built.command);
  const [fast, slow] = [await runSink(built.command, 0), await runSink(built.command, delayMs)];
  const disk = join(folder, 'ledger');
  const memory = await tmpfsFolder();
  const results = new Map<string, Round[]>();
  try {
    for (let round = 0; round < rounds; round++) {
      for (const sender of sendersOn(disk, memory)) {
        const sink = sender.delayMs === undefined ? fast : slow;
        const messages = Math.max(100, Math.round(readers * sender.share));
        const report = await runOnce(sender, sink, messages);
        results.set(sender.name, [...(results.get(sender.name) ?? []), report]);
      }
    }
    print(`
## Sending

Messages of 56 KB, 10 connections unless it says otherwise, over SMTP on loopback; ${built.kind} sink; medians of ${rounds} alternating
rounds; ${readers.toLocaleString('en')} messages a round, fewer for slow senders. The ledger is durable (synchronous=FULL) before each message's content: the disk
makes ${Math.round(await countSyncs(folder))} fsyncs a second${memory === null ? '' : `, tmpfs ${Math.round(await countSyncs(memory))}`}.
`);
    print(renderResults(results));
  } finally {
    await Promise.all([fast.stop(), slow.stop()]);
    if (memory !== null) await rm(memory, { recursive: true, force: true });
  }
  return goalsOf(results);
}

async function runOnce(sender: Sender, sink: Sink, messages: number): Promise<Round> {
  const before = sink.cpuMs();
  const report = await sender.send(sink.port, messages);
  return { ...report, sinkLoad: (sink.cpuMs() - before) / report.wallMs };
}

interface Figures {
  readonly perSecond: number;
  /** Of the sender, seconds. */
  readonly cpuPerThousand: number;
  readonly sinkLoad: number;
  readonly void: number;
}

function figuresOf(all: readonly Round[]): Figures {
  const valid = all.filter(({ sinkLoad }) => sinkLoad <= mostSinkLoad);
  return {
    perSecond: median(valid.map(({ messages, wallMs }) => (messages / wallMs) * 1000)),
    cpuPerThousand: median(valid.map(({ messages, cpuMs }) => cpuMs / messages)),
    sinkLoad: median(all.map(({ sinkLoad }) => sinkLoad)),
    void: all.length - valid.length,
  };
}

function renderResults(results: ReadonlyMap<string, readonly Round[]>): string {
  const rows = [...results].map(([name, all]) => {
    const { perSecond, cpuPerThousand, sinkLoad, void: voided } = figuresOf(all);
    const load = `${Math.round(sinkLoad * 100)} %${voided > 0 ? ` (${voided} void)` : ''}`;
    return [name, Math.round(perSecond).toLocaleString('en'), `${cpuPerThousand.toFixed(2)} s`, load];
  });
  return renderTable(['sender', 'messages a second', 'CPU for 1,000', 'the sink’s CPU'], rows);
}

function goalsOf(results: ReadonlyMap<string, readonly Round[]>): Target[] {
  const speed = (name: string): number => figuresOf(results.get(name) ?? []).perSecond;
  const goal = (name: string, of: string, to: string, atLeast: number): Target[] => {
    // Not here is a peer that isn't on this machine; one whose rounds are all void leaves a goal that isn't met.
    return results.has(of) && results.has(to) ? [{ name, measured: speed(of) / speed(to), atLeast }] : [];
  };
  return [
    ...goal('client alone / smtp-source', names.client, names.source, 0.7),
    ...goal('client alone / nodemailer', names.client, names.naive, 30),
    ...goal('pipeline / smtp-source', names.disk, names.source, 0.4),
    ...goal('pipeline, 50 connections / smtp-source', names.fifty, names.source, 0.6),
    ...goal('pipeline, ahead 4 / smtp-source', names.ahead, names.source, 0.5),
    ...goal('pipeline / nodemailer', names.disk, names.naive, 18),
    ...goal('signed pipeline / nodemailer with RSA DKIM', names.signed, names.naiveSigned, 5),
    ...goal('pipeline at 20 ms / smtp-source', names.far, names.farSource, 2),
    ...goal('pipeline with pipelineNext at 20 ms / smtp-source', names.farNext, names.farSource, 3),
  ];
}

async function tmpfsFolder(): Promise<string | null> {
  try {
    await access('/dev/shm');
    return await mkdtemp('/dev/shm/silkpost-bench-');
  } catch {
    return null;
  }
}

/** How many times a second a small write to a file there can be made durable. */
async function countSyncs(folder: string): Promise<number> {
  const path = join(folder, 'fsync');
  const file = await open(path, 'w');
  const startedAt = performance.now();
  let count = 0;
  for (; performance.now() - startedAt < 500; count++) {
    await file.write('x'.repeat(4096), 0);
    await file.sync();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await file.close();
  await rm(path);
  return count / seconds;
}
