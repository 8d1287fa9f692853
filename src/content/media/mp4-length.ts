import type { FileBytes } from './file-bytes.ts';
import { findBox, listBoxes } from './media-boxes.ts';

const mostBoxes = 100;

/** Duration by time scale of `moov/mvhd` (ISO/IEC 14496-12 §8.2.2), which may stand behind all the sound. */
export async function mp4Seconds(file: FileBytes): Promise<number | null> {
  let at = 0;
  for (let boxes = 0; boxes < mostBoxes; boxes++) {
    const [box] = listBoxes(await file.read(at, 1024));
    if (!box) return null;
    if (box.type === 'moov') return secondsOf(findBox(box.content, 'mvhd'));
    at += box.end;
  }
  return null;
}

function secondsOf(header: Buffer | null): number | null {
  const isLong = header?.[0] === 1;
  if (!header || header.length < (isLong ? 32 : 20)) return null;
  const scale = header.readUInt32BE(isLong ? 20 : 12);
  const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  // All bits set, or 0: it isn't known, as in a stream of fragments.
  const isKnown = duration > 0 && duration < (isLong ? 2 ** 63 : 2 ** 32 - 1);
  return scale > 0 && isKnown ? duration / scale : null;
}
