export type Direction = 'ltr' | 'rtl';

/** The languages that Silkpost's own words (mails, pages) exist in. */
export const interfaceLanguages = ['en', 'hy', 'az', 'ka', 'ru', 'fa', 'tr'] as const;

export type InterfaceLanguage = (typeof interfaceLanguages)[number];

/** What each language calls itself. */
export const languageNames: Readonly<Record<InterfaceLanguage, string>> = {
  en: 'English',
  hy: 'Հայերեն',
  az: 'Azərbaycanca',
  ka: 'ქართული',
  ru: 'Русский',
  fa: 'فارسی',
  tr: 'Türkçe',
};

const rightToLeft = new Set(['ar', 'fa', 'he', 'ur', 'ps', 'ckb', 'sd', 'ug', 'yi', 'dv']);

/** The direction of a BCP 47 language's usual script. */
export function directionOf(lang: string): Direction {
  return rightToLeft.has(lang.split('-')[0] ?? lang) ? 'rtl' : 'ltr';
}

/** The interface language for a BCP 47 language: itself, its base language, else English. */
export function interfaceLanguageFor(lang: string): InterfaceLanguage {
  const base = lang.split('-')[0];
  return interfaceLanguages.find((known) => known === lang || known === base) ?? 'en';
}
