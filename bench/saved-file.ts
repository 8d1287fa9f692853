import { writeFile } from 'node:fs/promises';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BenchOptions } from './bench-options.ts';
import { randomNumbers, renderArticle } from './generate-articles.ts';
import { renderTable, type Target } from './markdown-report.ts';
import { median } from './measure.ts';
import { type RunningService, startService } from './running-service.ts';

const pollMs = 2;
const limitMs = 60_000;

/** In a running service: from a new article's file to a GET of the home feed that has it. */
export async function measureSavedFiles(
  { folder, bin, saves, print }: BenchOptions,
  publication: string,
  articles: number,
): Promise<readonly Target[]> {
  const service = await startService(bin, [
    'start',
    '--outbox',
    '--dir',
    publication,
    '--data',
    join(folder, 'service-data'),
  ]);
  const times: number[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (let save = 0; save < saves; save++) times.push(await saveOne(service, agent, publication, save));
  } finally {
    agent.destroy();
    await service.stop();
  }
  const worst = Math.max(...times);
  print(`\n### A saved file until its entry is served, ${articles.toLocaleString('en')} articles\n`);
  print(
    renderTable(
      ['saves', 'median', 'worst'],
      [[String(saves), `${median(times).toFixed(0)} ms`, `${worst.toFixed(0)} ms`]],
    ),
  );
  // The target is for 10,000; at other sizes the figure stands without one.
  return articles > 10_000
    ? []
    : [{ name: 'a saved file is served', measured: median(times), atMost: 100, unit: 'ms' }];
}

async function saveOne(service: RunningService, agent: Agent, publication: string, save: number): Promise<number> {
  const url = `${service.url}/rss.xml`;
  const story = 10_000_000 + save;
  const text = renderArticle(story, 'en', new Date(Date.now() - 1000), randomNumbers(save));
  const before = await get(agent, url, {});
  let etag = before.headers.etag ?? '';
  const rebuilt = service.next('rebuild', limitMs);
  const savedAt = performance.now();
  await writeFile(join(publication, 'content', `story-${story}.en.md`), text);
  for (;;) {
    const answer = await get(agent, url, { 'if-none-match': etag });
    const tookMs = performance.now() - savedAt;
    if (answer.status === 200 && answer.body.includes(`story-${story}`)) {
      // The next save begins when this one's work is over.
      await rebuilt;
      return tookMs;
    }
    if (tookMs > limitMs) throw new Error(`story-${story} was not served within ${limitMs} ms`);
    etag = answer.headers.etag ?? etag;
    await wait(pollMs);
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function get(agent: Agent, url: string, headers: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(parts).toString('utf8'),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}
