import type { FileBytes } from './file-bytes.ts';

interface Frame {
  /** Bits a second. */
  readonly bitrate: number;
  readonly sampleRate: number;
  readonly samples: number;
  /** Bytes, its header among them. */
  readonly length: number;
  /** Where a Xing or Info header stands in it. */
  readonly xingAt: number;
}

/** kbit/s of layer III (ISO/IEC 11172-3 §2.4.2.3, 13818-3 §2.4.2.3). */
const bitrates = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const sampleRates = [44_100, 48_000, 32_000];

const searchedBytes = 65_536;
const mostTags = 5;

/**
 * The number of frames that the first one tells (Xing, Info or VBRI header), else the bytes at the first one's rate,
 * which is exact where the rate is constant.
 */
export async function mp3Seconds(file: FileBytes): Promise<number | null> {
  const start = await skipTags(file);
  const bytes = await file.read(start, searchedBytes);
  const at = findFrame(bytes);
  const frame = at === null ? null : parseFrame(bytes, at);
  if (at === null || !frame) return null;
  const frames = countFrames(bytes.subarray(at, at + frame.length), frame);
  if (frames !== null) return (frames * frame.samples) / frame.sampleRate;
  const tail = await file.read(file.size - 128, 3);
  const end = file.size - (tail.toString('latin1') === 'TAG' ? 128 : 0);
  return ((end - start - at) * 8) / frame.bitrate;
}

/** Where the sound begins: behind the ID3v2 tags (ID3v2.4.0 §3.1; their size is in groups of seven bits). */
async function skipTags(file: FileBytes): Promise<number> {
  let at = 0;
  for (let tags = 0; tags < mostTags; tags++) {
    const head = await file.read(at, 10);
    if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return at;
    const size = [6, 7, 8, 9].reduce((total, index) => total * 128 + ((head[index] ?? 0) & 0x7f), 0);
    const hasFooter = (head.readUInt8(5) & 0x10) !== 0;
    at += 10 + size + (hasFooter ? 10 : 0);
  }
  return at;
}

/** A frame that another follows: the same bits may occur within a picture or padding. */
function findFrame(bytes: Buffer): number | null {
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const frame = parseFrame(bytes, at);
    if (!frame) continue;
    const next = at + frame.length;
    if (next + 4 > bytes.length || parseFrame(bytes, next)) return at;
  }
  return null;
}

function parseFrame(bytes: Buffer, at: number): Frame | null {
  if (at + 4 > bytes.length || bytes[at] !== 0xff) return null;
  const header = bytes.readUInt32BE(at);
  // 0: MPEG-2.5, 2: MPEG-2, 3: MPEG-1; layer III only.
  const version = (header >>> 19) & 3;
  if (header >>> 21 !== 0x7ff || version === 1 || ((header >>> 17) & 3) !== 1) return null;
  const generation = version === 3 ? 1 : 2;
  const bitrate = (bitrates[generation][(header >>> 12) & 15] ?? 0) * 1000;
  const sampleRate = (sampleRates[(header >>> 10) & 3] ?? 0) >> (version === 3 ? 0 : version === 2 ? 1 : 2);
  if (bitrate === 0 || sampleRate === 0) return null;
  const samples = generation === 1 ? 1152 : 576;
  const isMono = ((header >>> 6) & 3) === 3;
  return {
    bitrate,
    sampleRate,
    samples,
    length: Math.floor(((samples / 8) * bitrate) / sampleRate) + ((header >>> 9) & 1),
    xingAt: 4 + (generation === 1 ? (isMono ? 17 : 32) : isMono ? 9 : 17),
  };
}

function countFrames(frame: Buffer, { xingAt }: Frame): number | null {
  const word = frame.toString('latin1', xingAt, xingAt + 4);
  if ((word === 'Xing' || word === 'Info') && xingAt + 12 <= frame.length) {
    const hasCount = (frame.readUInt32BE(xingAt + 4) & 1) === 1;
    return hasCount ? frame.readUInt32BE(xingAt + 8) || null : null;
  }
  if (frame.toString('latin1', 36, 40) === 'VBRI' && frame.length >= 54) return frame.readUInt32BE(50) || null;
  return null;
}
