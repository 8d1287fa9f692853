import { AppError } from '../errors.ts';
import { hintFor } from '../nearest-key.ts';
import type { Site } from '../site.ts';
import type { Edition, EditionAudience } from './edition.ts';

export interface AudienceChoices {
  readonly site: Pick<Site, 'languages' | 'countries'>;
  readonly newsletter: string;
  readonly findEdition: (id: string) => Promise<Edition | null>;
}

/**
 * Looks whether there is what an audience names.
 *
 * @throws AppError `invalid` for an unknown language or country, and for an edition that never went out to readers of the newsletter.
 */
export async function checkAudience(audience: EditionAudience, choices: AudienceChoices): Promise<EditionAudience> {
  const { languages, countries, gotEdition } = audience;
  checkKeys(languages, choices.site.languages, 'language');
  checkKeys(countries, Object.keys(choices.site.countries), 'country');
  if (gotEdition === null) return audience;
  const edition = await choices.findEdition(gotEdition);
  if (edition !== null && edition.frozenAt !== null && edition.newsletter === choices.newsletter) return audience;
  throw new AppError('invalid', `No edition ${gotEdition} of ${choices.newsletter} has gone out.`);
}

function checkKeys(keys: readonly string[], known: readonly string[], what: string): void {
  for (const key of keys) {
    if (!known.includes(key)) throw new AppError('invalid', `There is no ${what} ${key}. ${hintFor(key, known)}`);
  }
}
