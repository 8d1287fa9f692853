import { relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { collect, type Invocation } from './command.ts';
import { writePublication } from './new-publication.ts';

interface InitOptions {
  readonly title: string;
  readonly url: string;
  readonly lang: readonly string[];
  readonly timezone: string;
}

/** `silkpost init`: a new publication that `silkpost start` can show at once. */
export function addInitCommand(program: Command, invocation: Invocation): void {
  program
    .command('init')
    .description('write a new publication: silkpost.yaml, a first article, templates')
    .argument('[dir]', 'its folder; made where it isn’t there', '.')
    .option('--title <title>', 'what it is called', 'My publication')
    .option('--url <url>', 'where it will be', 'http://localhost:8080')
    .option('--lang <lang>', 'a language such as en; may be said several times, the default first', collect, [])
    .option('--timezone <zone>', 'such as Asia/Tbilisi', Intl.DateTimeFormat().resolvedOptions().timeZone)
    .action(async (folder: string, options: InitOptions) => {
      const dir = resolve(folder);
      const languages = options.lang.length > 0 ? options.lang : ['en'];
      const written = await writePublication({ ...options, dir, languages }, systemClock.now());
      const where = relative('.', dir);
      invocation.terminal.out(dir);
      invocation.terminal.say(
        `${written.join(', ')} written. Next: ${where === '' ? '' : `cd ${where} && `}silkpost start`,
      );
    });
}
