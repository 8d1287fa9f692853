import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { checkConfig } from '../config/index.ts';
import { type ContentCheck, type ContentProblem, checkContent, sortProblems } from '../content/index.ts';
import { describeAnnotation } from './annotations.ts';
import { count, describeProblem, describeProblems } from './articles-report.ts';
import { type CheckedNewsletter, checkEditions, describeNewsletter } from './check-editions.ts';
import { type Invocation, type PlaceOptions, withPlace } from './command.ts';
import { exitCodes } from './exit-codes.ts';

interface CheckOptions extends PlaceOptions {
  readonly json?: boolean;
  readonly annotations?: boolean;
  readonly editions?: boolean;
  readonly translations?: boolean;
  readonly all?: boolean;
  readonly strict?: boolean;
}

interface Checked {
  readonly problems: readonly ContentProblem[];
  /** Null where `silkpost.yaml` kept the articles from being looked at. */
  readonly content: ContentCheck | null;
  /** Null where nobody asked for them. */
  readonly newsletters: readonly CheckedNewsletter[] | null;
}

/** `silkpost check`: everything that an editor can get wrong. Writes nothing, and needs no database. */
export function addCheckCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('check'))
    .description('look for problems in silkpost.yaml and the articles, with --editions in the templates too')
    .option('--json', 'print them as one JSON document')
    .option('--annotations', 'print them as GitHub shows them in a pull request (the default in its workflows)')
    .option(
      '--editions',
      'compose the next edition of every newsletter too, and look for what should be mended before it goes out',
    )
    .option('--translations', 'name each story that lacks a language of the publication')
    .option('--all', 'print each problem, also of a kind that there are more than fifty of')
    .option('--strict', 'end with 1 for warnings too')
    .action(async (options: CheckOptions) => {
      const { terminal, environment } = invocation;
      const { problems, content, newsletters } = await check(options, invocation);
      if (options.json) {
        terminal.out(JSON.stringify({ problems, ...(newsletters === null ? {} : { newsletters }) }, null, 2));
      } else if (options.annotations ?? environment['GITHUB_ACTIONS'] === 'true') {
        const place = {
          dir: resolve(options.dir),
          root: resolve(environment['GITHUB_WORKSPACE'] || '.'),
        };
        for (const problem of problems) terminal.out(describeAnnotation(problem, place));
      } else {
        const lines = options.all ? problems.map(describeProblem) : describeProblems(problems);
        for (const line of lines) terminal.out(line);
      }
      for (const newsletter of newsletters ?? []) {
        for (const line of describeNewsletter(newsletter)) terminal.say(line);
      }
      const blocking = problems.filter((problem) => problem.blocking).length;
      if (content) {
        const missing = describeTranslations(content);
        if (missing !== null) terminal.say(missing);
      } else terminal.say('The articles weren’t looked at. Correct silkpost.yaml first.');
      terminal.say(
        `${count(content?.files ?? 0, 'article')}, ${count(problems.length, 'problem')}, ${blocking} blocking`,
      );
      if (blocking > 0 || (options.strict && problems.length > 0)) invocation.end(exitCodes.fault);
    });
}

async function check(options: CheckOptions, { terminal, environment }: Invocation): Promise<Checked> {
  const { config, problems } = checkConfig({ dir: options.dir, data: options.data, outbox: true, environment });
  if (config === null) return { problems: sortProblems(problems), content: null, newsletters: null };
  const content = await checkContent({
    contentDir: config.paths.content,
    site: config.site,
    now: systemClock.now(),
    onProgress: (done, all) => terminal.status(`${done} of ${all} articles`),
  });
  const found = [...problems, ...content.problems];
  if (options.translations) found.push(...content.translations.problems);
  const editions = options.editions
    ? await checkEditions(config, (name, lang) => terminal.status(`rendering ${name} in ${lang}`))
    : null;
  found.push(...(editions?.problems ?? []));
  return { problems: sortProblems(found), content, newsletters: editions?.newsletters ?? null };
}

/** `33 stories; not there in: hy 12, fa 30`, or null where none lacks a language. */
function describeTranslations({ translations: { stories, byLanguage } }: ContentCheck): string | null {
  const missing = [...byLanguage].filter(([, number]) => number > 0);
  if (missing.length === 0) return null;
  const list = missing.map(([lang, number]) => `${number} in ${lang}`).join(', ');
  return `${stories === 1 ? '1 story' : `${stories} stories`}; not translated: ${list}`;
}
