import { resolve } from 'node:path';
import type { Command } from 'commander';
import { describeProblem, describeRebuild } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';

interface BuildOptions extends PlaceOptions {
  readonly out?: string;
  readonly acceptRemovals?: boolean;
}

/** `silkpost build`: write the feeds and pictures. */
export function addBuildCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('build'))
    .description('write the feeds and pictures to public/')
    .option('--out <dir>', 'write them here instead')
    .option('--accept-removals', 'go on although many published articles are gone')
    .action((options: BuildOptions) =>
      withApp(
        invocation,
        options,
        async (app) => {
          const { terminal } = invocation;
          const built = await app.rebuild({
            acceptRemovals: options.acceptRemovals ?? false,
            onProgress: (done, all) => terminal.status(`${done} of ${all} articles`),
          });
          for (const problem of built.problems) terminal.say(describeProblem(problem));
          terminal.say(describeRebuild(app, built));
          // For a host that is given the folder as it then is.
          await app.sizes.settled();
          if (built.refused) invocation.end(exitCodes.fault);
        },
        options.out === undefined ? {} : { publicDir: resolve(options.dir, options.out) },
      ),
    );
}
