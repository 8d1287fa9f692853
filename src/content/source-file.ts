import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceOf } from '../errors.ts';

export interface SourceText {
  readonly text: string;
  /** The same in UTF-8, until the next file is read. */
  readonly bytes: Buffer;
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
    const file = openSync(join(contentDir, path), 'r');
    try {
      const bytes = readSettled(file);
      if (bytes === null) {
        return { code: 'file-too-large', message: 'The file is larger than 5 MB. Divide the article.' };
      }
      if (bytes.length === 0)
        return { code: 'empty-file', message: 'The file is empty. Write the article or delete it.' };
      if (!isUtf8(bytes)) {
        return { code: 'unreadable-file', message: 'The file isn’t UTF-8. Save it as UTF-8.' };
      }
      const text = bytes.toString();
      return text.startsWith(byteOrderMark) ? { text: text.slice(1), bytes: bytes.subarray(3) } : { text, bytes };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { code: 'unreadable-file', message: `It can’t be read: ${sentenceOf(error)}.` };
  }
}

/** Null for what is too large. */
function readSettled(file: number): Buffer | null {
  for (let tries = 1; ; tries++) {
    const before = fstatSync(file);
    if (before.size > maxBytes) return null;
    const bytes = before.size <= scratch.length ? scratch : Buffer.allocUnsafe(before.size);
    const bytesRead = readSync(file, bytes, 0, before.size, 0);
    const after = fstatSync(file);
    const settled = after.size === bytesRead && after.mtimeMs === before.mtimeMs;
    if (settled || tries === triesWhileWritten) return bytes.subarray(0, bytesRead);
  }
}
