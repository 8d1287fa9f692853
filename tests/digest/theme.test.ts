import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTheme, readTheme, typeFor } from '../../src/digest/theme.ts';
import { templatesDir } from '../support/story-fixtures.ts';

const text = await readFile(join(templatesDir, 'theme.json'), 'utf8');

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((one, other) => other - one);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

describe('readTheme', () => {
  it('reads the sample publication’s, with 4.5 contrast for every text on every ground, light and dark', async () => {
    const theme = await readTheme(templatesDir);
    for (const colors of [theme.light, theme.dark]) {
      for (const ground of [colors.sheet, colors.panel]) {
        for (const ink of [colors.ink, colors.text, colors.quiet, colors.link, colors.accent]) {
          expect(contrast(ink, ground), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
        }
      }
      expect(contrast(colors.onLink, colors.link)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('names the value that is wrong', () => {
    expect(() => parseTheme(text.replace('#1b4b7e', 'blue'))).toThrow(/light\.link: must be a colour like/);
    expect(() => parseTheme(text.replace('"lead": "32/38"', '"lead": "big"'))).toThrow(
      /type\.lead: must be size\/line/,
    );
    expect(() => parseTheme(text.replace("Georgia, 'Times New Roman', serif", 'x;} body{'))).toThrow(
      /list of font names/,
    );
    expect(() => parseTheme('{')).toThrow(/theme\.json: /);
  });
});

describe('typeFor', () => {
  it('gives a language what it has of its own and the rest of the general type', () => {
    const theme = parseTheme(text);
    expect(typeFor(theme, 'fa').lead).toEqual({ size: '29px', line: '46px', lineNumber: 46 });
    expect(typeFor(theme, 'az').lead).toEqual(theme.type.lead);
    expect(typeFor(theme, 'az-Cyrl').serif).toBe(theme.typeByLanguage['az']?.serif);
    expect(typeFor(theme, 'de')).toEqual(theme.type);
  });
});
