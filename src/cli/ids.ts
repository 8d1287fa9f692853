import type { Command } from 'commander';
import { listUnwrittenIds, writeIds } from '../content/index.ts';
import { AppError } from '../errors.ts';
import { count } from './articles-report.ts';
import { type Invocation, type PlaceOptions, withApp, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { foreignIds } from './foreign-ids.ts';

/** `silkpost ids`: the articles' ids into their files, for those who build without the database. */
export function addIdsCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('ids'))
    .description('list the ids that stand in no file yet, or write them into the files')
    .option('--write', 'add a line “id: …” to each file; nothing else in it changes')
    .option('--from <file>', 'take the ids, and old addresses, from the old site’s feed')
    .action((options: PlaceOptions & { readonly write?: boolean; readonly from?: string }) => {
      const { from } = options;
      if (from !== undefined) return foreignIds({ ...options, from }, invocation);
      return withApp(invocation, options, async (app) => {
        const { terminal } = invocation;
        const { site, paths } = app.config;
        const change = await app.catalog.refresh({
          onProgress: (done, all) => terminal.status(`${done} of ${all} articles`),
        });
        if (change.refused) {
          throw new AppError(
            'conflict',
            'Many published articles are gone, so nothing was written. Bring them back, or say silkpost build --accept-removals.',
          );
        }
        const { ids, faulty } = await listUnwrittenIds(paths.content, site, app.catalog.catalog());
        const left = options.write ? await writeIds(paths.content, ids) : [];
        for (const { path, id } of ids) if (!left.includes(path)) terminal.out(`content/${path} ${id}`);
        for (const path of faulty) {
          terminal.say(`content/${path} has a problem, so it was left alone. silkpost check says what it is.`);
        }
        for (const { path, id } of ids) {
          if (left.includes(path)) terminal.say(`content/${path} can’t take the line. Write it by hand: id: ${id}`);
        }
        const written = ids.length - left.length;
        if (options.write) terminal.say(`${count(written, 'id')} written`);
        else if (ids.length > 0) terminal.say(`${count(ids.length, 'id')} in no file yet; --write puts them there`);
        else terminal.say('Every article that can be read has its id.');
        if (faulty.length > 0 || left.length > 0) invocation.end(exitCodes.fault);
      });
    });
}
