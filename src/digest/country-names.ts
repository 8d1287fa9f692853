import { localized, type Site } from '../site.ts';

/** Names of countries in the alphabetical order of the reader's language: nobody comes first on purpose. */
export function countryNames(keys: readonly string[], lang: string, site: Site): readonly string[] {
  return keys
    .map((key) => localized(site.countries[key]?.title ?? { [lang]: key }, lang, site))
    .toSorted((a, b) => a.localeCompare(b, lang));
}
