import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchOptions } from './bench-options.ts';
import { generateArticles, generatedPath, newestStory } from './generate-articles.ts';
import { megabytes, renderTable, type Target } from './markdown-report.ts';
import { median } from './measure.ts';
import { readUsage } from './process-usage.ts';
import { startService } from './running-service.ts';

const printEvery = 100;

/** What the running service holds: at its peak, some minutes after the build, and over many rebuilds. */
export async function benchMemory(options: BenchOptions): Promise<readonly Target[]> {
  const { folder, bin, minutes, rebuilds, print } = options;
  const articles = options.articles ?? 100_000;
  const publication = join(folder, 'memory');
  await generateArticles({ dir: publication, count: articles, seed: 3 });
  let servicePid = 0;
  let peakMb = 0;
  const residentMb = (): number => {
    const usage = readUsage(servicePid);
    peakMb = Math.max(peakMb, usage?.peakMb ?? 0, usage?.residentMb ?? 0);
    return usage?.residentMb ?? 0;
  };
  const sampler = setInterval(residentMb, 250);
  print(`\n## Memory with ${articles.toLocaleString('en')} articles, all processes\n`);
  try {
    const service = await startService(bin, ['start', '--outbox', '--dir', publication], (pid) => {
      servicePid = pid;
    });
    try {
      const afterBuildMb = residentMb();
      const coldPeakMb = peakMb;
      await wait(minutes * 60_000);
      const restingMb = residentMb();
      const overRebuilds: number[] = [];
      const rows = [
        ['cold peak', megabytes(coldPeakMb)],
        ['when ready', megabytes(afterBuildMb)],
        [`${minutes} minutes later`, megabytes(restingMb)],
      ];
      for (let rebuild = 1; rebuild <= rebuilds; rebuild++) {
        const rebuilt = service.next('rebuild', 120_000);
        await changeRecentArticle(publication, articles, rebuild);
        await rebuilt;
        overRebuilds.push(residentMb());
        if (rebuild % printEvery === 0) {
          const least = Math.min(...overRebuilds.slice(-printEvery));
          const row = [
            `after ${rebuild} rebuilds`,
            `${megabytes(residentMb())} (least of the last ${printEvery}: ${megabytes(least)})`,
          ];
          process.stderr.write(`${row.join(': ')}\n`);
          rows.push(row);
        }
      }
      print(renderTable(['', 'resident'], rows));
      return memoryTargets(restingMb, overRebuilds);
    } finally {
      await service.stop();
    }
  } finally {
    clearInterval(sampler);
  }
}

/** Flat: the last tenth of the rebuilds needs no more than the second tenth did, give or take what a collector leaves. */
function memoryTargets(restingMb: number, overRebuilds: readonly number[]): Target[] {
  const targets: Target[] = [{ name: 'resident after the build', measured: restingMb, atMost: 400, unit: 'MB' }];
  const tenth = Math.floor(overRebuilds.length / 10);
  if (tenth < 2) return targets;
  const [early, late] = [median(overRebuilds.slice(tenth, 2 * tenth)), median(overRebuilds.slice(-tenth))];
  return [
    ...targets,
    { name: 'resident over the last rebuilds', measured: late, atMost: 400, unit: 'MB' },
    { name: 'the last tenth of the rebuilds to the second', measured: late / early, atMost: 1.05 },
  ];
}

async function changeRecentArticle(publication: string, articles: number, rebuild: number): Promise<void> {
  const story = Math.max(0, newestStory(articles) - (rebuild % 40));
  await appendFile(generatedPath(publication, articles, story, 'en'), `\nRevision ${rebuild}.\n`);
}
