import { svgTag } from './svg-size.ts';

/**
 * What a file is by its first bytes, whatever its name says; null for what isn't known here. Programs that show it go
 * by the same bytes.
 */
export function trueMediaType(header: Buffer): string | null {
  const starts = (text: string, at = 0): boolean => header.toString('latin1', at, at + text.length) === text;
  if (starts('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (starts('\xff\xd8\xff')) return 'image/jpeg';
  if (starts('GIF87a') || starts('GIF89a')) return 'image/gif';
  if (starts('RIFF') && starts('WEBP', 8)) return 'image/webp';
  if (starts('RIFF') && starts('WAVE', 8)) return 'audio/wav';
  if (starts('fLaC')) return 'audio/flac';
  if (starts('OggS')) return 'audio/ogg';
  if (starts('ftyp', 4)) return typeOfBrands(header);
  // An ID3v2 tag stands before MPEG sound, hardly before anything else; without one a frame begins at once.
  if (starts('ID3') || isMpegFrame(header)) return 'audio/mpeg';
  return svgTag(header) === null ? null : 'image/svg+xml';
}

/** By the major brand of an ISO base media file, and those that it is compatible with (ISO/IEC 14496-12 §4.3). */
function typeOfBrands(header: Buffer): string | null {
  const end = Math.min(header.readUInt32BE(0), header.length, 256);
  const brands: string[] = [];
  // Between the major brand and the others stands its version.
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4) brands.push(header.toString('latin1', at, at + 4));
  const [major = ''] = brands;
  if (brands.includes('avif') || brands.includes('avis')) return 'image/avif';
  if (/^(?:mif1|msf1|hei[cx]|hev[cx])$/.test(major)) return 'image/heif';
  return /^(?:M4A|M4B|F4A|dash|iso|mp4|MSNV|3gp)/.test(major) ? 'audio/mp4' : null;
}

/** Eleven set bits, layer III, and neither of the values that are reserved (ISO/IEC 11172-3 §2.4.1.3). */
function isMpegFrame(header: Buffer): boolean {
  const [first = 0, second = 0, third = 0] = header;
  const isLayer3 = (second & 0xe6) === 0xe2;
  return first === 0xff && isLayer3 && (second & 0x18) !== 0x08 && third >> 4 !== 15 && (third & 0x0c) !== 0x0c;
}
