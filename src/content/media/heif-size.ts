import { findBox, listBoxes } from './media-boxes.ts';
import type { Pixels } from './pixels.ts';

/**
 * The largest `ispe` among the properties of an AVIF or HEIF (ISO/IEC 23008-12 §6.5.3): thumbnails and tiles have
 * smaller ones of their own. An odd quarter turn (`irot`, §6.5.10) lays it on its side.
 */
export function heifSize(header: Buffer): Pixels | null {
  if (header.toString('latin1', 4, 8) !== 'ftyp') return null;
  const properties = findBox(header, 'meta', 'iprp', 'ipco');
  if (!properties) return null;
  let largest: Pixels | null = null;
  let isTurned = false;
  for (const { type, content } of listBoxes(properties)) {
    if (type === 'irot') isTurned = ((content[0] ?? 0) & 1) === 1;
    if (type !== 'ispe' || content.length < 12) continue;
    const [width, height] = [content.readUInt32BE(4), content.readUInt32BE(8)];
    if (!largest || width * height > largest.width * largest.height) largest = { width, height };
  }
  return largest && isTurned ? { width: largest.height, height: largest.width } : largest;
}
