import type { FileBytes } from './file-bytes.ts';

/** A page is at most this long (RFC 3533 §6): so much of the end holds the last one whole. */
const longestPage = 65_307;
const unknownGranule = 0xffff_ffff_ffff_ffffn;

/** The position of the last page of Opus (RFC 7845 §4, without its pre-skip) or Vorbis, by its samples a second. */
export async function oggSeconds(file: FileBytes): Promise<number | null> {
  const head = await file.read(0, 512);
  if (head.length < 28) return null;
  const stream = head.readUInt32LE(14);
  const clock = clockOf(head.subarray(27 + head.readUInt8(26)));
  if (!clock) return null;
  const tail = await file.read(Math.max(0, file.size - 2 * longestPage), 2 * longestPage);
  const last = lastPosition(tail, stream);
  return last === null ? null : (last - clock.skipped) / clock.rate;
}

/** From the first packet. Opus counts 48,000 samples a second whatever was recorded. */
function clockOf(packet: Buffer): { readonly rate: number; readonly skipped: number } | null {
  if (packet.toString('latin1', 0, 8) === 'OpusHead' && packet.length >= 12) {
    return { rate: 48_000, skipped: packet.readUInt16LE(10) };
  }
  if (packet.toString('latin1', 0, 7) !== '\x01vorbis' || packet.length < 16) return null;
  const rate = packet.readUInt32LE(12);
  return rate === 0 ? null : { rate, skipped: 0 };
}

function lastPosition(tail: Buffer, stream: number): number | null {
  let at = tail.lastIndexOf('OggS');
  while (at !== -1) {
    if (at + 18 <= tail.length && tail.readUInt32LE(at + 14) === stream) {
      const granule = tail.readBigUInt64LE(at + 6);
      if (granule !== unknownGranule) return Number(granule);
    }
    at = at === 0 ? -1 : tail.lastIndexOf('OggS', at - 1);
  }
  return null;
}
