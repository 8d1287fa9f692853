import { colour, height, picture, text, width } from './svg.ts';

export type Bar = {
  label: string;
  value: number;
  /** The number in words of the picture, such as "about 8.1"; defaults to the value. */
  shown?: string;
  /** Told apart by pattern as well as colour. */
  look: 'solid' | 'striped' | 'planned';
};

export type BarGroup = {
  /** Stands above its bars; without it the group has no heading. */
  heading?: string;
  bars: readonly Bar[];
};

export type ChartPicture = {
  title: string;
  /** Two or three words under the title: the unit. */
  unit: string;
  groups: readonly BarGroup[];
  /** Room for the names of the bars, in picture units. */
  labelWidth: number;
};

const margin = 56;
const numberWidth = 230;

/** Bars lie down: names and numbers keep their place in every language and on a narrow screen. */
export function drawChart(chart: ChartPicture): string {
  const left = margin + chart.labelWidth;
  const longest = Math.max(...chart.groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const perUnit = (width - left - margin - numberWidth) / longest;
  const layout = rows(chart.groups);

  const drawn = layout.map((row) => {
    if (row.kind === 'heading')
      return text([margin, row.y + row.height * 0.72], [row.words], { size: 36, weight: 600 });
    const { bar, y, height: thickness } = row;
    const length = Math.max(bar.value * perUnit, 4);
    const middle = y + thickness / 2 + 13;
    const edge = bar.look === 'planned' ? ` stroke="${colour.indigo}" stroke-width="3" stroke-dasharray="14 8"` : '';
    return [
      text([left - 20, middle], [bar.label], { size: 36, anchor: 'end', fill: colour.ink2 }),
      `<path fill="${fills[bar.look]}"${edge} d="M${left} ${Math.round(y)}h${Math.round(length)}v${Math.round(thickness)}h-${Math.round(length)}Z"/>`,
      `<path fill="${colour.ink}" d="M${left - 3} ${Math.round(y) - 4}h3v${Math.round(thickness) + 8}h-3Z"/>`,
      text([left + length + 20, middle], [bar.shown ?? String(bar.value)], { size: 40, weight: 700 }),
    ].join('');
  });

  return picture(
    chart.title,
    [
      patterns,
      `<path fill="${colour.land}" d="M0 0H${width}V${height}H0Z"/>`,
      `<path fill="${colour.madder}" d="M${margin} 44h136v6h-136Z"/><path fill="${colour.ink}" d="M${margin + 136} 44h${width - 2 * margin - 136}v2h-${width - 2 * margin - 136}Z"/>`,
      text([margin, 104], [chart.title], { size: 46, weight: 700 }),
      text([margin, 150], [chart.unit], { size: 34, fill: colour.ink2 }),
      ...drawn,
    ].join('\n'),
  );
}

const firstRow = 184;

type Row =
  | { kind: 'heading'; y: number; height: number; words: string }
  | { kind: 'bar'; y: number; height: number; bar: Bar };

/** Shares the height among headings, bars and the gaps after them; more room stands before a heading. */
function rows(groups: readonly BarGroup[]): Row[] {
  const several = groups.length > 1;
  const parts = groups.flatMap(({ heading, bars }) => [
    ...(heading ? [{ share: 1, gap: 0.1, row: { kind: 'heading', words: heading } as const }] : []),
    ...bars.map((bar, index) => ({
      share: 1,
      gap: !several ? 0.35 : index < bars.length - 1 ? 0.14 : 0.4,
      row: { kind: 'bar', bar } as const,
    })),
  ]);
  const shares = parts.reduce((sum, { share, gap }) => sum + share + gap, -(parts.at(-1)?.gap ?? 0));
  const unit = (height - 44 - firstRow) / shares;
  let y = firstRow;
  return parts.map(({ share, gap, row }) => {
    const placed = { ...row, y, height: share * unit };
    y += (share + gap) * unit;
    return placed;
  });
}

const fills: Record<Bar['look'], string> = { solid: colour.indigo, striped: 'url(#striped)', planned: 'url(#planned)' };

const patterns =
  '<defs>' +
  `<pattern id="striped" width="20" height="20" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path fill="${colour.weld}" d="M0 0h20v20h-20Z"/><path fill="${colour.ink}" d="M0 0h6v20h-6Z"/></pattern>` +
  `<pattern id="planned" width="18" height="18" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path fill="${colour.indigoTint}" d="M0 0h18v18h-18Z"/><path fill="${colour.indigo}" d="M0 0h5v18h-5Z"/></pattern>` +
  '</defs>';
