/** A word that holds the place of something that is still to be written. */
export interface Placeholder {
  readonly word: string;
  /** Whether nothing else can be meant. */
  readonly isSure: boolean;
}

interface Rule {
  readonly pattern: RegExp;
  readonly isSure: boolean;
  /** In these languages it is a word like any other. */
  readonly unless?: readonly string[];
}

/** A word is whole where no letter, mark or digit of any script touches it. */
const before = String.raw`(?<![\p{L}\p{M}\p{N}_])`;
/** With a number after it (TK-101) or an ending after an apostrophe (TK’nin) it is a name. */
const after = String.raw`(?![\p{L}\p{M}_]|[-\u2010\u2011 ]?\p{N}|['’]\p{L})`;
const whole = (words: string, flags = 'u'): RegExp => new RegExp(`${before}(?:${words})${after}`, flags);

const rules: readonly Rule[] = [
  { pattern: whole('TK ?TK(?: ?TK)*'), isSure: true },
  { pattern: whole('FIXME'), isSure: true },
  { pattern: whole('TODO'), isSure: true, unless: ['es', 'pt', 'gl', 'ast'] },
  { pattern: whole('lorem ipsum', 'iu'), isSure: true },
  { pattern: whole('TK'), isSure: false },
  // Thirty, in Roman numerals, is told from it by what follows: “XXX Olympiad”, “XXX век”.
  { pattern: new RegExp(`${before}XXX${after}(?![ -]?\\p{L})`, 'u'), isSure: false },
];

/** `[…]` marks in a quotation what was left out; nobody quotes in a headline or a summary. */
const leftOver = /\[(?:…|\.{3})\]/u;

/** Addresses hold any letters. */
const address = /(?:https?:\/\/|www\.)[^\s<>"]+|[^\s<>"@]+@[^\s<>"@]+\.[^\s<>"@]+/giu;

/** The placeholders in a text, each once. `short`: it is a headline, a summary, a subject. */
export function findPlaceholders(text: string, lang: string, short: boolean): readonly Placeholder[] {
  const plain = text.replace(address, ' ');
  const found: Placeholder[] = [];
  for (const { pattern, isSure, unless = [] } of rules) {
    const word = pattern.exec(plain)?.[0];
    if (word === undefined || unless.includes(lang.split('-')[0] ?? lang)) continue;
    if (!found.some((other) => other.word.includes(word))) found.push({ word, isSure });
  }
  const left = short ? leftOver.exec(plain)?.[0] : undefined;
  return left === undefined ? found : [...found, { word: left, isSure: false }];
}
