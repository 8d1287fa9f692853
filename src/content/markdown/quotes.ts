/** Opening and closing, outer then inner, where a language differs from English. */
const quotes: Readonly<Record<string, readonly [string, string, string, string]>> = {
  hy: ['«', '»', '„', '“'],
  az: ['“', '”', '‘', '’'],
  ka: ['„', '“', '‚', '‘'],
  ru: ['«', '»', '„', '“'],
  uk: ['«', '»', '„', '“'],
  fa: ['«', '»', '“', '”'],
  ar: ['«', '»', '“', '”'],
  tr: ['“', '”', '‘', '’'],
  de: ['„', '“', '‚', '‘'],
  fr: ['«\u202F', '\u202F»', '“', '”'],
  es: ['«', '»', '“', '”'],
  it: ['«', '»', '“', '”'],
  pl: ['„', '”', '«', '»'],
};

/** The typographic quotation marks of a BCP 47 language. */
export function quotesOf(lang: string): string[] {
  return [...(quotes[lang.split('-')[0] ?? lang] ?? ['“', '”', '‘', '’'])];
}
