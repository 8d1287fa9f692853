import type { Pixels } from './pixels.ts';

/**
 * Walks the segments up to the frame header (SOF0–SOF15 without DHT, JPG and DAC: ISO/IEC 10918-1 table B.1). Exif
 * orientations 5 to 8 lay the picture on its side, and every browser and mail program shows it upright.
 */
export function jpegSize(header: Buffer): Pixels | null {
  if (header.length < 4 || header.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  let orientation = 1;
  while (at + 9 <= header.length) {
    if (header[at] !== 0xff) return null;
    const marker = header[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      const [height, width] = [header.readUInt16BE(at + 5), header.readUInt16BE(at + 7)];
      return orientation >= 5 ? { width: height, height: width } : { width, height };
    }
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    const length = standsAlone ? 2 : 2 + Math.max(2, header.readUInt16BE(at + 2));
    if (marker === 0xe1) orientation = exifOrientation(header.subarray(at + 4, at + length)) ?? orientation;
    at += length;
  }
  return null;
}

/** Tag 0x0112 of the first directory of an Exif segment's TIFF (CIPA DC-008 §4.6.2), from 1 to 8. */
function exifOrientation(segment: Buffer): number | null {
  if (segment.toString('latin1', 0, 6) !== 'Exif\0\0') return null;
  const tiff = segment.subarray(6);
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return null;
  const readWord = (at: number): number => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return null;
  const entries = readWord(directory);
  for (let at = directory + 2; at + 12 <= tiff.length && at < directory + 2 + entries * 12; at += 12) {
    if (readWord(at) !== 0x0112) continue;
    const orientation = readWord(at + 8);
    return orientation >= 1 && orientation <= 8 ? orientation : null;
  }
  return null;
}
