import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readStart } from '../../src/cli/read-start.ts';

describe('readStart', () => {
  it('keeps no more than it is to, and reads all the same to the end', async () => {
    let given = 0;
    const input = Readable.from(
      (function* () {
        for (; given < 64; given += 1) yield Buffer.alloc(1024, given);
      })(),
    );
    const start = await readStart(input, 1500);
    expect(start).toEqual(Buffer.concat([Buffer.alloc(1024, 0), Buffer.alloc(476, 1)]));
    expect(given).toBe(64);
  });

  it('takes what is shorter as it is', async () => {
    expect(await readStart(Readable.from([Buffer.from('From: '), Buffer.from('a')]), 7)).toEqual(
      Buffer.from('From: a'),
    );
    expect(await readStart(Readable.from([]), 7)).toHaveLength(0);
  });

  it('fails where the stream does', async () => {
    const input = new Readable({ read: () => input.destroy(new Error('EIO')) });
    await expect(readStart(input, 7)).rejects.toThrow('EIO');
  });
});
