/** Markdown for docs/benchmarks.md. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** One of the project's targets: a measured figure and the most that it may be. */
export interface Target {
  readonly name: string;
  readonly measured: number;
  readonly atMost: number;
  /** `ms`, `s`, `MB`, or nothing for a ratio. */
  readonly unit?: string;
}

export function renderTargets(targets: readonly Target[]): string {
  return targets
    .map(({ name, measured, atMost, unit }) => {
      const verdict = measured <= atMost ? 'met' : '**falls short**';
      const figure = (value: number): string => (unit === undefined ? String(value) : `${value} ${unit}`);
      return `- ${name}: ${figure(round(measured))}, at most ${figure(atMost)}: ${verdict}`;
    })
    .join('\n');
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const megabytes = (mb: number): string => `${mb.toFixed(mb < 10 ? 1 : 0)} MB`;
export const ratio = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '–');

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toFixed(2));
}
