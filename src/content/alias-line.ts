import { isDeepStrictEqual } from 'node:util';
import { splitFrontMatter } from './front-matter.ts';
import { textOf } from './id-line.ts';

/**
 * A file with one more alias in its front matter, before those that it has, every other byte as it was. Null where that
 * wouldn't give the same front matter with the alias: its list is written in a way that has to be changed by hand.
 */
export function addAlias(file: Buffer, alias: string): Buffer | null {
  const text = textOf(file);
  const before = text === null ? null : splitFrontMatter(text);
  if (text === null || before === null || !('yaml' in before)) return null;
  const old = before.yaml.value;
  if (typeof old !== 'object' || old === null || Array.isArray(old)) return null;
  const aliases: unknown = Object.entries(old).find(([key]) => key === 'aliases')?.[1] ?? [];
  if (!Array.isArray(aliases)) return null;
  const changed = withAlias(text, JSON.stringify(alias), aliases.length > 0);
  const after = splitFrontMatter(changed);
  if (!('yaml' in after)) return null;
  const kept = isDeepStrictEqual(after.yaml.value, { ...old, aliases: [alias, ...aliases] });
  return kept && after.body === before.body ? Buffer.from(changed) : null;
}

/** @param written The alias as YAML. @param more Whether others follow. */
function withAlias(text: string, written: string, more: boolean): string {
  const opening = /^\uFEFF?---[^\r\n]*(\r\n|\n|\r)/.exec(text);
  const lineEnd = opening?.[1] ?? '\n';
  const insert = (at: number, addition: string): string => text.slice(0, at) + addition + text.slice(at);
  const key = /(?<=[\r\n])aliases[ \t]*:/.exec(text);
  if (key === null) return insert(opening?.[0].length ?? 0, `aliases: [${written}]${lineEnd}`);
  const at = key.index + key[0].length;
  const rest = text.slice(at);
  const bracket = /^\s*\[/.exec(rest);
  if (bracket) return insert(at + bracket[0].length, more ? `${written}, ` : written);
  const item = /^[^\r\n]*(?:[\r\n]+[ \t]*#[^\r\n]*)*[\r\n]+(?=([ \t]*)-[ \t])/.exec(rest);
  if (item) return insert(at + item[0].length, `${item[1] ?? ''}- ${written}${lineEnd}`);
  return insert(at, ` [${written}]`);
}
