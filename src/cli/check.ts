import type { Command } from 'commander';
import { describeProblem } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';

/** `silkpost check`: lint content and configuration. */
export function addCheckCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('check'))
    .description('look for problems in silkpost.yaml and the articles')
    .option('--json', 'print them as one JSON document')
    .action((options: PlaceOptions & { json?: boolean }) =>
      withApp(invocation, options, async (app) => {
        const { terminal } = invocation;
        await app.catalog.refresh();
        const { articles, problems } = app.catalog.catalog();
        if (options.json) terminal.out(JSON.stringify({ problems }, null, 2));
        else {
          for (const problem of problems) terminal.out(describeProblem(problem));
          const blocking = problems.filter((problem) => problem.blocking).length;
          terminal.say(`${articles.length} articles, ${problems.length} problems, ${blocking} of them blocking`);
        }
        if (problems.some((problem) => problem.blocking)) invocation.end(exitCodes.fault);
      }),
    );
}
