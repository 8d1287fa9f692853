// npm run bench [-- --articles 10000 --readers 5000 --rounds 5]: Silkpost against peers, alternating, in the same run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generateArticles } from './generate-articles.ts';
import { type Cost, measure, medianCost } from './measure.ts';

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '10000' },
    readers: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '5' },
  },
});
const silkpost = new URL('../bin/silkpost.js', import.meta.url);
const folder = await mkdtemp(join(tmpdir(), 'silkpost-bench-'));
try {
  console.log(
    `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
  );
  await benchFeeds(Number(values.articles), Number(values.rounds));
  await benchMail(Number(values.readers), Number(values.rounds));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** From a folder of articles to feeds on disk: first with nothing kept, then again with nothing changed. */
async function benchFeeds(articles: number, rounds: number): Promise<void> {
  const publication = join(folder, 'publication');
  await generateArticles({ dir: publication, count: articles, seed: 1 });
  const build = (data: string) =>
    measure(silkpost, ['build', '--dir', publication, '--data', data, '--out', join(data, 'public')]);
  const [cold, warm, peer]: [Cost[], Cost[], Cost[]] = [[], [], []];
  for (let round = 0; round < rounds; round++) {
    const data = join(folder, `data-${round}`);
    cold.push(await build(data));
    warm.push(await build(data));
    peer.push(await measure(new URL('./peer-feeds.ts', import.meta.url), [publication, join(folder, 'peer')]));
    await rm(data, { recursive: true });
  }
  report(`Feeds of ${articles} articles`, [
    ['a script over the same libraries', peer],
    ['Silkpost, first build', cold],
    ['Silkpost, nothing changed', warm],
  ]);
}

/** From readers in the database to the last answer of a relay that takes everything. */
async function benchMail(readers: number, rounds: number): Promise<void> {
  const publication = join(folder, 'newsletter');
  await generateArticles({ dir: publication, count: 36, seed: 2 });
  await appendFile(join(publication, 'silkpost.yaml'), '  rate: 999999/s\n');
  const list = join(folder, 'readers.csv');
  const rows = Array.from({ length: readers }, (_, index) => `reader${index}@example.com,en,weekly`);
  await writeFile(list, ['email,lang,newsletters', ...rows, ''].join('\n'));
  const sink = await startSink();
  const variables = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.port}?tls=none` };
  const [ours, peer]: [Cost[], Cost[]] = [[], []];
  try {
    for (let round = 0; round < rounds; round++) {
      const data = join(folder, `mail-${round}`);
      const place = ['--dir', publication, '--data', data];
      await measure(silkpost, ['subscribers', 'import', list, '--consent', 'bench', ...place]);
      await measure(silkpost, ['preview', 'weekly', '--lang', 'en', '--since', '1970-01-01', ...place]);
      ours.push(await measure(silkpost, ['send', 'weekly', '--since', '1970-01-01', '--yes', ...place], variables));
      const [html, text] = [join(data, 'preview/weekly.en.html'), join(data, 'preview/weekly.en.txt')];
      peer.push(await measure(new URL('./peer-mail.ts', import.meta.url), [sink.port, String(readers), html, text]));
      await rm(data, { recursive: true });
    }
  } finally {
    sink.stop();
  }
  report(`One edition to ${readers} readers over SMTP, 10 connections`, [
    ['nodemailer, one sendMail a reader, no ledger', peer],
    ['Silkpost, with composing, freeze and ledger', ours],
  ]);
}

async function startSink(): Promise<{ port: string; stop(): void }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./smtp-sink.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: line.toString().trim(), stop: () => child.kill('SIGTERM') };
}

function report(title: string, rows: readonly (readonly [string, readonly Cost[]])[]): void {
  console.log(`\n${title} (medians of ${rows[0]?.[1].length} rounds)`);
  const first = medianCost(rows[0]?.[1] ?? []);
  for (const [name, costs] of rows) {
    const { wallMs, cpuMs, peakMb } = medianCost(costs);
    const ratio = (first.wallMs / wallMs).toFixed(2);
    console.log(
      `  ${name}: ${(wallMs / 1000).toFixed(2)} s, ${(cpuMs / 1000).toFixed(2)} s CPU, ${peakMb.toFixed(0)} MB, ${ratio} × the first`,
    );
  }
}
