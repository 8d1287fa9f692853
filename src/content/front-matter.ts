import { createRequire } from 'node:module';
import { type ParsedYaml, parseYaml, YamlError } from '../yaml.ts';
import { parsePlainFrontMatter } from './plain-front-matter.ts';

/** A file cut in two. */
export interface SplitFile {
  readonly yaml: ParsedYaml;
  /** The Markdown below the front matter, line ends as `\n`. */
  readonly body: string;
  /** The line of the file that the body begins on, from 1. */
  readonly bodyLine: number;
}

/** Why a file has no front matter that can be read. */
export interface FrontMatterFault {
  readonly code:
    | 'missing-front-matter'
    | 'toml-front-matter'
    | 'json-front-matter'
    | 'code-in-front-matter'
    | 'unclosed-front-matter'
    | 'invalid-yaml';
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
  /** What stands between the first line and the closing one, beginning with the first one's end. */
  readonly front: string;
  readonly body: string;
  readonly bodyLine: number;
}

/** Cuts a file into its YAML front matter and its Markdown. Never throws for what the file holds. */
export function splitFrontMatter(file: string): SplitFile | FrontMatterFault {
  const parts = locateParts(file);
  if ('code' in parts) return parts;
  const { front, body, bodyLine } = parts;
  const plain = parsePlainFrontMatter(front);
  if (plain !== null) return { yaml: plainYaml(plain, front), body, bodyLine };
  let yaml: ParsedYaml | null = null;
  const parse = (source: string): object => {
    // What gray-matter hands over begins with the end of the first line.
    yaml = parseYaml(source);
    return {};
  };
  try {
    // Always with options: without them it caches, and a broken file parses "fine" the second time. Without the Markdown,
    // which it would copy several times.
    loadMatter()(`---${front}\n---\n`, { language: 'yaml', engines: { ...engines, yaml: { parse } } });
    return { yaml: yaml ?? parseYaml(''), body, bodyLine };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const { line, column, message } = error;
    return { code: 'invalid-yaml', line, column, message: `The front matter isn’t valid YAML: ${message}` };
  }
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
    const other = otherLanguage(text);
    if (other) return other;
    const message =
      'The file has no front matter. Begin it with a line of three hyphens, then title, summary and date.';
    return { code: 'missing-front-matter', line: 1, column: 1, message };
  }
  if (!/^[ \t]*(?:ya?ml)?[ \t]*$/.test(opening[1] ?? '')) {
    const message = 'Front matter is YAML only: the first line must be --- and nothing else.';
    return { code: 'code-in-front-matter', line: 1, column: 4, message };
  }
  const end = text.indexOf('\n---', 3);
  if (end < 0 || !/^[ \t]*(?:\n|$)/.test(text.slice(end + 4, end + 200))) {
    const line = end < 0 ? 1 : text.slice(0, end + 1).split('\n').length;
    const message = 'The front matter isn’t closed. Put a line of three hyphens, and nothing else on it, after it.';
    return { code: 'unclosed-front-matter', line, column: 1, message };
  }
  const body = text.slice(end + 4);
  return {
    front: text.slice(opening[0].length - 1, Math.max(opening[0].length - 1, end)),
    body: body.startsWith('\n') ? body.slice(1) : body,
    bodyLine: text.slice(0, end + 1).split('\n').length + 1,
  };
}

/** Hugo's other two ways to write front matter. */
function otherLanguage(text: string): FrontMatterFault | null {
  const convert = 'Run “hugo convert toYAML --output FOLDER” in the old site’s folder and take the files from there.';
  if (/^\+\+\+[ \t]*\n/.test(text)) {
    const message = `The front matter is TOML, and only YAML is read. ${convert}`;
    return { code: 'toml-front-matter', line: 1, column: 1, message };
  }
  if (/^\{\s*"/.test(text)) {
    const message = `The front matter is JSON, and only YAML is read. ${convert}`;
    return { code: 'json-front-matter', line: 1, column: 1, message };
  }
  return null;
}
