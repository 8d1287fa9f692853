import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPostedFile } from '../../src/web/multipart-file.ts';

async function* cut(body: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let [at, turn] = [0, 0]; at < body.length; turn += 1) {
    const size = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield body.subarray(at, at + size);
    at += size;
  }
}

async function formOf(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  fields = 1,
): Promise<{ body: Buffer; type: string }> {
  const form = new FormData();
  for (let n = 0; n < fields; n += 1) form.append('file', new File([bytes], name));
  const request = new Request('http://localhost', { method: 'POST', body: form });
  return { body: Buffer.from(await request.arrayBuffer()), type: request.headers.get('content-type') ?? '' };
}

async function read(
  body: Buffer,
  type: string,
  sizes: readonly number[] = [64],
): Promise<{ name: string; bytes: Buffer }> {
  const { name, bytes } = await readPostedFile(cut(body, sizes), type);
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(Buffer.from(chunk));
  return { name, bytes: Buffer.concat(chunks) };
}

describe('readPostedFile', () => {
  it('gives back any bytes under any name, however the body is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }),
        async (bytes, sizes) => {
          const { body, type } = await formOf('Լեռներ "2026".csv', new Uint8Array(bytes));
          expect(await read(body, type, sizes)).toEqual({ name: 'Լեռներ "2026".csv', bytes: Buffer.from(bytes) });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes what looks like a boundary for what it is, cut at every place', async () => {
    const type = 'multipart/form-data; boundary="xx"';
    const text = '\r\n--x\r\n--\r\n\r\n-xx--\r\n\r\n--xy';
    const body = Buffer.from(
      `--xx\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n${text}\r\n--xx--\r\n`,
    );
    for (let size = 1; size <= body.length; size += 1) {
      expect(String((await read(body, type, [size])).bytes)).toBe(text);
    }
  });

  it('takes a file without a byte, and knows where none was chosen', async () => {
    const head = 'Content-Disposition: form-data; name="file"; filename=""\r\nContent-Type: application/octet-stream';
    const body = Buffer.from(`--b\r\n${head}\r\n\r\n\r\n--b--\r\n`);
    expect(await read(body, 'multipart/form-data; boundary=b')).toEqual({ name: '', bytes: Buffer.alloc(0) });
  });

  it('says so where the body ends anywhere too early', async () => {
    const { body, type } = await formOf('a.csv', new Uint8Array(Buffer.from('email\n')));
    for (let length = 0; length < body.length - 2; length += 7) {
      await expect(read(body.subarray(0, length), type)).rejects.toThrow('didn’t arrive whole');
    }
  });

  it('refuses two files, a field without a file, a preamble, and another type', async () => {
    const { body, type } = await formOf('a.csv', new Uint8Array(Buffer.from('x')), 2);
    await expect(read(body, type)).rejects.toThrow('one file and nothing else');
    const field = Buffer.from('--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--b--\r\n');
    await expect(read(field, 'multipart/form-data; boundary=b')).rejects.toThrow('one file');
    await expect(read(Buffer.from('preamble text'), 'multipart/form-data; boundary=b')).rejects.toThrow('one file');
    await expect(
      read(Buffer.from(`--b\r\n${'x'.repeat(20_000)}`), 'multipart/form-data; boundary=b'),
    ).rejects.toThrow();
    for (const other of ['', 'text/csv', 'multipart/form-data', 'application/x-www-form-urlencoded; boundary=b']) {
      await expect(read(field, other)).rejects.toMatchObject({ code: 'invalid' });
    }
  });

  it('reads no more of a head than one may have', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('--cut\r\nContent-Disposition: form-data; name="file"; filename="');
      for (; sent < 1_000_000; sent += 1000) yield Buffer.alloc(1000, 'a');
    }
    await expect(readPostedFile(endless(), 'multipart/form-data; boundary=cut')).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('one file and nothing else'),
    });
    expect(sent).toBeLessThan(10_000);
  });
});
