import { isDeepStrictEqual } from 'node:util';
import { type FrontMatterLanguage, splitFrontMatter } from './front-matter.ts';

/**
 * A file with its id as the first line of its front matter, every other byte as it was. Null where that wouldn't give the
 * same front matter with an id: it has one, or can't be read.
 */
export function addIdLine(file: Buffer, id: string): Buffer | null {
  const text = textOf(file);
  const before = text === null ? null : splitFrontMatter(text);
  if (text === null || before === null || !('front' in before)) return null;
  // A colon at the end would make the id a key.
  const written = before.language === 'yaml' && !id.endsWith(':') ? id : JSON.stringify(id);
  const { at, line } = firstLine(text, before.language, 'id', written);
  const bytes = Buffer.byteLength(text.slice(0, at));
  const changed = Buffer.concat([file.subarray(0, bytes), Buffer.from(line), file.subarray(bytes)]);
  const after = splitFrontMatter(textOf(changed) ?? '');
  if (!('front' in after)) return null;
  const [old, now] = [before.front.value, after.front.value];
  const kept = typeof old === 'object' && !Array.isArray(old) && isDeepStrictEqual(now, { id, ...old });
  return kept && after.body === before.body ? changed : null;
}

/** The line that a key makes at the head of a front matter, and where in the text it belongs. */
export function firstLine(
  text: string,
  language: FrontMatterLanguage,
  key: string,
  written: string,
): { readonly at: number; readonly line: string } {
  const opening = /^\uFEFF?(?:(?:---|\+\+\+)[^\r\n]*|\{)(\r\n|\n|\r)?/.exec(text);
  const at = opening?.[0].length ?? 0;
  const lineEnd = opening?.[1] ?? '\n';
  if (language === 'json') return { at, line: `"${key}": ${written},${lineEnd}` };
  return { at, line: `${key}${language === 'toml' ? ' =' : ':'} ${written}${lineEnd}` };
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
