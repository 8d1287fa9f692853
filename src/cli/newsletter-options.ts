import type { App } from '../app.ts';
import { checkAudience, type EditionAudience, type EditionSelection, type Newsletter } from '../digest/index.ts';
import { AppError } from '../errors.ts';
import { hintFor } from '../nearest-key.ts';
import { type Rhythm, rhythms } from '../subscribers/index.ts';
import { parseTimeOption } from './time-option.ts';

/** The newsletter of that name. Throws `not_found` with the names that there are. */
export function getNewsletter(app: App, name: string): Newsletter {
  const names = app.config.newsletters.map((newsletter) => newsletter.name);
  const found = app.config.newsletters.find((newsletter) => newsletter.name === name);
  if (found) return found;
  throw new AppError('not_found', `There is no newsletter ${name} in silkpost.yaml. ${hintFor(name, names)}`);
}

/** `--rhythm R`; default: for readers who get each edition. */
export function parseRhythm(text: string): Rhythm {
  const found = rhythms.find((rhythm) => rhythm === text);
  if (found) return found;
  throw new AppError('invalid', `There is no rhythm ${text}. ${hintFor(text, rhythms)}`);
}

/** `--articles a,b`, `--since DATE` and `--again` as the edition keeps them. */
export function selectionOf(
  app: App,
  options: { readonly articles?: string; readonly since?: string; readonly again?: boolean },
): EditionSelection {
  const slugs = options.articles
    ?.split(',')
    .map((slug) => slug.trim())
    .filter((slug) => slug !== '');
  return {
    since:
      options.since === undefined ? null : parseTimeOption(options.since, app.config.site.timezone, app.clock.now()),
    slugs: slugs === undefined ? null : slugs,
    ...(options.again ? { again: true } : {}),
  };
}

/** `--lang L…`, `--country C…` and `--got EDITION` as the edition keeps them. Throws where one of them isn’t known. */
export async function audienceOf(
  app: App,
  newsletter: Newsletter,
  options: { readonly lang?: readonly string[]; readonly country?: readonly string[]; readonly got?: string },
): Promise<EditionAudience> {
  const { site } = app.config;
  return checkAudience(
    { languages: options.lang ?? [], countries: options.country ?? [], gotEdition: options.got ?? null },
    { site, newsletter: newsletter.name, findEdition: (id) => app.editions.findEdition(id) },
  );
}
