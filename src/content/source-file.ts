import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { sentenceOf } from '../errors.ts';

export interface SourceText {
  readonly text: string;
  /** The same in UTF-8, until the next file is read. */
  readonly bytes: Buffer;
  /** Bytes and modification time (ms) of the file. */
  readonly size: number;
  readonly mtimeMs: number;
}

export interface SourceFault {
  readonly code: 'file-too-large' | 'unreadable-file' | 'empty-file';
  readonly message: string;
}

const maxBytes = 5 * 1024 * 1024;
const triesWhileWritten = 3;
/** Most articles fit: of ten thousand no memory is taken that has to be given back. */
const scratch = Buffer.allocUnsafeSlow(65_536);
const byteOrderMark = '\uFEFF';

/**
 * The text of a UTF-8 file below `content/`. One that is written to meanwhile is read again, so that no half of it is
 * taken for the whole. Read at once and not in five turns: of small files that takes a fifth of the time.
 */
export function readSourceFile(contentDir: string, path: string): SourceText | SourceFault {
  try {
    // Not join, which takes both apart: of short files that is a tenth of the time.
    const file = openSync(`${contentDir}/${path}`, 'r');
    try {
      const settled = readSettled(file);
      if (settled === null) {
        return { code: 'file-too-large', message: 'The file is larger than 5 MB. Divide the article.' };
      }
      const { bytes, mtimeMs } = settled;
      const size = bytes.length;
      if (bytes.length === 0)
        return { code: 'empty-file', message: 'The file is empty. Write the article or delete it.' };
      if (!isUtf8(bytes)) {
        return { code: 'unreadable-file', message: 'The file isn’t UTF-8. Save it as UTF-8.' };
      }
      const text = bytes.toString();
      return text.startsWith(byteOrderMark)
        ? { text: text.slice(1), bytes: bytes.subarray(3), size, mtimeMs }
        : { text, bytes, size, mtimeMs };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { code: 'unreadable-file', message: `It can’t be read: ${sentenceOf(error)}.` };
  }
}

/** Null for what is too large. */
function readSettled(file: number): { readonly bytes: Buffer; readonly mtimeMs: number } | null {
  for (let tries = 1; ; tries++) {
    const before = fstatSync(file);
    if (before.size > maxBytes) return null;
    const bytes = before.size <= scratch.length ? scratch : Buffer.allocUnsafe(before.size);
    const bytesRead = readSync(file, bytes, 0, before.size, 0);
    const after = fstatSync(file);
    const settled = after.size === bytesRead && after.mtimeMs === before.mtimeMs;
    // The time before: what is written from now on makes the file another.
    if (settled || tries === triesWhileWritten) return { bytes: bytes.subarray(0, bytesRead), mtimeMs: before.mtimeMs };
  }
}
