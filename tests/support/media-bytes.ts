/** Sound files as small as they may be, made by code: silence or nothing at all; and the boxes of MP4 and AVIF. */

/** 8-bit mono silence at 8,000 Hz, with a chunk of notes before the sound. */
export function wavOf(seconds: number): Buffer {
  const samples = Buffer.alloc(Math.round(seconds * 8000), 0x80);
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(1, 2);
  format.writeUInt32LE(8000, 4);
  format.writeUInt32LE(8000, 8);
  format.writeUInt16LE(1, 12);
  format.writeUInt16LE(8, 14);
  const chunks = [chunk('fmt ', format), chunk('LIST', Buffer.from('INFOabc')), chunk('data', samples)];
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
}

function chunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz, stereo: 417 bytes and 1152 samples a frame. */
export const mp3FrameSeconds = 1152 / 44_100;

function mp3Frame(): Buffer {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0x00]);
  return frame;
}

/** So many frames one after the other, as a constant rate has them. */
export function mp3Of(frames: number): Buffer {
  return Buffer.concat(Array.from({ length: frames }, mp3Frame));
}

/** A first frame that says how many there are, and two of them. */
export function variableMp3Of(frames: number, header: 'Xing' | 'Info' | 'VBRI'): Buffer {
  const first = mp3Frame();
  // Both stand behind the side information of a stereo frame.
  const at = 36;
  first.write(header, at, 'latin1');
  if (header === 'VBRI') {
    first.writeUInt32BE(frames, 50);
  } else {
    first.writeUInt32BE(1, at + 4);
    first.writeUInt32BE(frames, at + 8);
  }
  return Buffer.concat([first, mp3Of(2)]);
}

/** An ID3v2.4 tag with so many bytes in it. */
export function id3Of(bytes: number): Buffer {
  const head = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, 0, 0, 0, 0]);
  for (const [index, shift] of [21, 14, 7, 0].entries()) head[6 + index] = (bytes >> shift) & 0x7f;
  // What looks like the beginning of a frame, as in a picture.
  return Buffer.concat([head, Buffer.alloc(bytes, Buffer.from([0xff, 0xfb, 0x90, 0x00, 0x01]))]);
}

function oggPage(stream: number, granule: bigint, content: Buffer): Buffer {
  const head = Buffer.alloc(28);
  head.write('OggS', 'latin1');
  head.writeBigUInt64LE(granule, 6);
  head.writeUInt32LE(stream, 14);
  head.writeUInt8(1, 26);
  head.writeUInt8(content.length, 27);
  return Buffer.concat([head, content]);
}

export function opusOf(seconds: number): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead', 'latin1');
  head.writeUInt16LE(312, 10);
  head.writeUInt32LE(16_000, 12);
  return Buffer.concat([
    oggPage(7, 0n, head),
    oggPage(7, BigInt(Math.round(seconds * 48_000) + 312), Buffer.alloc(9)),
    // A page without a packet's end, and another stream's.
    oggPage(7, 0xffff_ffff_ffff_ffffn, Buffer.alloc(9)),
    oggPage(8, 999_999_999n, Buffer.alloc(9)),
  ]);
}

export function vorbisOf(seconds: number, rate: number): Buffer {
  const head = Buffer.alloc(30);
  head.write('\x01vorbis', 'latin1');
  head.writeUInt8(2, 11);
  head.writeUInt32LE(rate, 12);
  return Buffer.concat([oggPage(1, 0n, head), oggPage(1, BigInt(Math.round(seconds * rate)), Buffer.alloc(9))]);
}

export function flacOf(seconds: number, rate: number): Buffer {
  const file = Buffer.alloc(42);
  file.write('fLaC', 'latin1');
  file.set([0x80, 0, 0, 34], 4);
  const samples = Math.round(seconds * rate);
  file.writeUIntBE(rate << 4, 18, 3);
  file.writeUInt8(Math.floor(samples / 2 ** 32) & 0x0f, 21);
  file.writeUInt32BE(samples % 2 ** 32, 22);
  return file;
}

export function box(type: string, ...content: readonly Buffer[]): Buffer {
  const inside = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(inside.length + 8, 0);
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, inside]);
}

/** With its index behind the sound, as most programs write it first. */
export function m4aOf(seconds: number, version: 0 | 1 = 0): Buffer {
  const scale = 44_100;
  const header = Buffer.alloc(version === 1 ? 112 : 100);
  header.writeUInt8(version, 0);
  header.writeUInt32BE(scale, version === 1 ? 20 : 12);
  if (version === 1) header.writeBigUInt64BE(BigInt(Math.round(seconds * scale)), 24);
  else header.writeUInt32BE(Math.round(seconds * scale), 16);
  return Buffer.concat([
    box('ftyp', Buffer.from('M4A \0\0\0\0M4A isom')),
    box('mdat', Buffer.alloc(5000)),
    box('moov', box('mvhd', header), box('trak', Buffer.alloc(3000))),
  ]);
}
