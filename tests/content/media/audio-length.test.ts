import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { audioLength } from '../../../src/content/media/audio-length.ts';
import type { FileBytes } from '../../../src/content/media/file-bytes.ts';
import {
  flacOf,
  id3Of,
  m4aOf,
  mp3FrameSeconds,
  mp3Of,
  opusOf,
  variableMp3Of,
  vorbisOf,
  wavOf,
} from '../../support/media-bytes.ts';

/** A file in memory that counts what is read of it. */
function fileOf(bytes: Buffer): FileBytes & { readBytes: number } {
  const file = {
    size: bytes.length,
    readBytes: 0,
    async read(at: number, length: number) {
      const part = at < 0 ? Buffer.alloc(0) : bytes.subarray(at, at + length);
      file.readBytes += part.length;
      return part;
    },
  };
  return file;
}

const lengthOf = (bytes: Buffer) => audioLength(fileOf(bytes));

describe('audioLength', () => {
  it.each([
    ['WAV', wavOf(3), 'audio/wav', 3],
    ['FLAC', flacOf(754.4, 48_000), 'audio/flac', 754],
    ['FLAC of many hours', flacOf(100_000, 96_000), 'audio/flac', 100_000],
    ['Ogg Opus', opusOf(61), 'audio/ogg', 61],
    ['Ogg Vorbis', vorbisOf(1234, 44_100), 'audio/ogg', 1234],
    ['M4A', m4aOf(90), 'audio/mp4', 90],
    ['M4A with long numbers', m4aOf(90_000, 1), 'audio/mp4', 90_000],
    ['MP3 of a constant rate', mp3Of(1000), 'audio/mpeg', Math.round(1000 * mp3FrameSeconds)],
    ['MP3 with a Xing header', variableMp3Of(50_000, 'Xing'), 'audio/mpeg', Math.round(50_000 * mp3FrameSeconds)],
    ['MP3 with an Info header', variableMp3Of(50_000, 'Info'), 'audio/mpeg', Math.round(50_000 * mp3FrameSeconds)],
    ['MP3 with a VBRI header', variableMp3Of(50_000, 'VBRI'), 'audio/mpeg', Math.round(50_000 * mp3FrameSeconds)],
  ])('knows type and seconds of %s', async (_name, bytes, type, seconds) => {
    expect(await lengthOf(bytes)).toEqual({ type, seconds });
  });

  it('passes over an MP3’s tags, however large, before and behind', async () => {
    const tagged = Buffer.concat([id3Of(300_000), id3Of(10), mp3Of(1000), Buffer.from('TAG'.padEnd(128))]);
    const file = fileOf(tagged);
    expect(await audioLength(file)).toEqual({ type: 'audio/mpeg', seconds: Math.round(1000 * mp3FrameSeconds) });
    expect(file.readBytes).toBeLessThan(100_000);
  });

  it('takes the file’s own size for a recording that was cut off', async () => {
    for (const size of [0, 0xffff_ffff]) {
      const wav = wavOf(5);
      wav.writeUInt32LE(size, wav.indexOf('data') + 4);
      expect(await lengthOf(wav)).toEqual({ type: 'audio/wav', seconds: 5 });
    }
  });

  it('has no seconds where the file doesn’t tell them', async () => {
    expect(await lengthOf(flacOf(0, 48_000))).toEqual({ type: 'audio/flac', seconds: null });
    expect(await lengthOf(m4aOf(0))).toEqual({ type: 'audio/mp4', seconds: null });
    expect(await lengthOf(opusOf(1).subarray(0, 40))).toEqual({ type: 'audio/ogg', seconds: null });
    expect(await lengthOf(wavOf(1).subarray(0, 30))).toEqual({ type: 'audio/wav', seconds: null });
  });

  it('gives null for what is no sound', async () => {
    for (const text of ['', 'A text.', '\x89PNG\r\n\x1a\n', '<svg/>', 'RIFF____WEBPVP8 ']) {
      expect(await lengthOf(Buffer.from(text, 'latin1'))).toBeNull();
    }
  });

  it('never throws and reads little, whatever follows a true beginning or is changed in it', async () => {
    const files = [wavOf(0.1), flacOf(9, 8000), opusOf(9), vorbisOf(9, 8000), m4aOf(9), mp3Of(3), id3Of(100)];
    const damage = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), damage, fc.nat(600), async (whole, changes, cut) => {
        const bytes = Buffer.from(whole);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const file = fileOf(bytes.subarray(0, Math.max(4, bytes.length - cut)));
        const found = await audioLength(file);
        expect(found === null || found.seconds === null || found.seconds >= 1).toBe(true);
        expect(file.readBytes).toBeLessThan(1_000_000);
      }),
      { numRuns: 2000 },
    );
  });
});
