import { type FileHandle, open } from 'node:fs/promises';
import { mediaTypeOf, trueMediaType } from '../../content/index.ts';
import { listSuffixes } from './picture-sizes.ts';

const headerBytes = 4096;

/** Of a PNG that anybody made: more stand before its pixels in none. */
const mostChunks = 200;

/**
 * The media type of a picture that is made smaller: by its bytes, where its name says the same. Null for every other
 * file; nothing else is ever unpacked. An animated PNG stays as it is.
 */
export async function findResizableType(path: string): Promise<string | null> {
  const type = mediaTypeOf(path);
  if (listSuffixes(type).length === 0) return null;
  const file = await open(path);
  try {
    if (trueMediaType(await readPart(file, 0, headerBytes)) !== type) return null;
    return type === 'image/png' && (await isAnimatedPng(file)) ? null : type;
  } finally {
    await file.close();
  }
}

/** By the chunk `acTL`, which stands before the pixels (PNG, third edition): behind a colour profile, that may be far in. */
async function isAnimatedPng(file: FileHandle): Promise<boolean> {
  for (let [at, chunks] = [8, 0]; chunks < mostChunks; chunks++) {
    const head = await readPart(file, at, 8);
    const type = head.toString('latin1', 4);
    if (type === 'acTL') return true;
    if (type === 'IDAT' || head.length < 8) return false;
    // Between its head and the next one: the data, and a checksum.
    at += head.readUInt32BE(0) + 12;
  }
  return false;
}

async function readPart(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
