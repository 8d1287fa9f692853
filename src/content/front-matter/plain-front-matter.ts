/**
 * The front matter that nearly every file has, read at a tenth of what a YAML parser takes: a key, a colon and a value on
 * each line, the value a word, a date, a line of text, or a list or mapping on the same line. Null for anything else, and
 * for whatever is in the least unusual: then the real parser has its say. What is not null is what that one gives.
 *
 * @param text Without the lines of hyphens, line ends as `\n`.
 */
export function parsePlainFrontMatter(text: string): Record<string, unknown> | null {
  if (text.length > maxLength || unusual.test(text)) return null;
  const found: Record<string, unknown> = {};
  let isEmpty = true;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const colon = line.indexOf(':');
    const key = line.slice(0, colon);
    // The line that goes on the one before begins with a blank, and no key does.
    if (colon === -1 || !isKey(key) || Object.hasOwn(found, key)) return null;
    if (line.charCodeAt(colon + 1) !== blank) return null;
    const value = parseValue(line.slice(colon + 1).trim());
    if (value === undefined) return null;
    found[key] = value;
    isEmpty = false;
  }
  return isEmpty ? null : found;
}

/** Far below what the parser takes. */
const maxLength = 16_384;
const blank = 0x20;
const openBracket = 0x5b;
const openBrace = 0x7b;

/** Controls, tabs, blanks that aren't U+0020, escapes, marks that turn the reading direction, and what YAML refuses. */
const unusual = /[\u0000-\u0009\u000B-\u001F\\\u007F-\u00A0\u2028-\u202E\u2066-\u2069\uD800-\uDFFF\uFEFF\uFFFE\uFFFF]/;
const keyPattern = /^[A-Za-z][A-Za-z0-9_-]*$/;
/** What isn't text although it begins with a letter (YAML 1.2 §10.3.2). */
const word = /^(?:null|true|false)$/i;
const quoted = /^(?:"([^"]*)"|'([^']*)')$/;
/** Begins with a letter of any script, and holds nothing that ends a plain text or begins a comment. */
const plainText = /^[A-Za-z\u00C0-\uD7FF](?!.*(?:: |:$| #)).*$/;
const date = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?)?$/;
const number = /^-?(?:[1-9]\d{0,14}|0(?=\.))(?:\.\d{1,15})?$/;

function isKey(text: string): boolean {
  return keyPattern.test(text) && !word.test(text);
}

/** Undefined where it isn't plain. */
function parseValue(text: string): unknown {
  const first = text.charCodeAt(0);
  if (first === openBracket || first === openBrace) return new FlowReader(text).read();
  return parseScalar(text);
}

function parseScalar(text: string): string | number | undefined {
  const [, double, single] = quoted.exec(text) ?? [];
  if (double !== undefined || single !== undefined) return double ?? single;
  if (plainText.test(text)) return word.test(text) ? undefined : text;
  if (date.test(text)) return text;
  return number.test(text) ? Number(text) : undefined;
}

const flowScalar = /"[^"]*"|'[^']*'|[A-Za-z\u00C0-\uD7FF0-9-][^,[\]{}"'#&*!|>%@`]*/y;
const flowKey = /([A-Za-z][A-Za-z0-9_-]*): +/y;
const maxDepth = 4;

/** A list or mapping on one line (YAML 1.2 §7.4), as far as it is plain. */
class FlowReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Undefined where it isn't plain, or something follows it. */
  read(): unknown {
    const value = this.#value(0);
    return this.#at === this.#text.length ? value : undefined;
  }

  #value(depth: number): unknown {
    if (depth > maxDepth) return undefined;
    const first = this.#text.charCodeAt(this.#at);
    if (first === openBracket) return this.#list(depth);
    if (first === openBrace) return this.#mapping(depth);
    const text = this.#take(flowScalar)?.[0].trimEnd();
    return text === undefined ? undefined : parseScalar(text);
  }

  #list(depth: number): unknown[] | undefined {
    const items: unknown[] = [];
    this.#at += 1;
    for (;;) {
      this.#skipBlanks();
      if (items.length === 0 && this.#skip(']')) return items;
      const item = this.#value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      this.#skipBlanks();
      if (this.#skip(']')) return items;
      if (!this.#skip(',')) return undefined;
    }
  }

  #mapping(depth: number): Record<string, unknown> | undefined {
    const found: Record<string, unknown> = {};
    this.#at += 1;
    for (;;) {
      this.#skipBlanks();
      const key = this.#take(flowKey)?.[1];
      if (key === undefined || word.test(key) || Object.hasOwn(found, key)) return undefined;
      const value = this.#value(depth + 1);
      if (value === undefined) return undefined;
      found[key] = value;
      this.#skipBlanks();
      if (this.#skip('}')) return found;
      if (!this.#skip(',')) return undefined;
    }
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #skipBlanks(): void {
    while (this.#text.charCodeAt(this.#at) === blank) this.#at += 1;
  }
}
