import { join, relative, sep } from 'node:path';
import type { ContentProblem } from '../content/index.ts';

export interface AnnotationPlace {
  /** Absolute path of the publication's folder. */
  readonly dir: string;
  /** Absolute path of the repository; files are named from there. */
  readonly root: string;
}

/**
 * A problem as a GitHub workflow command, which shows it at its line in a pull request:
 * `::error file=content/talks.md,line=3,col=1,title=missing-title::title is missing.`
 */
export function describeAnnotation(problem: ContentProblem, { dir, root }: AnnotationPlace): string {
  const { file, line, column, code, message, blocking } = problem;
  const properties: [string, string | number | null][] = [
    ['file', relative(root, join(dir, file)).split(sep).join('/')],
    ['line', line],
    ['col', line === null ? null : column],
    ['title', code],
  ];
  const written = properties.flatMap(([name, value]) =>
    value === null ? [] : [`${name}=${escapeProperty(String(value))}`],
  );
  return `::${blocking ? 'error' : 'warning'} ${written.join(',')}::${escapeMessage(message)}`;
}

/** As the runner decodes it: github.com/actions/toolkit, packages/core/src/command.ts. */
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
