import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzipSync } from 'node:zlib';
import { ownFile } from '../own-files.ts';
import type { Encoded } from './content-coding.ts';
import { readFonts } from './fonts.ts';
import type { Prepared } from './prepared-answer.ts';

/** The style sheet and fonts under URLs that change with their bytes. */
export interface Assets {
  /** URL path of the style sheet. */
  readonly stylePath: string;
  find(path: string): Prepared | null;
}

/** In the order in which they are joined. */
const styleSheets = [
  'tokens',
  'base',
  'nameplate',
  'story',
  'front',
  'section',
  'listing',
  'article',
  'feeds',
  'notice',
  'wishes',
  'outbox',
  'foot',
  'print',
] as const;

const immutable = 'public, max-age=31536000, immutable';
const brotli = promisify(brotliCompress);

/** Reads tokens, site style and fonts once, at the start. */
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
      encoded: extension === 'css' ? compressOnce(body) : null,
      hasRanges: false,
    });
    return path;
  };
  const faces = readFonts().map((font) => {
    const path = add(font.fileName.replace(/\.woff2$/, ''), 'woff2', 'font/woff2', font.bytes);
    // Relative to the style sheet, so that a publication may live below a path.
    const source = `url("${path.slice('/assets/'.length)}") format("woff2")`;
    return `@font-face{font-family:"${font.family}";font-weight:${font.weight};font-display:swap;src:${source};unicode-range:${font.unicodeRange}}`;
  });
  const sheets = styleSheets.map((name) => readFileSync(ownFile(`web/style/${name}.css`), 'utf8'));
  const stylePath = add('site', 'css', 'text/css; charset=utf-8', Buffer.from([...faces, ...sheets].join('\n')));
  return { stylePath, find: (path) => prepared.get(path) ?? null };
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
