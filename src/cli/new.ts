import type { Command } from 'commander';
import { systemClock } from '../clock.ts';
import { readConfig } from '../config/index.ts';
import { writeNewArticle } from '../content/index.ts';
import { AppError } from '../errors.ts';
import { hintFor } from '../nearest-key.ts';
import type { SectionKind, Site } from '../site.ts';
import { collect, type Invocation, type PlaceOptions, withPlace } from './command.ts';

interface NewOptions extends PlaceOptions {
  readonly lang?: string;
  readonly slug?: string;
  readonly summary?: string;
  readonly date?: string;
  readonly author: readonly string[];
  readonly country: readonly string[];
  readonly topic: readonly string[];
}

/** `silkpost new TITLE`: the file of a new article, a draft until its `status` says otherwise. */
export function addNewCommand(program: Command, invocation: Invocation): void {
  withPlace(program.command('new'))
    .description('write the file of a new article, a draft, and print its path')
    .argument('<title>', 'its title')
    .option('--lang <lang>', 'its language (default: the publication’s first)')
    .option('--slug <slug>', 'its address (default: made of the title)')
    .option('--summary <text>', 'one or two sentences for feeds and newsletters')
    .option('--date <date>', 'when it appears: 2023-04-09 or 2023-04-09T18:30:00+04:00 (default: now)')
    .option('--author <key>', 'an author’s key in silkpost.yaml; may be said several times', collect, [])
    .option('--country <key>', 'a country’s key; may be said several times', collect, [])
    .option('--topic <key>', 'a topic’s key; may be said several times', collect, [])
    .action(async (title: string, options: NewOptions) => {
      const { dir, data } = options;
      const { site, paths } = readConfig({ dir, data, outbox: true, environment: invocation.environment });
      if (options.lang !== undefined && !site.languages.includes(options.lang)) {
        throw new AppError('invalid', `${options.lang} is not among the languages ${site.languages.join(', ')}.`);
      }
      const path = await writeNewArticle(
        paths.content,
        site,
        {
          title,
          lang: options.lang,
          slug: options.slug,
          summary: options.summary,
          date: options.date,
          authors: knownKeys(site, 'authors', options.author),
          countries: knownKeys(site, 'countries', options.country),
          topics: knownKeys(site, 'topics', options.topic),
        },
        systemClock.now(),
      );
      invocation.terminal.out(path);
    });
}

function knownKeys(site: Site, kind: SectionKind, keys: readonly string[]): readonly string[] {
  const known = Object.keys(site[kind]);
  for (const key of keys) {
    if (known.includes(key)) continue;
    throw new AppError('invalid', `${key} is not among ${kind} in silkpost.yaml. ${hintFor(key, known)}`);
  }
  return keys;
}
