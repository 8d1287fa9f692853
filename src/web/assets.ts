import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzipSync } from 'node:zlib';
import { ownFile } from '../own-files.ts';
import type { Encoded } from './content-coding.ts';
import { readFonts } from './fonts.ts';
import type { Prepared } from './prepared-answer.ts';

/** What the console's pages load, by URL path. */
export interface ConsoleAssets {
  readonly stylePath: string;
  /** In the order in which they are run. */
  readonly scriptPaths: readonly string[];
}

/** Style sheets, fonts and scripts under URLs that change with their bytes. */
export interface Assets {
  /** URL path of the style sheet. */
  readonly stylePath: string;
  readonly console: ConsoleAssets;
  find(path: string): Prepared | null;
}

/** In the order in which they are joined. */
const styleSheets = [
  'tokens',
  'base',
  'controls',
  'nameplate',
  'story',
  'front',
  'section',
  'listing',
  'article',
  'feeds',
  'notice',
  'wishes',
  'foot',
  'print',
] as const;

/** After `tokens`, `base` and `controls`: the frame of the console, then each part of it. */
const consoleSheets = [
  'colours',
  'frame',
  'card',
  'form',
  'table',
  'edition',
  'account',
  'home',
  'compose',
  'preflight',
  'sending',
  'after',
  'readers',
  'shelves',
  'door',
] as const;

/** From their packages, as they are. */
const consoleScripts = {
  htmx: import.meta.resolve('htmx.org/dist/htmx.min.js'),
  'htmx-sse': import.meta.resolve('htmx-ext-sse/dist/sse.min.js'),
};

const immutable = 'public, max-age=31536000, immutable';
const brotli = promisify(brotliCompress);

/** Reads styles, fonts and scripts once, at the start. */
export function readAssets(): Assets {
  const prepared = new Map<string, Prepared>();
  const add = (name: string, extension: string, type: string, body: Buffer): string => {
    const hash = createHash('sha256').update(body).digest('hex').slice(0, 16);
    const path = `/assets/${name}.${hash}.${extension}`;
    prepared.set(path, {
      body,
      type,
      etag: `"${hash}"`,
      lastModified: null,
      cacheControl: immutable,
      encoded: extension === 'css' || extension === 'js' ? compressOnce(body) : null,
      hasRanges: false,
    });
    return path;
  };
  const fonts = readFonts().map((font) => {
    const path = add(font.fileName.replace(/\.woff2$/, ''), 'woff2', 'font/woff2', font.bytes);
    // Relative to the style sheet, so that a publication may live below a path.
    const source = `url("${path.slice('/assets/'.length)}") format("woff2")`;
    return `font-family:"${font.family}";font-weight:${font.weight};src:${source};unicode-range:${font.unicodeRange}`;
  });
  const addStyle = (name: string, display: 'swap' | 'optional', sheets: readonly string[]): string => {
    const faces = fonts.map((font) => `@font-face{font-display:${display};${font}}`);
    const texts = sheets.map((sheet) => readFileSync(ownFile(`web/style/${sheet}.css`), 'utf8'));
    return add(name, 'css', 'text/css; charset=utf-8', Buffer.from([...faces, ...texts].join('\n')));
  };
  const stylePath = addStyle('site', 'swap', styleSheets);
  const console = {
    // A font that comes late is for the next page: nothing moves from under a pointer.
    stylePath: addStyle('console', 'optional', [
      'tokens',
      'base',
      'controls',
      ...consoleSheets.map((name) => `console/${name}`),
    ]),
    scriptPaths: Object.entries(consoleScripts).map(([name, url]) =>
      add(name, 'js', 'text/javascript; charset=utf-8', readFileSync(fileURLToPath(url))),
    ),
  };
  return { stylePath, console, find: (path) => prepared.get(path) ?? null };
}

/** Both forms made once, as small as they get: gzip at the start, brotli, which takes far longer, when first wanted. */
function compressOnce(body: Buffer): Encoded {
  const zipped = gzipSync(body, { level: 9 });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  let small: Buffer | Promise<Buffer> | null = null;
  const make = async (): Promise<Buffer> => {
    const made = await brotli(body, { params });
    small = made;
    return made;
  };
  return (coding) => {
    if (coding === 'gzip') return zipped;
    small ??= make();
    return small;
  };
}
