import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { pictureSize } from '../../../src/content/media/picture-size.ts';
import { box } from '../../support/media-bytes.ts';

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

/** An Exif segment that says how the camera was held. */
function exif(orientation: number, order: 'II' | 'MM'): Buffer {
  const tiff = Buffer.alloc(26);
  const word = (value: number, at: number) =>
    order === 'II' ? tiff.writeUInt16LE(value, at) : tiff.writeUInt16BE(value, at);
  tiff.write(order, 'latin1');
  word(42, 2);
  if (order === 'II') tiff.writeUInt32LE(8, 4);
  else tiff.writeUInt32BE(8, 4);
  word(1, 8);
  word(0x0112, 10);
  word(3, 12);
  word(orientation, 18);
  return segment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), tiff]));
}

function webp(type: string, content: readonly number[]): Buffer {
  const bytes = Buffer.from([...Buffer.from(`RIFF    WEBP${type}    `), ...content]);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  return bytes;
}

function heif(...properties: Buffer[]): Buffer {
  const meta = Buffer.concat([Buffer.alloc(4), box('iprp', box('ipco', ...properties))]);
  return Buffer.concat([box('ftyp', Buffer.from('avif\0\0\0\0mif1')), box('meta', meta)]);
}

function ispe(width: number, height: number): Buffer {
  const content = Buffer.alloc(12);
  content.writeUInt32BE(width, 4);
  content.writeUInt32BE(height, 8);
  return box('ispe', content);
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

  it.each(['II', 'MM'] as const)('turns a JPEG that lies on its side, with its numbers in the order %s', (order) => {
    const sizeWith = (orientation: number) => pictureSize(jpeg(exif(orientation, order), frame(1600, 900)));
    for (const upright of [1, 2, 3, 4, 0, 9]) expect(sizeWith(upright)).toEqual({ width: 1600, height: 900 });
    for (const lying of [5, 6, 7, 8]) expect(sizeWith(lying)).toEqual({ width: 900, height: 1600 });
  });

  it('reads a WebP’s header: lossy, lossless, extended', () => {
    expect(pictureSize(webp('VP8 ', [0, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x06, 0x84, 0x03]))).toEqual({
      width: 1600,
      height: 900,
    });
    // 14 bits each of width - 1 and height - 1.
    expect(pictureSize(webp('VP8L', [0x2f, 0x3f, 0xc6, 0xe0, 0x00]))).toEqual({ width: 1600, height: 900 });
    expect(pictureSize(webp('VP8X', [0, 0, 0, 0, 0x3f, 0x06, 0, 0x83, 0x03, 0]))).toEqual({ width: 1600, height: 900 });
    expect(pictureSize(webp('VP8Y', [0, 0, 0, 0, 0x3f, 0x06, 0, 0x83, 0x03, 0]))).toBeNull();
  });

  it('takes an AVIF’s largest size, turned where it lies on its side', () => {
    expect(pictureSize(heif(ispe(256, 144), ispe(1600, 900)))).toEqual({ width: 1600, height: 900 });
    expect(pictureSize(heif(ispe(1600, 900), box('irot', Buffer.from([1]))))).toEqual({ width: 900, height: 1600 });
    expect(pictureSize(heif(ispe(1600, 900), box('irot', Buffer.from([2]))))).toEqual({ width: 1600, height: 900 });
    expect(pictureSize(heif())).toBeNull();
  });

  it.each(['png', 'jpeg', 'gif', 'webp', 'avif'] as const)(
    'agrees with the program that wrote a %s',
    async (format) => {
      const picture = sharp({ create: { width: 301, height: 77, channels: 3, background: '#9e1f35' } });
      const whole = await picture.toFormat(format).toBuffer();
      expect(pictureSize(whole.subarray(0, 16_384))).toEqual({ width: 301, height: 77 });
      if (format !== 'webp') return;
      for (const options of [{ lossless: true }, { quality: 10 }]) {
        expect(pictureSize(await picture.webp(options).toBuffer())).toEqual({ width: 301, height: 77 });
      }
    },
  );

  it.each([
    ['<svg width="640" height="320"/>', 640, 320],
    ['<svg width="6.4in" height=\'84.6667mm\' viewBox="0 0 1 1"/>', 614, 320],
    ['<svg viewBox="0 0 1200 600.4" xmlns="http://www.w3.org/2000/svg">', 1200, 600],
    ['<svg\nwidth="100%" height="100%" viewBox="0,0,12,6">', 12, 6],
    ['<svg width="300" viewBox="-10 -10 20 10">', 300, 150],
    ['<svg height="300px" viewBox="-10 -10 20 10">', 600, 300],
    [
      '\uFEFF<?xml version="1.0"?>\n<!-- <svg width="1" height="1"> -->\n<!DOCTYPE svg [ <!ENTITY a "b"> ]>\n<svg width="9" height="8">',
      9,
      8,
    ],
    ['<svg stroke-width="5" viewBox="0 0 0.2 0.1">', 1, 1],
  ])('reads an SVG’s size: %s', (text, width, height) => {
    expect(pictureSize(Buffer.from(text))).toEqual({ width, height });
  });

  it('gives null for an SVG without a size, or that never begins', () => {
    const texts = [
      '<svg>',
      '<svg width="10"/>',
      '<svg width="10em" height="2em"/>',
      '<svg width="-1" height="2"/>',
      '<svg viewBox="0 0 10"/>',
      '<svg viewBox="0 0 1e99 1"/>',
      '<svg width="10" height="10"',
      '<!-- <svg width="1" height="1">',
      '<svgs width="1" height="1">',
      `<svg ${' '.repeat(60_000)} width="1" height="1">`,
    ];
    for (const text of texts) expect(pictureSize(Buffer.from(text)), text.slice(0, 40)).toBeNull();
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
    for (const text of ['', '<html width="10" height="10"/>', 'GIF88a0000000', 'RIFF    WEBPVP8 ', '\x89PNG']) {
      expect(pictureSize(Buffer.from(text, 'latin1'))).toBeNull();
    }
  });

  it('gives null for garbage', () => {
    const garbage = fc.uint8Array({ maxLength: 200 }).filter((bytes) => ![0x89, 0xff, 0x47].includes(bytes[0] ?? 0));
    fc.assert(fc.property(garbage, (bytes) => pictureSize(Buffer.from(bytes)) === null));
  });

  it('gives null or a size of whole pixels for garbage behind a true beginning', () => {
    const start = fc.constantFrom(
      pngStart,
      [0xff, 0xd8],
      [0xff, 0xd8, 0xff, 0xe0, 0, 0],
      [...Buffer.from('GIF89a')],
      [...Buffer.from('RIFF____WEBPVP8 ')],
      [...heif().subarray(0, 40)],
      [...Buffer.from('<svg ')],
      [...jpeg(exif(6, 'II')).subarray(0, 14)],
    );
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
