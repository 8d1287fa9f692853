import { colour, escapeXml, serif } from './svg.ts';

/** Two threads that mirror each other; where one goes under it stops, so that they read as woven. */
const threads = [
  { ink: colour.sheet, d: 'M-16 68L16 28L26 40.5M38 55.5L48 68L80 28L90 40.5' },
  { ink: '#ecb84f', d: 'M6 55.5L16 68L48 28L58 40.5M70 55.5L80 68L112 28' },
];

const tile =
  `<path fill="${colour.madder}" d="M0 0H96V96H0Z"/><g fill="none" stroke-width="11" stroke-miterlimit="8">` +
  threads.map(({ ink, d }) => `<path stroke="${ink}" d="${d}"/>`).join('') +
  '</g>';

const drawing = (size: string, title: string, body: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" role="img"><title>${escapeXml(title)}</title>${body}</svg>\n`;

export const drawIcon = (name: string): string => drawing('96 96', name, tile);

/** The mark with the name beside it, on its own ground for dark readers. */
export const drawLogo = (rows: readonly [string, string]): string =>
  drawing(
    '288 96',
    rows.join(' '),
    `<path fill="${colour.sheet}" d="M0 0H288V96H0Z"/><svg x="10" y="10" width="76" height="76" viewBox="0 0 96 96">${tile}</svg>` +
      rows
        .map(
          (row, index) =>
            `<text x="100" y="${42 + index * 32}" font-family="${serif}" font-size="26" font-weight="700" fill="${colour.ink}">${escapeXml(row)}</text>`,
        )
        .join(''),
  );

/** The woven edge over a letter: stitches of the four threads with the ground between them. */
export function drawSelvedge(): string {
  const stitches = [
    { length: 60, thread: colour.madder },
    { length: 26, thread: colour.indigo },
    { length: 14, thread: colour.weld },
    { length: 26, thread: colour.spruce },
  ];
  const gap = 6;
  const repeat = stitches.reduce((sum, { length }) => sum + length + gap, 0);
  let x = 0;
  const pattern = stitches.map(({ length, thread }) => {
    const stitch = `<path fill="${thread}" d="M${x} 0h${length}v12h-${length}Z"/>`;
    x += length + gap;
    return stitch;
  });
  return drawing(
    '1200 12',
    'Woven edge',
    `<defs><pattern id="stitches" width="${repeat}" height="12" patternUnits="userSpaceOnUse">${pattern.join('')}</pattern></defs>` +
      `<path fill="${colour.sheet}" d="M0 0H1200V12H0Z"/><path fill="url(#stitches)" d="M0 0H1200V12H0Z"/>`,
  );
}
