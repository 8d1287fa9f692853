import { type ParsedYaml, type TextPosition, YamlError } from '../yaml.ts';

type TomlTable = Map<string, TomlValue>;
type TomlValue = string | number | boolean | TomlValue[] | TomlTable;

const maxLength = 65_536;
const maxDepth = 20;

/**
 * Parses the TOML 1.0 of a front matter into what YAML would give for the same: plain objects, arrays, texts, numbers,
 * booleans; dates stay the text that they are. More than 64 KB and more than 20 levels are refused.
 *
 * @param firstLine The line of the file that the text's first line is.
 * @throws YamlError with line and column.
 */
export function parseToml(text: string, firstLine: number): ParsedYaml {
  return new TomlReader(text, firstLine).read();
}

const bareKey = /[A-Za-z0-9_-]+/y;
const blanks = /[ \t]*/y;
const gap = /(?:[ \t\n]|#[^\n]*)*/y;
const lineEnd = /[ \t]*(?:#[^\n]*)?(?:\n|$)/y;
/** Dates and times (TOML §Offset Date-Time … Local Time) first, as they begin like numbers. */
const moment =
  /\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})?)?|\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?/y;
const number = /0x[0-9A-Fa-f_]+|0o[0-7_]+|0b[01_]+|[+-]?(?:inf|nan|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?)/y;
const word = /(?:true|false)\b/y;
const escapes: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', '"': '"', '\\': '\\' };

class TomlReader {
  readonly #text: string;
  readonly #firstLine: number;
  readonly #root: TomlTable = new Map();
  /** Where each key and item stands, by its path as JSON. */
  readonly #places = new Map<string, number>();
  /** Tables that a header or braces have made: neither may be opened again. */
  readonly #closed = new Set<TomlTable>();
  #at = 0;

  constructor(text: string, firstLine: number) {
    this.#text = text;
    this.#firstLine = firstLine;
  }

  read(): ParsedYaml {
    if (this.#text.length > maxLength) throw this.#fault('This is longer than 64 KB. Shorten it');
    let table = this.#root;
    let path: (string | number)[] = [];
    for (;;) {
      this.#take(gap);
      if (this.#at >= this.#text.length) break;
      const header = /\[\[?/y;
      const opening = this.#take(header);
      if (opening === '') this.#pair(table, path);
      else {
        this.#take(blanks);
        const keys = this.#keys();
        this.#take(blanks);
        this.#expect(opening === '[' ? ']' : ']]');
        ({ table, path } = this.#open(keys, opening === '[['));
      }
      if (this.#at < this.#text.length && this.#take(lineEnd) === '') {
        throw this.#fault('Something follows that doesn’t belong on this line');
      }
    }
    const value: unknown = this.#root.size === 0 ? null : plain(this.#root);
    return { value, positionOf: (wanted) => this.#positionOf(wanted) };
  }

  /** The table that `[a.b]` or `[[a.b]]` begins. */
  #open(keys: readonly string[], isItem: boolean): { table: TomlTable; path: (string | number)[] } {
    let table = this.#root;
    const path: (string | number)[] = [];
    for (const [index, key] of keys.entries()) {
      path.push(key);
      this.#place(path);
      const isLast = index === keys.length - 1;
      let next = table.get(key);
      if (next === undefined) {
        next = isLast && isItem ? [] : new Map();
        table.set(key, next);
      }
      if (isLast && isItem) {
        if (!Array.isArray(next)) throw this.#twice(key);
        next.push(new Map());
      } else if (isLast && (!(next instanceof Map) || this.#closed.has(next))) throw this.#twice(key);
      if (Array.isArray(next)) {
        path.push(next.length - 1);
        this.#place(path);
        next = next.at(-1);
      }
      if (!(next instanceof Map)) throw this.#twice(key);
      table = next;
    }
    this.#closed.add(table);
    return { table, path };
  }

  /** `a.b = value` */
  #pair(table: TomlTable, above: readonly (string | number)[], depth = above.length): void {
    const start = this.#at;
    const keys = this.#keys();
    const last = keys.pop() ?? '';
    let target = table;
    const path = [...above];
    for (const key of keys) {
      path.push(key);
      this.#place(path, start);
      const next = target.get(key) ?? new Map<string, TomlValue>();
      if (!(next instanceof Map) || this.#closed.has(next)) throw this.#twice(key, start);
      target.set(key, next);
      target = next;
    }
    path.push(last);
    if (target.has(last)) throw this.#twice(last, start);
    this.#place(path, start);
    this.#take(blanks);
    this.#expect('=');
    this.#take(blanks);
    target.set(last, this.#value(path, depth + keys.length + 1));
  }

  #keys(): string[] {
    const keys: string[] = [];
    do {
      this.#take(blanks);
      const quote = this.#text[this.#at];
      const key = quote === '"' || quote === "'" ? this.#string() : this.#take(bareKey);
      if (key === '' && quote !== '"' && quote !== "'")
        throw this.#fault('A key is expected here, such as title = "…"');
      keys.push(key);
      if (keys.length > maxDepth) throw this.#fault(tooDeep);
      this.#take(blanks);
    } while (this.#skip('.'));
    return keys;
  }

  #value(path: readonly (string | number)[], depth: number): TomlValue {
    if (depth > maxDepth) throw this.#fault(tooDeep);
    const first = this.#text[this.#at];
    if (first === '"' || first === "'") return this.#string();
    if (first === '[') return this.#list(path, depth);
    if (first === '{') return this.#mapping(path, depth);
    const boolean = this.#take(word);
    if (boolean !== '') return boolean === 'true';
    const date = this.#take(moment);
    if (date !== '') return date;
    const digits = this.#take(number).replaceAll('_', '');
    if (digits === '') throw this.#fault('A value is expected here. Texts stand in quotes');
    if (/^[+-]?(?:inf|nan)$/.test(digits)) return digits;
    return Number(digits);
  }

  #list(path: readonly (string | number)[], depth: number): TomlValue[] {
    this.#expect('[');
    const items: TomlValue[] = [];
    for (;;) {
      this.#take(gap);
      if (this.#skip(']')) return items;
      const own = [...path, items.length];
      this.#place(own);
      items.push(this.#value(own, depth + 1));
      this.#take(gap);
      if (this.#skip(',')) continue;
      this.#expect(']');
      return items;
    }
  }

  #mapping(path: readonly (string | number)[], depth: number): TomlTable {
    this.#expect('{');
    const table: TomlTable = new Map();
    this.#take(gap);
    while (!this.#skip('}')) {
      this.#pair(table, path, depth);
      this.#take(gap);
      if (this.#skip(',')) this.#take(gap);
      else if (this.#text[this.#at] !== '}') throw this.#fault('A “,” or “}” is expected here');
    }
    this.#closed.add(table);
    return table;
  }

  #string(): string {
    const quote = this.#text[this.#at] ?? '"';
    const start = this.#at;
    const marks = this.#text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
    this.#at += marks.length;
    if (marks.length === 3) this.#skip('\n');
    let found = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || (character === '\n' && marks.length === 1)) {
        throw this.#fault('A text begins here whose closing quote is missing', start);
      }
      if (this.#skip(marks)) {
        // Up to two more belong to the text: """He said "yes"""".
        while (marks.length === 3 && this.#skip(quote)) found += quote;
        return found;
      }
      if (character === '\\' && quote === '"') found += this.#escape();
      else {
        found += character;
        this.#at += 1;
      }
    }
  }

  #escape(): string {
    const rest = this.#text.slice(this.#at, this.#at + 10);
    const known = escapes[rest[1] ?? ''];
    if (known !== undefined) {
      this.#at += 2;
      return known;
    }
    const [whole, short, long] = /^\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/.exec(rest) ?? [];
    const point = Number.parseInt(short ?? long ?? '', 16);
    if (whole !== undefined && point <= 0x10ffff) {
      this.#at += whole.length;
      return String.fromCodePoint(point);
    }
    // A backslash at the end of a line joins it with the next word.
    if (this.#take(/\\[ \t]*\n[ \t\n]*/y) !== '') return '';
    throw this.#fault('This backslash begins nothing that TOML knows. Write \\\\ for one');
  }

  /** What the pattern (sticky) finds here, read over; empty where it finds nothing. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    if (!this.#skip(text)) throw this.#fault(`A “${text}” is expected here`);
  }

  #place(path: readonly (string | number)[], at = this.#at): void {
    const name = JSON.stringify(path);
    if (!this.#places.has(name)) this.#places.set(name, at);
  }

  #positionOf(path: readonly (string | number)[]): TextPosition | null {
    const at = this.#places.get(JSON.stringify(path));
    return at === undefined ? null : this.#positionAt(at);
  }

  #positionAt(at: number): TextPosition {
    const before = this.#text.slice(0, at);
    return { line: this.#firstLine + before.split('\n').length - 1, column: at - before.lastIndexOf('\n') };
  }

  #twice(key: string, at = this.#at): YamlError {
    return this.#fault(`“${key.slice(0, 100)}” stands there twice. Take one of its lines out`, at);
  }

  #fault(sentence: string, at = this.#at): YamlError {
    return new YamlError(`${sentence}.`, this.#positionAt(at));
  }
}

const tooDeep = 'This nests more than 20 levels deep. Write it flatter';

function plain(value: TomlValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, child]) => [key, plain(child)]));
  return Array.isArray(value) ? value.map(plain) : value;
}
