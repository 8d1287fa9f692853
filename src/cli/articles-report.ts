import type { App } from '../app.ts';
import type { ContentProblem } from '../content/index.ts';
import type { PingReport } from '../feeds/index.ts';
import type { Rebuilt } from '../rooms/index.ts';

/** How long a command that ends tells hubs of changed feeds; what is left then is for the next run. */
export const pingWithinMs = 15_000;

/** `content/2023-04-09-tehran-talks.md:3:1 title: is missing …` */
export function describeProblem(problem: ContentProblem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
  const field = problem.field === null ? '' : ` ${problem.field}:`;
  const leftOut = problem.blocking && problem.file.startsWith('content/');
  return `${place}${field} ${problem.message}${leftOut ? ' (left out)' : ''}`;
}

/** Problems of one kind that are too many to read one by one. */
export interface FurtherProblems {
  readonly code: string;
  /** How many of the kind are not among those that are shown. */
  readonly count: number;
  readonly message: string;
}

/** From more than `manyOfAKind` problems of one kind, as a whole archive that moves in has, the first few are enough. */
const manyOfAKind = 50;
const fewOfAKind = 5;

/** The problems to show, in their order, and what there is more of. */
export function chooseProblems(problems: readonly ContentProblem[]): {
  readonly shown: readonly ContentProblem[];
  readonly further: readonly FurtherProblems[];
} {
  const shown = new Set(problems);
  const further: FurtherProblems[] = [];
  for (const [code, ofKind] of Map.groupBy(problems, (problem) => problem.code)) {
    if (ofKind.length <= manyOfAKind) continue;
    const rest = ofKind.slice(fewOfAKind);
    for (const problem of rest) shown.delete(problem);
    const blocking = rest.filter((problem) => problem.blocking).length;
    const leftOut = blocking === 0 ? '' : ` (${blocking} left out)`;
    const example = rest[0]?.message ?? '';
    const message = `There are ${rest.length} more such as this: ${example}${leftOut} “silkpost check --all” names each.`;
    further.push({ code, count: rest.length, message });
  }
  return { shown: [...shown], further };
}

/** A line for each problem, and one for all the others of a kind that has too many. */
export function describeProblems(problems: readonly ContentProblem[]): readonly string[] {
  const { shown, further } = chooseProblems(problems);
  return [...shown.map(describeProblem), ...further.map(({ message }) => message)];
}

/** What a rebuild did, in one or two lines. */
export function describeRebuild(app: App, built: Rebuilt): string {
  const published = app.catalog.published();
  const languages = new Set(published.articles.map((article) => article.lang)).size;
  const read = `${count(app.catalog.catalog().articles.length, 'article')} read, ${published.articles.length} published in ${count(languages, 'language')}`;
  const written = `${count(built.documents, 'feed document')} in ${app.publicDir} (${built.written} written just now)`;
  return `${read}\n${written}`;
}

/** What was said to the hubs, in no line where there was nothing to say. */
export function describePings({ told, left, problems }: PingReport): string[] {
  const lines = [...problems];
  if (told > 0) lines.push(`${count(told, 'ping')} sent to hubs`);
  if (left > 0) lines.push(`${count(left, 'ping')} to hubs left for the next run`);
  return lines;
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
