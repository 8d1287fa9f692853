import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, sentenceOf } from '../errors.ts';

const color = z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #1b4b7e');
// Stacks go into style attributes.
const stack = z.string().regex(/^[\p{L}\p{N} ,'-]+$/u, 'must be a list of font names');
const scale = z
  .string()
  .regex(/^\d{1,2}\/\d{1,2}$/, 'must be size/line in pixels, like 16/25')
  .transform((text) => {
    const [size = 0, line = 0] = text.split('/').map(Number);
    return { size: `${size}px`, line: `${line}px`, lineNumber: line };
  });

const colors = z.strictObject({
  sheet: color,
  panel: color,
  rule: color,
  ink: color,
  text: color,
  quiet: color,
  link: color,
  onLink: color,
  accent: color,
  thread: color,
});

const type = z.strictObject({
  serif: stack,
  sans: stack,
  nameplate: scale,
  nameplatePhone: scale,
  lead: scale,
  leadPhone: scale,
  leadText: scale,
  headline: scale,
  text: scale,
  rail: scale,
  small: scale,
  caption: scale,
});

const themeFile = z.strictObject({
  light: colors,
  dark: colors,
  type,
  typeByLanguage: z.record(z.string(), type.partial()),
});

/** `templates/theme.json`, parsed: colours for light and dark, type for most languages and for some their own. */
export type Theme = z.infer<typeof themeFile>;

export type ThemeType = Theme['type'];

/** @throws AppError `invalid` naming the value that is wrong. */
export async function readTheme(templatesDir: string): Promise<Theme> {
  return parseTheme(await readFile(join(templatesDir, 'theme.json'), 'utf8').catch(refuse));
}

/** @throws AppError `invalid` naming the value that is wrong. */
export function parseTheme(text: string): Theme {
  const parsed = themeFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('invalid', `theme.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is wrong'}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return refuse(cause);
  }
}

function refuse(cause: unknown): never {
  throw new AppError('invalid', `theme.json: ${sentenceOf(cause)}.`, { cause });
}

/** The type of a language: the general one with what the language has of its own. */
export function typeFor(theme: Theme, lang: string): ThemeType {
  const own = theme.typeByLanguage[lang] ?? theme.typeByLanguage[lang.split('-')[0] ?? lang] ?? {};
  const set = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...theme.type, ...set };
}
