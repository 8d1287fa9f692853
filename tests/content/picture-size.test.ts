import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pictureSize } from '../../src/content/picture-size.ts';

const pngStart = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function png(width: number, height: number): Buffer {
  const header = Buffer.alloc(33);
  header.set(pngStart);
  header.writeUInt32BE(13, 8);
  header.write('IHDR', 12, 'latin1');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return header;
}

function gif(width: number, height: number, version = '89a'): Buffer {
  const header = Buffer.alloc(13);
  header.write(`GIF${version}`, 'latin1');
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  return header;
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

function frame(width: number, height: number, marker = 0xc0): Buffer {
  const content = Buffer.alloc(15, 1);
  content.writeUInt8(8, 0);
  content.writeUInt16BE(height, 1);
  content.writeUInt16BE(width, 3);
  return segment(marker, content);
}

function jpeg(...segments: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...segments]);
}

const previewHidden = segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), jpeg(frame(160, 120))]));

describe('pictureSize', () => {
  it('reads a PNG’s header', () => {
    expect(pictureSize(png(1200, 630))).toEqual({ width: 1200, height: 630 });
  });

  it.each(['87a', '89a'])('reads a GIF%s’s header', (version) => {
    expect(pictureSize(gif(320, 258, version))).toEqual({ width: 320, height: 258 });
  });

  it.each([0xc0, 0xc1, 0xc2, 0xcf])('reads a JPEG’s frame header with marker %i', (marker) => {
    expect(pictureSize(jpeg(frame(1600, 900, marker)))).toEqual({ width: 1600, height: 900 });
  });

  it('passes over a JPEG’s preview, tables, fill bytes and markers that stand alone', () => {
    const table = segment(0xc4, Buffer.alloc(40, 9));
    const filled = Buffer.from([0xff, 0xff]);
    const alone = Buffer.from([0xff, 0x01]);
    expect(pictureSize(jpeg(previewHidden, table, alone, filled, frame(1600, 900)))).toEqual({
      width: 1600,
      height: 900,
    });
  });

  it('gives null for a size of nothing', () => {
    for (const header of [png(0, 10), gif(10, 0), jpeg(frame(0, 10))]) expect(pictureSize(header)).toBeNull();
  });

  it('gives null for every header that is cut off', () => {
    const cuts: [Buffer, number][] = [
      [png(12, 6), 24],
      [gif(12, 6), 10],
      [jpeg(frame(12, 6)), 11],
    ];
    for (const [header, needed] of cuts) {
      expect(pictureSize(header.subarray(0, needed))).toEqual({ width: 12, height: 6 });
      for (let length = 0; length < needed; length += 1) expect(pictureSize(header.subarray(0, length))).toBeNull();
    }
  });

  it('gives null for what is no picture', () => {
    for (const text of ['', '<svg width="10" height="10"/>', 'GIF88a0000000', 'RIFF    WEBPVP8 ', '\x89PNG']) {
      expect(pictureSize(Buffer.from(text, 'latin1'))).toBeNull();
    }
  });

  it('gives null for garbage', () => {
    const garbage = fc.uint8Array({ maxLength: 200 }).filter((bytes) => ![0x89, 0xff, 0x47].includes(bytes[0] ?? 0));
    fc.assert(fc.property(garbage, (bytes) => pictureSize(Buffer.from(bytes)) === null));
  });

  it('gives null or a size of whole pixels for garbage behind a true beginning', () => {
    const start = fc.constantFrom(pngStart, [0xff, 0xd8], [0xff, 0xd8, 0xff, 0xe0, 0, 0], [...Buffer.from('GIF89a')]);
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 300 }), (begin, bytes) => {
        const size = pictureSize(Buffer.from([...begin, ...bytes]));
        if (size === null) return;
        expect(Number.isInteger(size.width) && size.width > 0).toBe(true);
        expect(Number.isInteger(size.height) && size.height > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
