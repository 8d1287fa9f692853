import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawChart } from './chart.ts';
import { charts } from './charts.ts';
import { drawMap } from './map.ts';
import { maps } from './maps.ts';
import { drawIcon, drawLogo, drawSelvedge } from './marks.ts';

const root = join(import.meta.dirname, '../..');
const name = ['The Caucasus', 'Dispatch'] as const;

type Drawing = {
  svg: string;
  /** From the root of the repository, like `pngs`. */
  file: string;
  pngs: readonly { file: string; width: number }[];
};

const article = (slug: string, svg: string): Drawing => ({
  svg,
  file: `content/${slug}.svg`,
  pngs: [{ file: `content/${slug}.png`, width: 1200 }],
});

const drawings: readonly Drawing[] = [
  ...Object.entries(maps).map(([slug, map]) => article(slug, drawMap(map))),
  ...Object.entries(charts).map(([slug, chart]) => article(slug, drawChart(chart))),
  {
    svg: drawIcon(name.join(' ')),
    file: 'tools/pictures/icon.svg',
    pngs: [
      { file: 'icon.png', width: 512 },
      { file: 'templates/img/mark.png', width: 176 },
    ],
  },
  { svg: drawLogo(name), file: 'tools/pictures/logo.svg', pngs: [{ file: 'logo.png', width: 288 }] },
  {
    svg: drawSelvedge(),
    file: 'tools/pictures/selvedge.svg',
    pngs: [{ file: 'templates/img/selvedge.png', width: 1200 }],
  },
];

const withPngs = process.argv.includes('--png');
mkdirSync(join(root, 'templates/img'), { recursive: true });

for (const { svg, file, pngs } of drawings) {
  const source = join(root, file);
  writeFileSync(source, svg);
  if (!withPngs) continue;
  for (const png of pngs) {
    const drawn = execFileSync('rsvg-convert', ['--width', String(png.width), source]);
    // 64 colours keep the edges of letters smooth and a map under 60 KB, which mail needs.
    writeFileSync(join(root, png.file), execFileSync('pngquant', ['64', '--strip', '-'], { input: drawn }));
  }
}
