import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchOptions } from './bench-options.ts';
import { findProgram } from './find-program.ts';
import { generateArticles, generatedPath, newestStory } from './generate-articles.ts';
import { megabytes, ratio, renderTable, seconds, type Target } from './markdown-report.ts';
import { type Cost, measure, medianCost } from './measure.ts';
import { hasOption } from './packed-program.ts';
import { prepareEleventy, runEleventy } from './peers/eleventy.ts';
import { prepareHugo, runHugo } from './peers/hugo.ts';
import { measureSavedFiles } from './saved-file.ts';
import { generatedLanguages } from './vocabulary.ts';
import { countDocuments, type WrittenDocuments } from './written-documents.ts';

const names = {
  cold: 'Silkpost, cold',
  warm: 'Silkpost, warm, one file changed',
  unchanged: 'Silkpost, warm, nothing changed',
  archives: 'Silkpost, warm, archives written',
  hugo: 'Hugo',
  eleventy: 'Eleventy',
};

/** A program that turns the same folder of articles into feeds. */
interface Contender {
  readonly name: string;
  readonly costs: Cost[];
  /** Runs it once, and says where its documents are. */
  run(round: number): Promise<{ readonly cost: Cost; readonly out: string; readonly since?: number }>;
  documents: WrittenDocuments;
}

/** From a folder of articles to feeds on disk, against the peers; then a saved file in a running service. */
export async function benchContent(options: BenchOptions): Promise<readonly Target[]> {
  const { folder, rounds, print } = options;
  const articles = options.articles ?? 10_000;
  const publication = join(folder, 'publication');
  await generateArticles({ dir: publication, count: articles, seed: 1 });
  const contenders = await listContenders(options, publication, articles);
  for (let round = 0; round < rounds; round++) {
    for (const contender of contenders) {
      const { cost, out, since } = await contender.run(round);
      contender.costs.push(cost);
      contender.documents = await countDocuments(out, since);
    }
    await rm(join(folder, 'data'), { recursive: true });
  }
  print(`## Feeds of ${articles.toLocaleString('en')} articles

${generatedLanguages.length} languages, 20 keys, 50 items; medians over ${rounds} alternating rounds. Hugo and Eleventy write RSS alone, Hugo with
summaries; Silkpost and the script write the full text in three formats.
`);
  print(renderContenders(contenders));
  print(describeArchives(contenders));
  const targets = contentTargets(contenders, articles);
  return options.saves === 0 ? targets : [...targets, ...(await measureSavedFiles(options, publication, articles))];
}

async function listContenders(
  { folder, bin, eleventy }: BenchOptions,
  publication: string,
  articles: number,
): Promise<Contender[]> {
  const data = join(folder, 'data');
  const ours = join(data, 'public');
  const build = (...words: string[]) =>
    measure([process.execPath, bin, 'build', '--dir', publication, '--data', data, '--out', ours, ...words]);
  const withoutArchives = (await hasOption(bin, 'build', '--no-archives')) ? ['--no-archives'] : [];
  const none: WrittenDocuments = { documents: 0, megabytes: 0, touched: 0, archived: 0, archivedMegabytes: 0 };
  const contender = (name: string, run: Contender['run']): Contender => ({ name, run, costs: [], documents: none });
  const list = [
    contender(names.cold, async () => ({ cost: await build(...withoutArchives), out: ours })),
    contender(names.warm, async (round) => {
      await changeNewestArticle(publication, articles, round);
      const since = Date.now();
      return { cost: await build(...withoutArchives), out: ours, since };
    }),
    contender(names.unchanged, async () => {
      const since = Date.now();
      return { cost: await build(...withoutArchives), out: ours, since };
    }),
  ];
  if (withoutArchives.length > 0) {
    list.push(
      contender(names.archives, async () => {
        const since = Date.now();
        return { cost: await build(), out: ours, since };
      }),
    );
  }
  const hugo = findProgram('hugo');
  if (hugo !== null) {
    const [site, out] = [join(folder, 'hugo'), join(folder, 'hugo-out')];
    await prepareHugo(publication, site);
    list.push(contender(names.hugo, async () => ({ cost: await runHugo(hugo, site, out), out })));
  }
  if (eleventy) {
    const [site, out] = [join(folder, 'eleventy'), join(folder, 'eleventy-out')];
    await prepareEleventy(publication, site);
    list.push(contender(names.eleventy, async () => ({ cost: await runEleventy(site, out), out })));
  }
  const script = fileURLToPath(new URL('./peers/script-feeds.ts', import.meta.url));
  const out = join(folder, 'script-out');
  list.push(
    contender('a script over the same libraries', async () => {
      await rm(out, { recursive: true, force: true });
      return { cost: await measure([process.execPath, script, publication, out]), out };
    }),
  );
  return list;
}

function find(contenders: readonly Contender[], name: string): Contender | null {
  return contenders.find((contender) => contender.name === name) ?? null;
}

/** An editor adds a sentence to the newest article of the default language: its feeds change in all formats. */
async function changeNewestArticle(publication: string, articles: number, round: number): Promise<void> {
  const path = generatedPath(publication, articles, newestStory(articles), 'en');
  await appendFile(path, `\nIn round ${round} this was added.\n`);
}

function renderContenders(contenders: readonly Contender[]): string {
  const hugo = find(contenders, names.hugo);
  const base = hugo ? medianCost(hugo.costs) : null;
  return renderTable(
    ['', 'time', 'CPU', 'peak memory', 'documents', 'size', 'written', '× Hugo’s time', '× Hugo’s memory'],
    contenders.map(({ name, costs, documents }) => {
      const { wallMs, cpuMs, peakMb } = medianCost(costs);
      return [
        name,
        seconds(wallMs),
        seconds(cpuMs),
        megabytes(peakMb),
        String(documents.documents),
        megabytes(documents.megabytes),
        String(documents.touched),
        base ? ratio(wallMs / base.wallMs) : '–',
        base ? ratio(peakMb / base.peakMb) : '–',
      ];
    }),
  );
}

/** The archives' own share: a build that writes them, less one with nothing to do. */
function describeArchives(contenders: readonly Contender[]): string {
  const [full, unchanged] = [names.archives, names.unchanged].map((name) => find(contenders, name));
  if (!full || !unchanged) return '';
  const [all, base] = [medianCost(full.costs), medianCost(unchanged.costs)];
  const { archived, archivedMegabytes } = full.documents;
  return `
Archives, once: ${archived} documents, ${megabytes(archivedMegabytes)}, in ${seconds(all.wallMs - base.wallMs)} and ${seconds(all.cpuMs - base.cpuMs)} of CPU over a build with nothing to do.`;
}

function contentTargets(contenders: readonly Contender[], articles: number): Target[] {
  const [cold, warm, hugo, eleventy] = [names.cold, names.warm, names.hugo, names.eleventy].map((name) => {
    const found = find(contenders, name);
    return found ? medianCost(found.costs) : null;
  });
  const targets: Target[] = [];
  if (cold && hugo) {
    targets.push(
      { name: 'cold, of Hugo’s time', measured: cold.wallMs / hugo.wallMs, atMost: 0.6 },
      { name: 'cold, of Hugo’s memory', measured: cold.peakMb / hugo.peakMb, atMost: 0.5 },
    );
  }
  if (cold && eleventy) {
    targets.push({ name: 'cold, of Eleventy’s time', measured: cold.wallMs / eleventy.wallMs, atMost: 0.15 });
  }
  if (warm) {
    const atMost = articles <= 10_000 ? 0.8 : 3;
    targets.push({ name: 'warm with one file changed', measured: warm.wallMs / 1000, atMost, unit: 's' });
  }
  return targets;
}
