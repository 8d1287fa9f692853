import { CORE_SCHEMA, type EventType, load, type State, YAMLException } from 'js-yaml';

/** Where something stands in a file, both from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

export interface YamlOptions {
  /** The line of the file that the text's first line is, default 1. */
  readonly firstLine?: number | undefined;
}

export interface ParsedYaml {
  /** Plain objects, arrays, strings, numbers, booleans, null; null for an empty text. */
  readonly value: unknown;
  /** Where a key stands (`['image', 'src']`) or a list's item (`['authors', 0]`); null where it isn't in the text. */
  positionOf(path: readonly (string | number)[]): TextPosition | null;
}

/** A text that isn't YAML, or more than we take. The message is a sentence without file and line. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
  readonly line: number;
  readonly column: number;

  constructor(sentence: string, position: TextPosition, options?: { cause?: unknown }) {
    super(sentence, options);
    this.line = position.line;
    this.column = position.column;
  }
}

const maxBytes = 65_536;
const maxDepth = 20;
/** Values once every alias is written out: an alias bomb is small in memory but not for whoever walks through it. */
const maxValues = 10_000;

/**
 * Parses one YAML 1.2 document with the core schema: dates, `yes` and `012` stay what they look like. Duplicate keys,
 * more than 64 KB, more than 20 levels and more than 10,000 values are refused.
 *
 * @throws YamlError with line and column.
 */
export function parseYaml(text: string, { firstLine = 1 }: YamlOptions = {}): ParsedYaml {
  const start = { line: firstLine, column: 1 };
  if (Buffer.byteLength(text) > maxBytes) {
    throw new YamlError('This is longer than 64 KB. Shorten it.', start);
  }
  // Two more than collections may nest: scalars count, and so does a try at a key. The typings don't know maxDepth.
  const options = { schema: CORE_SCHEMA, maxDepth: maxDepth + 2 };
  let value: unknown;
  try {
    value = load(text, options) ?? null;
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { mark, reason } = error;
    const position = mark ? { line: mark.line + firstLine, column: mark.column + 1 } : start;
    throw new YamlError(sentenceFor(reason), position, { cause: error });
  }
  const excess = excessOf(value);
  if (excess) throw new YamlError(excess, start);
  let places: PlaceRecorder | null = null;
  return {
    value,
    positionOf(path) {
      // Listening takes longer than parsing, and most files have nothing wrong with them: read once more, then.
      if (places === null) {
        places = new PlaceRecorder();
        load(text, { ...options, listener: places.listen });
      }
      const offset = places.offsetOf(path);
      if (offset === null) return null;
      // js-yaml drops a byte order mark before it counts.
      const before = text.replace(/^\uFEFF/, '').slice(0, offset);
      const lastBreak = before.lastIndexOf('\n');
      return { line: firstLine + before.split('\n').length - 1, column: before.length - lastBreak };
    },
  };
}

const tooDeep = `This is nested more than ${maxDepth} levels deep.`;

function sentenceFor(reason: string): string {
  if (reason === 'duplicated mapping key') return 'This key stands there twice. Take one of its lines out.';
  return reason.includes('maxDepth') ? tooDeep : `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

/** What is too much about a value once its aliases are followed, or null. */
function excessOf(value: unknown): string | null {
  let seen = 0;
  const visit = (node: unknown, depth: number): string | null => {
    seen += 1;
    if (seen > maxValues) return 'Its aliases (*name) unfold into too much. Write the values out.';
    if (depth > maxDepth) return tooDeep;
    if (typeof node !== 'object' || node === null) return null;
    // Keys are values too.
    if (!Array.isArray(node)) seen += Object.keys(node).length;
    for (const child of Object.values(node)) {
      const excess = visit(child, depth + 1);
      if (excess) return excess;
    }
    return null;
  };
  return visit(value, 0);
}

interface Place {
  offset: number;
  /** Whether `:` follows, as after a mapping's keys. */
  isKey: boolean;
  kind: string | null;
  result: unknown;
  children: Place[];
}

/** Listens while js-yaml composes nodes and keeps where each began: the parser itself tells no positions. */
class PlaceRecorder {
  #root: Place | null = null;
  readonly #open: Place[] = [];

  readonly listen = (event: EventType, state: State): void => {
    if (event === 'open') {
      const place = { offset: skipBlanks(state.input, state.position), isKey: false, kind: null, result: null };
      this.#open.push({ ...place, children: [] });
      return;
    }
    const place = this.#open.pop();
    if (!place) return;
    place.kind = state.kind;
    place.result = state.result;
    place.isKey = isAt(colon, state.input, state.position);
    const only = place.children.length === 1 ? place.children[0] : undefined;
    // A flow collection is first tried as a mapping's key, one level down.
    if (only && typeof only.result === 'object' && only.result === place.result) place.children = only.children;
    const parent = this.#open.at(-1);
    if (parent) parent.children.push(place);
    else this.#root = place;
  };

  offsetOf(path: readonly (string | number)[]): number | null {
    let place = this.#root;
    let offset = place?.offset ?? null;
    for (const step of path) {
      if (!place) return null;
      if (place.kind === 'sequence') {
        place = typeof step === 'number' ? (place.children[step] ?? null) : null;
        offset = place?.offset ?? null;
        continue;
      }
      const at: number = place.children.findIndex((child) => child.isKey && String(child.result) === String(step));
      offset = place.children[at]?.offset ?? null;
      const next: Place | null = at < 0 ? null : (place.children[at + 1] ?? null);
      place = next?.isKey ? null : next;
      if (at < 0) return null;
    }
    return offset;
  }
}

const colon = /[ \t]*:/y;
const blanks = /(?:\s|#[^\n]*)*/y;

function isAt(pattern: RegExp, text: string, position: number): boolean {
  pattern.lastIndex = position;
  return pattern.test(text);
}

function skipBlanks(text: string, position: number): number {
  isAt(blanks, text, position);
  return Math.min(blanks.lastIndex, text.length);
}
