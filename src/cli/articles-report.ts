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
