import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { sentenceOf } from '../errors.ts';

export interface SourceFault {
  readonly code: 'file-too-large' | 'unreadable-file' | 'empty-file';
  readonly message: string;
}

const maxBytes = 5 * 1024 * 1024;
const triesWhileWritten = 3;

/**
 * The text of a UTF-8 file below `content/`. One that is written to meanwhile is read again, so that no half of it is
 * taken for the whole.
 */
export async function readSourceFile(contentDir: string, path: string): Promise<string | SourceFault> {
  try {
    const file = await open(join(contentDir, path));
    try {
      const bytes = await readSettled(file);
      if (bytes === null) {
        return { code: 'file-too-large', message: 'The file is larger than 5 MB. Divide the article.' };
      }
      if (bytes.length === 0)
        return { code: 'empty-file', message: 'The file is empty. Write the article or delete it.' };
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    const notText = error instanceof TypeError;
    const message = notText ? 'The file isn’t UTF-8. Save it as UTF-8.' : `It can’t be read: ${sentenceOf(error)}.`;
    return { code: 'unreadable-file', message };
  }
}

/** Null for what is too large. */
async function readSettled(file: FileHandle): Promise<Buffer | null> {
  for (let tries = 1; ; tries++) {
    const before = await file.stat();
    if (before.size > maxBytes) return null;
    const bytes = Buffer.alloc(before.size);
    const { bytesRead } = await file.read(bytes, 0, before.size, 0);
    const after = await file.stat();
    const settled = after.size === bytesRead && after.mtimeMs === before.mtimeMs;
    if (settled || tries === triesWhileWritten) return bytes.subarray(0, bytesRead);
  }
}
