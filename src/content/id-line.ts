import { isDeepStrictEqual } from 'node:util';
import { splitFrontMatter } from './front-matter.ts';

/**
 * A file with `id: …` as the first line of its front matter, every other byte as it was. Null where that wouldn't give
 * the same front matter with an id: it has one, can't be read, or is written in braces.
 */
export function addIdLine(file: Buffer, id: string): Buffer | null {
  const text = textOf(file);
  const before = text === null ? null : splitFrontMatter(text);
  if (text === null || before === null || !('yaml' in before)) return null;
  const opening = /^\uFEFF?---[^\r\n]*(?:\r\n|\n|\r)/.exec(text)?.[0] ?? '';
  const lineEnd = opening.replace(/^[^\r\n]*/, '');
  // A colon at the end would make the id a key.
  const written = id.endsWith(':') ? `"${id}"` : id;
  const at = Buffer.byteLength(opening);
  const changed = Buffer.concat([file.subarray(0, at), Buffer.from(`id: ${written}${lineEnd}`), file.subarray(at)]);
  const after = splitFrontMatter(textOf(changed) ?? '');
  if (!('yaml' in after)) return null;
  const [old, now] = [before.yaml.value, after.yaml.value];
  const kept = typeof old === 'object' && !Array.isArray(old) && isDeepStrictEqual(now, { id, ...old });
  return kept && after.body === before.body ? changed : null;
}

/** The text of a file, its mark of byte order too; null where it is no UTF-8. */
export function textOf(bytes: Buffer): string | null {
  try {
    // The mark of byte order counts as three bytes, and here too.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
