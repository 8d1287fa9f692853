/** One box of an ISO base media file (ISO/IEC 14496-12 §4.2): AVIF, HEIF, MP4, M4A. */
export interface MediaBox {
  /** Four letters. */
  readonly type: string;
  /** Its content, as far as it was read. */
  readonly content: Buffer;
  /** Where the box begins and ends in what it was listed from; the end may lie behind what was read. */
  readonly start: number;
  readonly end: number;
}

/** More than any file has on one level: what has more is damage. */
const mostBoxes = 1000;

/** The boxes that follow one another, up to the first that is damaged. Never throws. */
export function listBoxes(bytes: Buffer): MediaBox[] {
  const boxes: MediaBox[] = [];
  let at = 0;
  while (at + 8 <= bytes.length && boxes.length < mostBoxes) {
    const short = bytes.readUInt32BE(at);
    const isLong = short === 1;
    if (isLong && at + 16 > bytes.length) break;
    // A size of 0 means to the file's end.
    const size = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short || bytes.length - at;
    const head = isLong ? 16 : 8;
    if (size < head || !Number.isSafeInteger(at + size)) break;
    const type = bytes.toString('latin1', at + 4, at + 8);
    boxes.push({ type, content: bytes.subarray(at + head, at + size), start: at, end: at + size });
    at += size;
  }
  return boxes;
}

/**
 * The content of the first box at a path of types, one inside the other; null where there is none. A full box (`meta`)
 * has four bytes of version and flags before the boxes in it.
 */
export function findBox(bytes: Buffer, ...[type, ...rest]: readonly string[]): Buffer | null {
  const found = listBoxes(bytes).find((box) => box.type === type)?.content;
  if (!found || rest.length === 0) return found ?? null;
  return findBox(type === 'meta' ? found.subarray(4) : found, ...rest);
}
