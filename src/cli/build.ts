import { resolve } from 'node:path';
import type { Command } from 'commander';
import { writeOpmlFiles } from '../web/work.ts';
import { count, describePings, describeProblems, describeRebuild, pingWithinMs } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';

interface BuildOptions extends PlaceOptions {
  readonly out?: string;
  readonly acceptRemovals?: boolean;
  /** False where `--no-archives` was said. */
  readonly archives: boolean;
  readonly json?: boolean;
}

/** `silkpost build`: write the feeds and pictures. */
export function addBuildCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('build'))
    .description('write the feeds and pictures to public/')
    .option('--out <dir>', 'write them here instead')
    .option('--accept-removals', 'go on although many published articles are gone')
    .option('--no-archives', 'leave out what can wait: archives and compressed twins')
    .option('--json', 'print what was done as one JSON document')
    .action((options: BuildOptions) =>
      withApp(
        invocation,
        options,
        async (app) => {
          const { terminal } = invocation;
          const built = await app.rebuild({
            acceptRemovals: options.acceptRemovals ?? false,
            makesArchives: options.archives,
            onProgress: (done, all) => terminal.status(`${done} of ${all} articles`),
          });
          terminal.say(describeRebuild(app, built));
          await writeOpmlFiles(app);
          const finished = options.archives
            ? await app.finish((done, all) => terminal.status(`${done} of ${all} archive documents`))
            : null;
          if (finished && finished.written > 0) {
            terminal.say(`${count(finished.written, 'archive document')} written`);
          }
          const { waiting } = app.feeds;
          if (waiting > 0) {
            terminal.say(
              `${count(waiting, 'archive document')} still to be made, by a build without --no-archives: until then feeds don’t lead to them.`,
            );
          }
          // For a host that is given the folder as it then is.
          if (options.archives) await app.sizes.settled();
          // Texts that were rendered for the archives may have shown more.
          const { problems } = app.catalog.catalog();
          for (const line of describeProblems(problems)) terminal.say(line);
          if (options.json) {
            const { problems: _, ...figures } = built;
            const archives = finished && { written: finished.written, ms: finished.ms };
            terminal.out(JSON.stringify({ ...figures, problems: problems.length, archives, waiting }, null, 2));
          }
          for (const line of describePings(await app.hubs.sendNow(pingWithinMs))) terminal.say(line);
          if (built.refused || built.failed > 0) invocation.end(exitCodes.fault);
        },
        { rebuilds: true, ...(options.out !== undefined && { publicDir: resolve(options.dir, options.out) }) },
      ),
    );
}
