import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentProblem } from '../content/index.ts';
import type { ParsedYaml } from '../yaml.ts';
import type { Config } from './config.ts';
import { PublicationFaultError, problemOf, problemsOf } from './publication-fault.ts';
import type { PublicationFile } from './publication-file.ts';
import { type ConfigOptions, readConfig } from './read-config.ts';
import { readPublicationFile } from './read-publication-file.ts';

export interface CheckedConfig {
  /** Null where a problem is blocking. */
  readonly config: Config | null;
  readonly problems: readonly ContentProblem[];
}

/**
 * Reads `silkpost.yaml` as `readConfig` does, with its faults as problems, and what is off in it beyond them.
 *
 * @throws AppError `invalid` where there is no such file, or a variable is wrong.
 */
export function checkConfig(options: ConfigOptions): CheckedConfig {
  try {
    const config = readConfig(options);
    const { file, yaml } = readPublicationFile(config.dir);
    return { config, problems: [...missingTexts(file, yaml), ...missingFiles(file, yaml, config.dir)] };
  } catch (error) {
    if (!(error instanceof PublicationFaultError)) throw error;
    return { config: null, problems: problemsOf(error) };
  }
}

type Path = readonly string[];

/** Titles and descriptions that lack one of the publication's languages. A text without languages is for all. */
function missingTexts(file: PublicationFile, yaml: ParsedYaml): ContentProblem[] {
  const { languages, title, description } = file.publication;
  const texts: [Path, Readonly<Record<string, string>>][] = [[['publication', 'title'], title]];
  if (description) texts.push([['publication', 'description'], description]);
  for (const kind of ['countries', 'topics', 'newsletters'] as const) {
    for (const [key, section] of Object.entries(file[kind])) texts.push([[kind, key, 'title'], section.title]);
  }
  return texts.flatMap(([path, text]) => {
    const missing = languages.filter((lang) => !Object.hasOwn(text, lang));
    if (missing.length === 0 || Object.hasOwn(text, 'und')) return [];
    const field = path.join('.');
    const sentence = `${field} has no text in ${missing.join(', ')}. Write it: until then another language stands there.`;
    return [problemOf({ position: yaml.positionOf(path), field, code: 'missing-language', sentence }, false)];
  });
}

function missingFiles({ publication }: PublicationFile, yaml: ParsedYaml, dir: string): ContentProblem[] {
  return (['image', 'icon'] as const).flatMap((key) => {
    const name = publication[key];
    if (name === undefined || existsSync(join(dir, name))) return [];
    const field = `publication.${key}`;
    const sentence = `${field} names “${name}”, which isn’t in the publication’s folder. Add the file, or take the line out.`;
    return [
      problemOf({ position: yaml.positionOf(['publication', key]), field, code: 'missing-file', sentence }, false),
    ];
  });
}
