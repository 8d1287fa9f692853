/** Pixels. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** How many bytes from the beginning of a file are enough for nearly every one; JPEG keeps its size behind previews. */
export const pictureHeaderBytes = 262_144;

/** The size that the header of a PNG, JPEG or GIF tells, or null. */
export function pictureSize(header: Buffer): PictureSize | null {
  const size = pngSize(header) ?? jpegSize(header) ?? gifSize(header);
  return size && size.width > 0 && size.height > 0 ? size : null;
}

function pngSize(header: Buffer): PictureSize | null {
  if (header.length < 24 || header.readUInt32BE(0) !== 0x89504e47 || header.toString('latin1', 12, 16) !== 'IHDR') {
    return null;
  }
  return { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
}

function gifSize(header: Buffer): PictureSize | null {
  if (header.length < 10 || !/^GIF8[79]a$/.test(header.toString('latin1', 0, 6))) return null;
  return { width: header.readUInt16LE(6), height: header.readUInt16LE(8) };
}

/** Walks the segments up to the frame header (SOF0–SOF15 without DHT, JPG and DAC: ISO/IEC 10918-1 table B.1). */
function jpegSize(header: Buffer): PictureSize | null {
  if (header.length < 4 || header.readUInt16BE(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 <= header.length) {
    if (header[at] !== 0xff) return null;
    const marker = header[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
      return { height: header.readUInt16BE(at + 5), width: header.readUInt16BE(at + 7) };
    }
    const standsAlone = marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    at += standsAlone ? 2 : 2 + Math.max(2, header.readUInt16BE(at + 2));
  }
  return null;
}
