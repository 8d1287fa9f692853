import { heifSize } from './heif-size.ts';
import { jpegSize } from './jpeg-size.ts';
import type { Pixels } from './pixels.ts';
import { svgSize } from './svg-size.ts';

/** No format holds more; a larger number is damage. */
const mostPixels = 1_000_000;

/** The size that the header of a PNG, JPEG, GIF, WebP, AVIF or SVG tells, or null. Never throws. */
export function pictureSize(header: Buffer): Pixels | null {
  const size =
    pngSize(header) ?? jpegSize(header) ?? gifSize(header) ?? webpSize(header) ?? heifSize(header) ?? svgSize(header);
  return size && isPlausible(size.width) && isPlausible(size.height) ? size : null;
}

function isPlausible(pixels: number): boolean {
  return Number.isInteger(pixels) && pixels > 0 && pixels <= mostPixels;
}

function pngSize(header: Buffer): Pixels | null {
  if (header.length < 24 || header.readUInt32BE(0) !== 0x89504e47 || header.toString('latin1', 12, 16) !== 'IHDR') {
    return null;
  }
  return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
}

function gifSize(header: Buffer): Pixels | null {
  if (header.length < 10 || !/^GIF8[79]a$/.test(header.toString('latin1', 0, 6))) return null;
  return { width: header.readUInt16LE(6), height: header.readUInt16LE(8) };
}

/** The first chunk after the RIFF header: extended, lossless or lossy (RFC 9649 §2.5–2.7, RFC 6386 §9.1). */
function webpSize(header: Buffer): Pixels | null {
  if (header.length < 25 || header.toString('latin1', 0, 4) !== 'RIFF' || header.toString('latin1', 8, 12) !== 'WEBP') {
    return null;
  }
  switch (header.toString('latin1', 12, 16)) {
    case 'VP8X':
      return header.length < 30 ? null : { width: header.readUIntLE(24, 3) + 1, height: header.readUIntLE(27, 3) + 1 };
    case 'VP8L': {
      if (header[20] !== 0x2f) return null;
      const bits = header.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case 'VP8 ':
      if (header.length < 30 || header.readUIntBE(23, 3) !== 0x9d012a) return null;
      return { width: header.readUInt16LE(26) & 0x3fff, height: header.readUInt16LE(28) & 0x3fff };
    default:
      return null;
  }
}
