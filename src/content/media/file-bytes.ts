import { type FileHandle, open } from 'node:fs/promises';

/** A file that is read in small parts, however large it is. */
export interface FileBytes {
  /** Bytes. */
  readonly size: number;
  /** The bytes from there on, at most so many: fewer at the file's end, none behind it. */
  read(at: number, length: number): Promise<Buffer>;
}

/** Lends a file to `use` and closes it; null where it can't be opened or read. */
export async function withFileBytes<Result>(
  path: string,
  use: (file: FileBytes) => Promise<Result>,
): Promise<Result | null> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path);
    const { size } = await handle.stat();
    return await use(fileBytes(handle, size));
  } catch {
    return null; // gone or unreadable: whoever publishes it says so
  } finally {
    await handle?.close();
  }
}

function fileBytes(handle: FileHandle, size: number): FileBytes {
  return {
    size,
    async read(at, length) {
      if (at < 0 || at >= size) return Buffer.alloc(0);
      const wanted = Math.min(length, size - at);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, at);
      return buffer.subarray(0, bytesRead);
    },
  };
}
