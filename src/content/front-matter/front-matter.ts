import { createRequire } from 'node:module';
import { type ParsedYaml, parseYaml, YamlError } from '../../yaml.ts';
import { parsePlainFrontMatter } from './plain-front-matter.ts';
import { parseToml } from './toml.ts';

/** A file cut in two. */
export interface SplitFile {
  /** Parsed; as YAML gives it, whatever it is written in. */
  readonly front: ParsedYaml;
  /** What the front matter is written in. Silkpost's own is YAML; Hugo and Zola have all three. */
  readonly language: FrontMatterLanguage;
  /** The Markdown below the front matter, line ends as `\n`. */
  readonly body: string;
  /** The line of the file that the body begins on, from 1. */
  readonly bodyLine: number;
}

export type FrontMatterLanguage = 'yaml' | 'toml' | 'json';

/** Why a file has no front matter that can be read. */
export interface FrontMatterFault {
  readonly code:
    | 'missing-front-matter'
    | 'code-in-front-matter'
    | 'unclosed-front-matter'
    | 'invalid-yaml'
    | 'invalid-toml'
    | 'invalid-json';
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const require = createRequire(import.meta.url);
/** Loaded with the first file that has more than plain lines: in many folders none has. */
const loadMatter = (): typeof import('gray-matter') => require('gray-matter');

function refuse(): never {
  throw new Error('Only YAML is read.');
}

/**
 * gray-matter evaluates `---js` by default, `language: 'yaml'` or not; and it looks engines up by the name on the first
 * line, inherited names too. So every engine that it knows throws, and the first line is checked before it sees it.
 */
const engines = { javascript: refuse, js: refuse, json: refuse, toml: refuse, coffee: refuse };

/** Where the front matter and the Markdown of a file stand, before anything is parsed. */
interface LocatedParts {
  readonly language: FrontMatterLanguage;
  /** YAML and TOML: what stands between the first line and the closing one, beginning with the first one's end. */
  readonly front: string;
  readonly body: string;
  readonly bodyLine: number;
}

const names = { yaml: 'YAML', toml: 'TOML', json: 'JSON' } as const;

/** Cuts a file into its front matter and its Markdown. Never throws for what the file holds. */
export function splitFrontMatter(file: string): SplitFile | FrontMatterFault {
  const parts = locateParts(file);
  if ('code' in parts) return parts;
  const { language, front, body, bodyLine } = parts;
  try {
    return { front: parseFront(front, language), language, body, bodyLine };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, column, message } = error;
    const sentence = `The front matter isn’t valid ${names[language]}: ${message}`;
    return { code: `invalid-${language}`, line, column, message: sentence };
  }
}

function parseFront(front: string, language: FrontMatterLanguage): ParsedYaml {
  if (language === 'toml') return parseToml(front);
  // JSON is YAML too (YAML 1.2 §1.2).
  if (language === 'json') return parseYaml(front);
  const plain = parsePlainFrontMatter(front);
  if (plain !== null) return plainYaml(plain, front);
  let yaml: ParsedYaml | null = null;
  const parse = (source: string): object => {
    // What gray-matter hands over begins with the end of the first line.
    yaml = parseYaml(source);
    return {};
  };
  // Always with options: without them it caches, and a broken file parses "fine" the second time. Without the Markdown,
  // which it would copy several times.
  loadMatter()(`---${front}\n---\n`, { language: 'yaml', engines: { ...engines, yaml: { parse } } });
  return yaml ?? parseYaml('');
}

/** Positions are asked for only where something is wrong: then the parser finds them. */
function plainYaml(value: Readonly<Record<string, unknown>>, front: string): ParsedYaml {
  let parsed: ParsedYaml | null = null;
  return {
    value,
    positionOf(path) {
      parsed ??= parseYaml(front);
      return parsed.positionOf(path);
    },
  };
}

/** The Markdown of a file alone; null where its front matter has no end. */
export function findBody(file: string): Pick<SplitFile, 'body' | 'bodyLine'> | null {
  const parts = locateParts(file);
  return 'code' in parts ? null : parts;
}

function locateParts(file: string): LocatedParts | FrontMatterFault {
  const plain = file.startsWith('\uFEFF') ? file.slice(1) : file;
  const text = plain.includes('\r') ? plain.replace(/\r\n?/g, '\n') : plain;
  const opening = /^---([^\n]*)(?:\n|$)/.exec(text);
  if (!opening) {
    if (/^\+\+\+[ \t]*(?:\n|$)/.test(text)) return locateBetween(text, '+++', 'toml');
    if (/^\{\s*"/.test(text)) return locateBraces(text);
    const message =
      'The file has no front matter. Begin it with a line of three hyphens, then title, summary and date.';
    return { code: 'missing-front-matter', line: 1, column: 1, message };
  }
  if (!/^[ \t]*(?:ya?ml)?[ \t]*$/.test(opening[1] ?? '')) {
    const message = 'The first line must be --- and nothing else: such front matter is YAML only.';
    return { code: 'code-in-front-matter', line: 1, column: 4, message };
  }
  return locateBetween(text, '---', 'yaml');
}

/** What stands between two lines of `mark`, the first of which the text begins with. */
function locateBetween(text: string, mark: string, language: 'yaml' | 'toml'): LocatedParts | FrontMatterFault {
  const begin = text.indexOf('\n');
  const end = text.indexOf(`\n${mark}`, 3);
  if (end < 0 || !/^[ \t]*(?:\n|$)/.test(text.slice(end + 4, end + 200))) {
    const line = end < 0 ? 1 : text.slice(0, end + 1).split('\n').length;
    const signs = language === 'yaml' ? 'hyphens' : 'plus signs';
    const message = `The front matter isn’t closed. Put a line of three ${signs}, and nothing else on it, after it.`;
    return { code: 'unclosed-front-matter', line, column: 1, message };
  }
  return { language, front: text.slice(begin, Math.max(begin, end)), ...bodyAfter(text, end + 4) };
}

/** Characters; more than a parser takes, and few enough to look through. */
const maxBraces = 70_000;

/** What stands between the first brace and the one that closes it. */
function locateBraces(text: string): LocatedParts | FrontMatterFault {
  let depth = 0;
  for (const { 0: found, index } of text.slice(0, maxBraces).matchAll(/"(?:[^"\\\n]|\\.)*"|[{}]/g)) {
    if (found === '{') depth += 1;
    if (found === '}') depth -= 1;
    if (depth > 0) continue;
    const end = index + 1;
    if (!/^[ \t]*(?:\n|$)/.test(text.slice(end, end + 200))) break;
    return { language: 'json', front: text.slice(0, end), ...bodyAfter(text, end) };
  }
  const message = 'The front matter isn’t closed. Put its last brace at the end of a line.';
  return { code: 'unclosed-front-matter', line: 1, column: 1, message };
}

/** @param end Where the front matter ends, on its last line. */
function bodyAfter(text: string, end: number): Pick<LocatedParts, 'body' | 'bodyLine'> {
  const rest = text.slice(end);
  return {
    body: rest.startsWith('\n') ? rest.slice(1) : rest,
    bodyLine: text.slice(0, end).split('\n').length + 1,
  };
}
