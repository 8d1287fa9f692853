import type { FileBytes } from './file-bytes.ts';
import { mp3Seconds } from './mp3-length.ts';
import { mp4Seconds } from './mp4-length.ts';
import { oggSeconds } from './ogg-length.ts';
import { trueMediaType } from './true-media-type.ts';

export interface AudioLength {
  /** The media type by its bytes. */
  readonly type: string;
  /** Whole seconds, at least 1; null where the file doesn't tell them. */
  readonly seconds: number | null;
}

/** Longer than any recording: what says more is damaged. */
const mostSeconds = 1_000_000;
const mostChunks = 100;

/**
 * What a sound file says of itself, from a few short reads: MP3, M4A, Ogg (Opus, Vorbis), WAV, FLAC. Null where it is
 * none of them. Throws only what the file's `read` throws.
 */
export async function audioLength(file: FileBytes): Promise<AudioLength | null> {
  const type = trueMediaType(await file.read(0, 4096));
  if (!type?.startsWith('audio/')) return null;
  const seconds = await readSeconds(file, type);
  const isPlausible = seconds !== null && seconds > 0 && seconds < mostSeconds;
  return { type, seconds: isPlausible ? Math.max(1, Math.round(seconds)) : null };
}

function readSeconds(file: FileBytes, type: string): Promise<number | null> {
  switch (type) {
    case 'audio/mpeg':
      return mp3Seconds(file);
    case 'audio/mp4':
      return mp4Seconds(file);
    case 'audio/ogg':
      return oggSeconds(file);
    case 'audio/wav':
      return wavSeconds(file);
    default:
      return flacSeconds(file);
  }
}

/** The `data` chunk's bytes by the `fmt ` chunk's bytes a second. A recorder that was cut off leaves no size. */
async function wavSeconds(file: FileBytes): Promise<number | null> {
  let bytesPerSecond = 0;
  let at = 12;
  for (let chunks = 0; chunks < mostChunks; chunks++) {
    const head = await file.read(at, 20);
    if (head.length < 8) return null;
    const [type, size] = [head.toString('latin1', 0, 4), head.readUInt32LE(4)];
    if (type === 'fmt ' && head.length >= 20) bytesPerSecond = head.readUInt32LE(16);
    if (type === 'data') {
      const rest = file.size - at - 8;
      const bytes = size === 0 || size > rest ? rest : size;
      return bytesPerSecond === 0 ? null : bytes / bytesPerSecond;
    }
    // Chunks begin at even places.
    at += 8 + size + (size % 2);
  }
  return null;
}

/** Sample rate and number of samples of STREAMINFO (RFC 9639 §8.2); a number of 0 is unknown. */
async function flacSeconds(file: FileBytes): Promise<number | null> {
  const info = await file.read(0, 42);
  if (info.length < 26 || (info.readUInt8(4) & 0x7f) !== 0) return null;
  const rate = info.readUIntBE(18, 3) >>> 4;
  const samples = (info.readUInt8(21) & 0x0f) * 2 ** 32 + info.readUInt32BE(22);
  return rate === 0 || samples === 0 ? null : samples / rate;
}
