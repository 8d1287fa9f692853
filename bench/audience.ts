import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AudienceReport } from './audience/audience-report.ts';
import type { BenchOptions } from './bench-options.ts';
import { generateArticles } from './generate-articles.ts';
import { megabytes, renderTable, seconds, type Target } from './markdown-report.ts';
import { measure, median } from './measure.ts';

const readers = 10_000;
const lists = 500;

/** Ten thousand readers with five hundred different lists of stories: one edition, rendered, frozen, made into messages. */
export async function benchAudience({ folder, rounds, print }: BenchOptions): Promise<readonly Target[]> {
  const reports: AudienceReport[] = [];
  for (let round = 0; round < rounds; round++) {
    const publication = join(folder, `audience-${round}`);
    await generateArticles({ dir: publication, count: 400, seed: 1 });
    const program = fileURLToPath(new URL('audience/run.ts', import.meta.url));
    const { output } = await measure([process.execPath, program, publication, String(readers), String(lists)]);
    reports.push(JSON.parse(output) as AudienceReport); // what run.ts prints
  }
  const of = (figure: keyof AudienceReport): number => median(reports.map((report) => report[figure]));
  print(`
## Audience

One edition of 12 stories for ${readers.toLocaleString('en')} readers with ${of('lists')} different lists, neighbours in the ledger with different ones;
${rounds === 1 ? 'one run' : `medians of ${rounds} rounds`}.
`);
  print(
    renderTable(
      [
        'languages',
        'documents rendered',
        'messages',
        'bodies made',
        'rendered and frozen',
        'messages made too',
        'CPU',
        'peak memory',
      ],
      [
        [
          String(of('languages')),
          String(of('rendered')),
          of('messages').toLocaleString('en'),
          String(of('bodies')),
          seconds(of('frozenMs')),
          seconds(of('wallMs')),
          seconds(of('cpuMs')),
          megabytes(of('peakMb')),
        ],
      ],
    ),
  );
  return [
    { name: 'rendered and frozen', measured: of('frozenMs') / 1000, atMost: 5, unit: 's' },
    { name: 'documents rendered for each language', measured: of('rendered') / of('languages'), atMost: 1 },
    { name: 'bodies made for each list', measured: of('bodies') / of('lists'), atMost: 1 },
  ];
}
