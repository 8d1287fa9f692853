import type { z } from 'zod';
import { nearestKey } from '../../nearest-key.ts';
import { type ForeignContext, readForeignFrontMatter } from '../foreign/foreign-front-matter.ts';
import { articleSchema, parts, type WrittenArticle } from './article-schema.ts';
import { cleanValue } from './clean-text.ts';
import { readPlainFields } from './plain-fields.ts';

export type FieldPath = readonly (string | number)[];

/** Something wrong with the front matter. */
export interface FieldFault {
  readonly blocking: boolean;
  /** Empty: the front matter as a whole. */
  readonly at: FieldPath;
  readonly code: string;
  readonly message: string;
}

/** Front matter in the schema's types. */
export interface WrittenFields {
  /** Null where a fault is blocking. */
  readonly written: WrittenArticle | null;
  /** The key in the file that one of Silkpost's keys has its value from, where that is another. */
  readonly origins: ReadonlyMap<string, string>;
  readonly faults: readonly FieldFault[];
}

const noOrigins: ReadonlyMap<string, string> = new Map();

/** The front matter of a file, written for Silkpost or for another system, cleaned and checked. */
export function readWrittenFields(value: unknown, context: ForeignContext): WrittenFields {
  const plain = readPlainFields(value);
  return plain === null ? readBySchema(value, context) : { written: plain, origins: noOrigins, faults: [] };
}

/** As `readWrittenFields`, for anything. */
export function readBySchema(value: unknown, context: ForeignContext): WrittenFields {
  const faults: FieldFault[] = [];
  const block = (at: FieldPath, code: string, message: string): void => {
    faults.push({ blocking: true, at, code, message });
  };
  const warn = (at: FieldPath, code: string, message: string): void => {
    faults.push({ blocking: false, at, code, message });
  };

  const { value: asWritten, cleaned } = cleanValue(value ?? {});
  if (typeof asWritten !== 'object' || asWritten === null || Array.isArray(asWritten)) {
    block([], 'invalid-front-matter', 'The front matter must be a list of keys with values, such as “title: …”.');
    return { written: null, origins: noOrigins, faults };
  }
  for (const at of cleaned) {
    warn(at, 'control-character', `${at.join('.')} held characters that can’t be shown; they were taken out.`);
  }
  const { value: own, notes, origins } = readForeignFrontMatter(asWritten, context);
  for (const { at, code, message } of notes) warn(at, code, message);
  for (const { at, near } of unknownKeys(own)) {
    const hint = near === null ? 'It is ignored.' : `Did you mean ${near}?`;
    warn(at, 'unknown-key', `${at.join('.')} is not a key that articles have. ${hint}`);
  }
  const result = articleSchema.safeParse(own);
  if (!result.success) for (const issue of result.error.issues) blockIssue(issue, own, block);
  return { written: result.data ?? null, origins, faults };
}

/** One sentence for a fault that the schema found. */
function blockIssue(
  issue: z.core.$ZodIssue,
  value: object,
  block: (at: FieldPath, code: string, message: string) => void,
): void {
  const at = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  const name = at.join('.');
  const word = at
    .filter((step) => typeof step === 'string')
    .join('-')
    .toLowerCase();
  const parent = valueAt(value, at.slice(0, -1));
  const last = String(at.at(-1));
  if (at.length > 0 && typeof parent === 'object' && parent !== null && !Object.hasOwn(parent, last)) {
    block(at, `missing-${word}`, `${name} is missing. Add “${last}: …”.`);
    return;
  }
  const said = issue.message.replace(/^Invalid input: /, '');
  block(at, `invalid-${word || 'front-matter'}`, `${name} ${said}.`);
}

function valueAt(value: unknown, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (node, step) =>
      typeof node === 'object' && node !== null
        ? Object.entries(node).find(([key]) => key === String(step))?.[1]
        : undefined,
    value,
  );
}

function unknownKeys(value: object): { at: FieldPath; near: string | null }[] {
  const found: { at: FieldPath; near: string | null }[] = [];
  const compare = (node: unknown, known: readonly string[], at: FieldPath): void => {
    if (Array.isArray(node)) {
      for (const [index, item] of node.entries()) compare(item, known, [...at, index]);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      if (!known.includes(key)) found.push({ at: [...at, key], near: nearestKey(key.slice(0, 100), known) });
    }
  };
  compare(value, Object.keys(articleSchema.shape), []);
  const nested = new Map<string, readonly string[]>([
    ['authors', Object.keys(parts.author.shape)],
    ['place', Object.keys(parts.place.shape)],
    ['image', Object.keys(parts.image.shape)],
    ['audio', Object.keys(parts.audio.shape)],
    ['sources', Object.keys(parts.source.shape)],
    ['corrections', Object.keys(parts.correction.shape)],
  ]);
  for (const [key, child] of Object.entries(value)) {
    const known = nested.get(key);
    if (known) compare(child, known, [key]);
  }
  return found;
}
