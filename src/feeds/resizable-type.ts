import { open } from 'node:fs/promises';
import { mediaTypeOf, trueMediaType } from '../content/index.ts';
import { listSuffixes } from './picture-sizes.ts';

const headerBytes = 4096;

/**
 * The media type of a picture that is made smaller: by its bytes, where its name says the same. Null for every other
 * file; nothing else is ever unpacked. An animated PNG stays as it is.
 */
export async function findResizableType(path: string): Promise<string | null> {
  const type = mediaTypeOf(path);
  if (listSuffixes(type).length === 0) return null;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headerBytes), 0, headerBytes, 0);
    const header = buffer.subarray(0, bytesRead);
    const isAnimated = type === 'image/png' && header.includes('acTL');
    return trueMediaType(header) === type && !isAnimated ? type : null;
  } finally {
    await file.close();
  }
}
