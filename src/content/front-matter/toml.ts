import { parse, TomlDate, TomlError } from 'smol-toml';
import { type ParsedYaml, type TextPosition, YamlError } from '../../yaml.ts';

const maxBytes = 65_536;
const maxDepth = 20;

/**
 * Parses the TOML 1.0 of a front matter into what YAML would give for the same: plain objects, arrays, texts, numbers,
 * booleans; dates are texts. More than 64 KB and more than 20 levels are refused. Only keys at the top have a position.
 *
 * @throws YamlError with line and column.
 */
export function parseToml(text: string): ParsedYaml {
  const start = { line: 1, column: 1 };
  if (Buffer.byteLength(text) > maxBytes) throw new YamlError('This is longer than 64 KB. Shorten it.', start);
  try {
    const table = plain(parse(text, { maxDepth }), text, 0);
    return { value: isEmpty(table) ? null : table, positionOf: (path) => positionOf(text, path) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column, message } = error;
    throw new YamlError(sentenceOf(message), { line, column }, { cause: error });
  }
}

const tooDeep = `This is nested more than ${maxDepth} levels deep.`;

/** Of the library's message the sentence, without its name for the whole and the lines that show where. */
function sentenceOf(message: string): string {
  if (message.includes('excessively nested')) return tooDeep;
  const [first = ''] = message.replace(/^Invalid TOML document: /, '').split('\n');
  return `${first.charAt(0).toUpperCase()}${first.slice(1)}.`;
}

function plain(value: unknown, text: string, depth: number): unknown {
  if (depth > maxDepth) throw new YamlError(tooDeep, { line: 1, column: 1 });
  if (value instanceof TomlDate) return plainDate(value, text);
  if (Array.isArray(value)) return value.map((item) => plain(item, text, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, plain(child, text, depth + 1)]));
}

/** The library takes the 31st of February for the 3rd of March, which doesn't stand in the text then. */
function plainDate(value: TomlDate, text: string): string {
  const written = value.toISOString();
  const [day] = /^\d{4}-\d{2}-\d{2}/.exec(written) ?? [];
  if (day === undefined || text.includes(day)) return written;
  const wrong = [...text.matchAll(/\d{4}-\d{2}-\d{2}/g)].find(([date]) => !isDay(date));
  const before = text.slice(0, wrong?.index ?? 0);
  const position = { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') };
  throw new YamlError(`There is no ${wrong?.[0] ?? 'such day'}. Correct the date.`, position);
}

function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isEmpty(table: unknown): boolean {
  return typeof table === 'object' && table !== null && Object.keys(table).length === 0;
}

const keyAtStart = /^([ \t]*(?:\[{1,2}[ \t]*)?)(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+))[ \t]*[.=\]]/;

/** The line that begins with the key, or with the header of its table. */
function positionOf(text: string, [key, ...rest]: readonly (string | number)[]): TextPosition | null {
  if (key === undefined || rest.length > 0) return null;
  for (const [index, line] of text.split('\n').entries()) {
    const [, before = '', double, single, bare] = keyAtStart.exec(line) ?? [];
    if ((double ?? single ?? bare) === key) return { line: index + 1, column: before.length + 1 };
  }
  return null;
}
