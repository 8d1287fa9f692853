export type Direction = 'ltr' | 'rtl';

/** The languages that Silkpost's own words (mails, pages) exist in. */
export const interfaceLanguages = ['en', 'hy', 'az', 'ka', 'ru', 'fa', 'tr'] as const;

export type InterfaceLanguage = (typeof interfaceLanguages)[number];

/** What each language calls itself. */
const ownNames: Readonly<Record<InterfaceLanguage, string>> = {
  en: 'English',
  hy: 'Հայերեն',
  az: 'Azərbaycanca',
  ka: 'ქართული',
  ru: 'Русский',
  fa: 'فارسی',
  tr: 'Türkçe',
};

const names = new Map<string, string>();

/** What a BCP 47 language calls itself; the tag where nothing is known. */
export function languageName(lang: string): string {
  const own = interfaceLanguages.find((known) => known === lang);
  if (own) return ownNames[own];
  const known = names.get(lang);
  if (known !== undefined) return known;
  const name = new Intl.DisplayNames(lang, { type: 'language' }).of(lang) ?? lang;
  names.set(lang, name);
  return name;
}

/** ISO 15924. */
const rightToLeftScripts = new Set(['Adlm', 'Arab', 'Aran', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa']);

const directions = new Map<string, Direction>();

/** The direction of the script that a BCP 47 language is written in: of the one that its tag names, else of its usual one. */
export function directionOf(lang: string): Direction {
  const known = directions.get(lang);
  if (known !== undefined) return known;
  // Asking takes 15 µs, and an archive asks a hundred thousand times.
  const { script = '' } = new Intl.Locale(lang).maximize();
  const direction = rightToLeftScripts.has(script) ? 'rtl' : 'ltr';
  directions.set(lang, direction);
  return direction;
}

/** The interface language for a BCP 47 language: itself, its base language, else English. */
export function interfaceLanguageFor(lang: string): InterfaceLanguage {
  const base = lang.split('-')[0];
  return interfaceLanguages.find((known) => known === lang || known === base) ?? 'en';
}
