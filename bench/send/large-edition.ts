import { join } from 'node:path';
import type { BenchOptions } from '../bench-options.ts';
import { megabytes, renderTable, type Target } from '../markdown-report.ts';
import { runSink } from './run-sink.ts';
import type { SenderReport } from './sender-report.ts';
import { node } from './senders.ts';

const smallReaders = 10_000;

/** A large edition against one of 10,000: what a message costs, and whether memory grows. */
export async function benchLargeEdition(
  { folder, readers, print }: Pick<BenchOptions, 'folder' | 'print'> & { readonly readers: number },
  command: readonly string[],
): Promise<readonly Target[]> {
  const sink = await runSink(command, 0);
  const send = node('./pipeline.ts', '10', join(folder, 'ledger'));
  try {
    const [small, large] = [await send(sink.port, smallReaders), await send(sink.port, readers)];
    const row = (report: SenderReport): string[] => [
      report.messages.toLocaleString('en'),
      Math.round((report.messages / report.wallMs) * 1000).toLocaleString('en'),
      `${(report.cpuMs / report.messages).toFixed(2)} s`,
      megabytes(report.earlyMb),
      megabytes(report.peakMb),
    ];
    const head = ['readers', 'messages a second', 'CPU for 1,000', 'memory after a tenth', 'peak memory'];
    print(`\n## Sending a large edition\n\n${renderTable(head, [row(small), row(large)])}`);
    const growth = large.cpuMs / large.messages / (small.cpuMs / small.messages);
    return [
      { name: 'CPU a message, of that at 10,000', measured: growth, atMost: 1.2 },
      { name: 'peak memory', measured: large.peakMb, atMost: 300, unit: 'MB' },
    ];
  } finally {
    await sink.stop();
  }
}
