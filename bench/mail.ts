import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './bench-options.ts';
import { endWithBench, stopProcess } from './child-end.ts';
import { generateArticles } from './generate-articles.ts';
import { megabytes, ratio, renderTable, seconds, type Target } from './markdown-report.ts';
import { type Cost, measure, medianCost } from './measure.ts';

/** From readers in the database to the last answer of a relay that takes everything. */
export async function benchMail({ folder, bin, readers, rounds, print }: BenchOptions): Promise<readonly Target[]> {
  const publication = join(folder, 'newsletter');
  await generateArticles({ dir: publication, count: 36, seed: 2 });
  await appendFile(join(publication, 'silkpost.yaml'), '  rate: 999999/s\n');
  const list = join(folder, 'readers.csv');
  const rows = Array.from({ length: readers }, (_, index) => `reader${index}@example.com,en,weekly`);
  await writeFile(list, ['email,lang,newsletters', ...rows, ''].join('\n'));
  const sink = await startSink();
  const variables = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.port}?tls=none` };
  const peerScript = fileURLToPath(new URL('./peers/nodemailer.ts', import.meta.url));
  const [ours, peer]: [Cost[], Cost[]] = [[], []];
  try {
    for (let round = 0; round < rounds; round++) {
      const data = join(folder, `mail-${round}`);
      const silkpost = (...words: string[]) =>
        measure([process.execPath, bin, ...words, '--dir', publication, '--data', data], { variables });
      await silkpost('subscribers', 'import', list, '--consent', 'bench');
      await silkpost('preview', 'weekly', '--lang', 'en', '--since', '1970-01-01');
      ours.push(await silkpost('send', 'weekly', '--since', '1970-01-01', '--yes'));
      const [html, text] = [join(data, 'preview/weekly.en.html'), join(data, 'preview/weekly.en.txt')];
      peer.push(await measure([process.execPath, peerScript, sink.port, String(readers), html, text]));
      await rm(data, { recursive: true });
    }
  } finally {
    await sink.stop();
  }
  print(`
## One edition to ${readers.toLocaleString('en')} readers

Over SMTP on loopback, 10 connections, to a relay that takes everything; medians of ${rounds} alternating rounds.
`);
  const base = medianCost(peer);
  const row = (name: string, costs: readonly Cost[]): string[] => {
    const { wallMs, cpuMs, peakMb } = medianCost(costs);
    return [name, seconds(wallMs), seconds(cpuMs), megabytes(peakMb), ratio(wallMs / base.wallMs)];
  };
  print(
    renderTable(
      ['', 'time', 'CPU', 'peak memory', '× nodemailer’s time'],
      [
        row('nodemailer, one sendMail a reader, no ledger', peer),
        row('Silkpost, with composing, freeze and ledger', ours),
      ],
    ),
  );
  return [];
}

async function startSink(): Promise<{ port: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./peers/smtp-sink.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  endWithBench(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: line.toString().trim(), stop: () => stopProcess(child) };
}
