/** Markdown for docs/benchmarks.md. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One of the project's targets: a measured figure and the most, or the least, that it may be. */
export type Target = {
  readonly name: string;
  readonly measured: number;
  /** `ms`, `s`, `MB`, or nothing for a ratio. */
  readonly unit?: string;
} & ({ readonly atMost: number } | { readonly atLeast: number });

export function renderTargets(targets: readonly Target[]): string {
  return targets
    .map((target) => {
      const { name, measured, unit } = target;
      const isMet = 'atMost' in target ? measured <= target.atMost : measured >= target.atLeast;
      const verdict = isMet ? 'met' : '**falls short**';
      const figure = (value: number): string => (unit === undefined ? String(value) : `${value} ${unit}`);
      const bound = 'atMost' in target ? `at most ${figure(target.atMost)}` : `at least ${figure(target.atLeast)}`;
      return `- ${name}: ${figure(round(measured))}, ${bound}: ${verdict}`;
    })
    .join('\n');
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const megabytes = (mb: number): string => `${mb.toFixed(mb < 10 ? 1 : 0)} MB`;
export const ratio = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–');

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toFixed(2));
}
