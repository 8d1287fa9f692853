import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One file of a font: a script's letters in one range of weights. */
export interface FontFace {
  readonly family: string;
  /** Name in its package, without a folder. */
  readonly fileName: string;
  /** CSS `font-weight`: a number, or a range of a variable font. */
  readonly weight: string;
  /** CSS `unicode-range`: a browser loads the file only where a page has such letters. */
  readonly unicodeRange: string;
  readonly bytes: Buffer;
}

interface FontPackage {
  readonly family: string;
  /** URL of a file in the package's `files/`. */
  readonly fileUrl: (fileName: string) => string;
  /** URL of its list of ranges by subset. */
  readonly rangesUrl: string;
  readonly name: string;
  readonly subsets: readonly string[];
  readonly weights: readonly { readonly css: string; readonly file: string }[];
}

const variable = [{ css: '200 900', file: 'wght' }];

// Weight alone: the files with optical sizes too are more than twice as long.
const packages: readonly FontPackage[] = [
  {
    family: 'Source Serif 4',
    fileUrl: (file) => import.meta.resolve(`@fontsource-variable/source-serif-4/files/${file}`),
    rangesUrl: import.meta.resolve('@fontsource-variable/source-serif-4/unicode.json'),
    name: 'source-serif-4',
    subsets: ['latin', 'latin-ext', 'cyrillic'],
    weights: variable,
  },
  {
    family: 'Source Sans 3',
    fileUrl: (file) => import.meta.resolve(`@fontsource-variable/source-sans-3/files/${file}`),
    rangesUrl: import.meta.resolve('@fontsource-variable/source-sans-3/unicode.json'),
    name: 'source-sans-3',
    subsets: ['latin', 'latin-ext', 'cyrillic'],
    weights: variable,
  },
  {
    family: 'Vazirmatn',
    fileUrl: (file) => import.meta.resolve(`@fontsource-variable/vazirmatn/files/${file}`),
    rangesUrl: import.meta.resolve('@fontsource-variable/vazirmatn/unicode.json'),
    name: 'vazirmatn',
    subsets: ['arabic'],
    weights: [{ css: '100 900', file: 'wght' }],
  },
  {
    family: 'Noto Serif Georgian',
    fileUrl: (file) => import.meta.resolve(`@fontsource-variable/noto-serif-georgian/files/${file}`),
    rangesUrl: import.meta.resolve('@fontsource-variable/noto-serif-georgian/unicode.json'),
    name: 'noto-serif-georgian',
    subsets: ['georgian'],
    weights: [{ css: '100 900', file: 'wght' }],
  },
  {
    family: 'Noto Serif Armenian',
    fileUrl: (file) => import.meta.resolve(`@fontsource/noto-serif-armenian/files/${file}`),
    rangesUrl: import.meta.resolve('@fontsource/noto-serif-armenian/unicode.json'),
    name: 'noto-serif-armenian',
    subsets: ['armenian'],
    weights: [
      { css: '400', file: '400' },
      { css: '600', file: '600' },
      { css: '700', file: '700' },
    ],
  },
];

/** The site's own fonts, read from the installed packages. */
export function readFonts(): FontFace[] {
  return packages.flatMap((font) => {
    const ranges = readRanges(font.rangesUrl);
    return font.subsets.flatMap((subset) =>
      font.weights.map(({ css, file }) => {
        const fileName = `${font.name}-${subset}-${file}-normal.woff2`;
        return {
          family: font.family,
          fileName,
          weight: css,
          unicodeRange: ranges[subset] ?? 'U+0-10FFFF',
          bytes: readFileSync(fileURLToPath(font.fileUrl(fileName))),
        };
      }),
    );
  });
}

function readRanges(url: string): Readonly<Record<string, string>> {
  // The boundary to the package's own data: ranges by subset.
  return JSON.parse(readFileSync(fileURLToPath(url), 'utf8')) as Record<string, string>;
}
