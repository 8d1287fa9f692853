import type { ContentProblem } from '../content/index.ts';
import type { Log } from '../log.ts';
import type { Rebuilt } from '../rooms/index.ts';
import { chooseProblems, describeProblem } from './articles-report.ts';

/**
 * Logs a rebuild, and its problems: articles that are left out each time, whatever else deserves a look only where the last
 * rebuild didn’t have it. A newsroom saves all day, and what can wait would bury what is new.
 */
export function createRebuildLog(log: Log): (built: Rebuilt) => void {
  let told: ReadonlySet<string> = new Set();
  return ({ problems, articles, documents, written, ms, refused }) => {
    const { shown, further } = chooseProblems(problems);
    for (const problem of shown) {
      if (!problem.blocking && told.has(keyOf(problem))) continue;
      log.warn('problem', { ...problem, message: describeProblem(problem) });
    }
    for (const kind of further) if (!told.has(kind.message)) log.warn('problem', { ...kind });
    told = new Set([...problems.map(keyOf), ...further.map(({ message }) => message)]);
    log.info('rebuild', { articles, documents, written, ms, refused });
  };
}

/** Without its line: that moves with what is written above it. */
function keyOf({ file, field, code, message }: ContentProblem): string {
  return JSON.stringify([file, field, code, message]);
}
