import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openApp } from '../src/app.ts';
import { readConfig } from '../src/config/index.ts';
import { consoleAppOf } from '../src/web/console/console-app-of.ts';
import { consoleRoutes } from '../src/web/console/console-routes.ts';
import { freePort } from '../tests/support/free-port.ts';
import type { BenchOptions } from './bench-options.ts';
import { endWithBench, stopProcess } from './child-end.ts';
import { askPage, type PageAnswer } from './console/ask-page.ts';
import type { LedgerFacts } from './console/ledger-facts.ts';
import { type AskedPage, pagesOf } from './console/pages.ts';
import { ratio, renderTable, type Target } from './markdown-report.ts';
import { measure, median, quantile } from './measure.ts';
import { startService } from './running-service.ts';

/** How often a page is asked for in a round, and the bare server for the same bytes, by turns. */
const perRound = 4;

/** Every page is to be answered in, milliseconds. */
const mostMs = 100;

/** A page; the way on where there is nothing to do; why that can’t be done to an edition as it is; a form to fill in. */
const expected = new Set([200, 303, 409, 422]);

interface Figures {
  readonly page: AskedPage;
  readonly answer: PageAnswer;
  readonly ms: readonly number[];
  readonly bareMs: readonly number[];
}

/** Each page of the console over a large ledger, one after the other; beside a bare server that answers the same bytes. */
export async function benchConsole(options: BenchOptions): Promise<readonly Target[]> {
  const { folder, bin, print, rounds, editions } = options;
  const [readers, articles] = [options.readers ?? 1_000_000, options.articles ?? 10_000];
  const publication = join(folder, 'console');
  const fill = fileURLToPath(new URL('console/fill.ts', import.meta.url));
  const words = [publication, articles, readers, editions].map(String);
  const filled = await measure([process.execPath, '--max-old-space-size=4096', fill, ...words]);
  const facts: LedgerFacts = JSON.parse(filled.output); // what fill.ts prints
  const port = String(await freePort());
  // Archives too, which a first start makes beside its answers.
  await measure([process.execPath, bin, 'build', '--dir', publication], { variables: { SILKPOST_PORT: port } });
  const pages = countedLast((await listPatterns(publication)).flatMap((pattern) => pagesOf(pattern, facts)));
  const service = await startService(bin, ['serve', '--dir', publication], undefined, port);
  const agent = new Agent({ keepAlive: true });
  const times = rounds * perRound;
  const figures: Figures[] = [];
  try {
    const urlOf = (page: AskedPage): string => `${service.url}/console${page.path}`;
    const first: PageAnswer[] = [];
    for (const page of pages) first.push(await askPage(agent, urlOf(page), facts.cookie));
    const bare = await startBare(folder, pages, first);
    try {
      for (const [index, page] of pages.entries()) {
        const answer = first[index];
        if (answer === undefined) continue;
        const ms: number[] = [];
        const bareMs: number[] = [];
        while (ms.length < times) {
          bareMs.push((await askPage(agent, bare.url + page.path, facts.cookie)).ms);
          ms.push((await askPage(agent, urlOf(page), facts.cookie)).ms);
        }
        figures.push({ page, answer, ms, bareMs });
      }
    } finally {
      await bare.stop();
    }
  } finally {
    agent.destroy();
    await service.stop();
  }
  print(`
## The console

${readers.toLocaleString('en')} readers, ${editions.toLocaleString('en')} editions, three of them with a delivery to each reader, ${articles.toLocaleString('en')} articles;
each page ${times} times on one connection, after a first time that is apart. Sizes are of the page, and as sent.
`);
  print(
    renderTable(
      ['page', 'answer', 'first', 'p50', 'p95', 'KB', 'KB sent', '× bare'],
      figures.map((one) => [
        `\`${one.page.name.replaceAll('|', '\\|')}\``,
        String(one.answer.status),
        ...[firstOf, p50Of, p95Of].map((of) => `${of(one).toFixed(1)} ms`),
        (one.answer.size / 1000).toFixed(1),
        (one.answer.body.length / 1000).toFixed(1),
        ratio(p50Of(one) / median(one.bareMs)),
      ]),
    ),
  );
  const judged = { first: firstOf, p50: p50Of, p95: p95Of };
  print(`\nOver ${mostMs} ms:\n${listOver(figures, judged)}`);
  return [
    ...Object.entries(judged).map(([name, of]) => ({
      name: `slowest page, ${name}`,
      measured: Math.max(...figures.map(of)),
      atMost: mostMs,
      unit: 'ms',
    })),
    {
      name: 'largest page',
      measured: Math.max(...figures.map(({ answer }) => answer.size)) / 1000,
      atMost: 60,
      unit: 'KB',
    },
    {
      name: 'pages that aren’t there, or fail',
      measured: figures.filter(({ answer }) => !expected.has(answer.status)).length,
      atMost: 0,
    },
  ];
}

const firstOf = ({ answer }: Figures): number => answer.ms;
const p50Of = ({ ms }: Figures): number => median(ms);
const p95Of = ({ ms }: Figures): number => quantile(ms, 0.95);

/** A line for each page that takes longer than it may, by whatever it is judged. */
function listOver(figures: readonly Figures[], judged: Readonly<Record<string, (one: Figures) => number>>): string {
  const lines = figures.flatMap((one) => {
    const over = Object.entries(judged).filter(([, of]) => of(one) > mostMs);
    const said = over.map(([name, of]) => `${name} ${of(one).toFixed(1)} ms`);
    return over.length === 0 ? [] : [`- \`${one.page.name}\`: ${said.join(', ')}`];
  });
  return lines.length === 0 ? '- none' : lines.join('\n');
}

/** Counting the readers of an edition goes on behind the pages that are asked for next. */
function countedLast(pages: readonly AskedPage[]): AskedPage[] {
  const isCounted = ({ name }: AskedPage): boolean => name.includes('/counted');
  return [...pages.filter((page) => !isCounted(page)), ...pages.filter(isCounted)];
}

/** Of every page that there is, as the router has them. */
async function listPatterns(dir: string): Promise<string[]> {
  const app = await openApp(readConfig({ dir, environment: {} }));
  try {
    return consoleRoutes(consoleAppOf(app)).flatMap(({ method, path }) => (method === 'GET' ? [path] : []));
  } finally {
    await app.close();
  }
}

/** A bare node:http server that has the very bytes. */
async function startBare(folder: string, pages: readonly AskedPage[], answers: readonly PageAnswer[]) {
  const file = join(folder, 'console-pages.json');
  const kept = pages.map(({ path }, index) => ({
    path,
    headers: ownHeaders(answers[index]?.headers ?? {}),
    body: answers[index]?.body.toString('base64') ?? '',
  }));
  await writeFile(file, JSON.stringify(kept));
  const script = fileURLToPath(new URL('./peers/bare-pages.ts', import.meta.url));
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithBench(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { url: `http://127.0.0.1:${Number(line.toString())}`, stop: () => stopProcess(child) };
}

/** Without those that Node’s server adds by itself. */
function ownHeaders(headers: PageAnswer['headers']): Record<string, string> {
  const added = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding']);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !added.has(name)));
}
