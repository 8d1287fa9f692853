import type { Readable } from 'node:stream';

/**
 * Up to so many bytes from the start of a stream. The rest is read as well, and let go: whoever pipes it here would take a
 * closed pipe for a fault.
 */
export async function readStart(input: Readable, maxBytes: number): Promise<Buffer> {
  const kept: Buffer[] = [];
  let room = maxBytes;
  for await (const chunk of input) {
    if (room === 0) continue;
    const part: Buffer = chunk.subarray(0, room);
    kept.push(part);
    room -= part.length;
  }
  return Buffer.concat(kept);
}
