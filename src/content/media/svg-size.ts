import type { Pixels } from './pixels.ts';

/** CSS pixels in one unit (CSS Values 4 §6.2). Others depend on where the picture stands. */
const units: Readonly<Record<string, number>> = {
  '': 1,
  px: 1,
  in: 96,
  cm: 96 / 2.54,
  mm: 96 / 25.4,
  pt: 96 / 72,
  pc: 16,
};

const longestPrologue = 65_536;
const longestTag = 20_000;

/** The outermost element's `width` and `height`, else its `viewBox`, rounded to whole pixels; null where it has none. */
export function svgSize(header: Buffer): Pixels | null {
  const tag = svgTag(header);
  if (tag === null) return null;
  const [width, height] = [length(attribute(tag, 'width')), length(attribute(tag, 'height'))];
  const box = (attribute(tag, 'viewBox') ?? '')
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const [, , boxWidth = Number.NaN, boxHeight = Number.NaN] = box.length === 4 ? box : [];
  const ratio = boxWidth > 0 && boxHeight > 0 ? boxWidth / boxHeight : null;
  if (width !== null && height !== null) return rounded(width, height);
  if (ratio === null) return null;
  if (width !== null) return rounded(width, width / ratio);
  if (height !== null) return rounded(height * ratio, height);
  return rounded(boxWidth, boxHeight);
}

/** The outermost element's opening tag, behind nothing but declarations and comments; null for what is no SVG. */
export function svgTag(header: Buffer): string | null {
  const text = header.toString('utf8', 0, longestPrologue + longestTag).replace(/^\uFEFF/, '');
  let at = 0;
  while (true) {
    while (/\s/.test(text[at] ?? '')) at += 1;
    const end = closingOf(text, at);
    if (end === null) break;
    const found = text.indexOf(end, at);
    if (found === -1) return null;
    at = found + end.length;
  }
  if (!/^<svg[\s/>]/.test(text.slice(at, at + 5))) return null;
  const close = text.indexOf('>', at);
  return close === -1 || close - at > longestTag ? null : text.slice(at, close);
}

/** What ends the declaration or comment that begins here. */
function closingOf(text: string, at: number): string | null {
  if (text.startsWith('<!--', at)) return '-->';
  if (text.startsWith('<?', at)) return '?>';
  if (!/^<!doctype$/i.test(text.slice(at, at + 9))) return null;
  // Some programs write an internal subset with entities.
  const [subset, end] = [text.indexOf('[', at), text.indexOf('>', at)];
  return subset !== -1 && subset < end ? ']>' : '>';
}

function attribute(tag: string, name: string): string | null {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(tag);
  return found ? (found[1] ?? found[2] ?? null) : null;
}

function length(written: string | null): number | null {
  const found = /^\s*(\d{1,9}(?:\.\d{1,9})?)\s*([a-z]{0,2})\s*$/.exec(written ?? '');
  const unit = units[found?.[2] ?? ''];
  const value = Number(found?.[1]);
  return found && unit !== undefined && value > 0 ? value * unit : null;
}

function rounded(width: number, height: number): Pixels {
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}
