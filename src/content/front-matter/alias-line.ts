import { isDeepStrictEqual } from 'node:util';
import { type FrontMatterLanguage, splitFrontMatter } from './front-matter.ts';
import { firstLine, textOf } from './id-line.ts';

/**
 * A file with one more alias in its front matter, before those that it has, every other byte as it was. Null where that
 * wouldn't give the same front matter with the alias: its list is written in a way that has to be changed by hand.
 */
export function addAlias(file: Buffer, alias: string): Buffer | null {
  const text = textOf(file);
  const before = text === null ? null : splitFrontMatter(text);
  if (text === null || before === null || !('front' in before)) return null;
  const old = before.front.value;
  if (typeof old !== 'object' || old === null || Array.isArray(old)) return null;
  const aliases: unknown = Object.entries(old).find(([key]) => key === 'aliases')?.[1] ?? [];
  if (!Array.isArray(aliases)) return null;
  const changed = withAlias(text, before.language, JSON.stringify(alias), aliases.length > 0);
  const after = splitFrontMatter(changed);
  if (!('front' in after)) return null;
  const kept = isDeepStrictEqual(after.front.value, { ...old, aliases: [alias, ...aliases] });
  return kept && after.body === before.body ? Buffer.from(changed) : null;
}

/** @param written The alias in quotes. @param more Whether others follow. */
function withAlias(text: string, language: FrontMatterLanguage, written: string, more: boolean): string {
  const insert = (at: number, addition: string): string => text.slice(0, at) + addition + text.slice(at);
  const key = { yaml: /(?<=[\r\n])aliases[ \t]*:/, toml: /(?<=[\r\n])aliases[ \t]*=/, json: /"aliases"\s*:/ }[
    language
  ].exec(text);
  if (key === null) {
    const { at, line } = firstLine(text, language, 'aliases', `[${written}]`);
    return insert(at, line);
  }
  const at = key.index + key[0].length;
  const rest = text.slice(at);
  const bracket = /^\s*\[/.exec(rest);
  if (bracket) return insert(at + bracket[0].length, more ? `${written}, ` : written);
  const item = /^[^\r\n]*(?:[\r\n]+[ \t]*#[^\r\n]*)*([\r\n]+)(?=([ \t]*)-[ \t])/.exec(rest);
  if (item)
    return insert(at + item[0].length, `${item[2] ?? ''}- ${written}${/\r\n|\n|\r/.exec(item[1] ?? '')?.[0] ?? ''}`);
  return insert(at, ` [${written}]`);
}
