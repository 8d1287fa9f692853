import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, readCsvRecords } from '../../src/subscribers/csv-records.ts';
import { growth } from '../support/growth.ts';

async function recordsOf(...chunks: (string | Uint8Array)[]): Promise<CsvRecord[]> {
  async function* input(): AsyncGenerator<string | Uint8Array> {
    yield* chunks;
  }
  return await Array.fromAsync(readCsvRecords(input()));
}

async function cellsOf(...chunks: (string | Uint8Array)[]): Promise<unknown[]> {
  return (await recordsOf(...chunks)).map((record) => (record.kind === 'cells' ? record.cells : record.line));
}

describe('readCsvRecords', () => {
  it.each([
    [
      'commas',
      'a,b;c\n1,2;3\n',
      [
        ['a', 'b;c'],
        ['1', '2;3'],
      ],
    ],
    [
      'semicolons',
      'a;b;c\n1;2,5;3\n',
      [
        ['a', 'b', 'c'],
        ['1', '2,5', '3'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1\t\n',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    ['one column', 'a\n1\n', [['a'], ['1']]],
    [
      'a note of Excel',
      'sep=;\na;b\n1;2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'delimiters in quoted names',
      '"a,x,y";b\n1;2',
      [
        ['a,x,y', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a byte order mark, CRLF and blank lines',
      '\ufeffa,b\r\n\r\n1,2\r\n  \r\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'CR alone',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'quotes, doubled quotes and line breaks',
      'a,b\n"x ""y"", z","1\n2"\n3,4',
      [
        ['a', 'b'],
        ['x "y", z', '1\n2'],
        ['3', '4'],
      ],
    ],
    [
      'quotes within words',
      'a,b\nAnn "Annie" R,2\n',
      [
        ['a', 'b'],
        ['Ann "Annie" R', '2'],
      ],
    ],
    [
      'spaces around cells',
      ' a , "b" \n 1 , 2 ',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['nothing', '', []],
  ])('reads %s', async (_, text, expected) => {
    expect(await cellsOf(text)).toEqual(expected);
  });

  it('counts lines as an editor does', async () => {
    const records = await recordsOf('a,b\n\n"1\n2",3\n\n4,5\n');
    expect(records.map(({ line }) => line)).toEqual([1, 3, 6]);
  });

  it('loses one line to a quote that is never closed, and none after it', async () => {
    const after = Array.from({ length: 120 }, (_, index) => `r${index},x`);
    const records = await recordsOf(`a,b\n1,2\n"never,closed\n${after.join('\n')}\n`);
    expect(records.filter(({ kind }) => kind === 'broken')).toEqual([
      { kind: 'broken', line: 3, reason: 'A quote is opened and never closed.' },
    ]);
    expect(records).toHaveLength(2 + 1 + 120);
    expect(records.at(-1)).toMatchObject({ line: 123, cells: ['r119', 'x'] });
  });

  it('loses one line each to quotes in wrong places, also at the end', async () => {
    expect(await cellsOf('a,b\n"x"y",2\n3,4\n"x"z,5\n6,7\n"8,9\n10,11\n12,"13')).toEqual([
      ['a', 'b'],
      2,
      ['3', '4'],
      4,
      ['6', '7'],
      6,
      ['10', '11'],
      8,
    ]);
  });

  it('gives the same rows however the bytes are cut', async () => {
    const text = '\ufeffname;b\r\n"Անահիտ ""Ա"" ﷽";1\r\n\r\nгород;"2\r\n3"\r\nx;"open\r\n4;5\r\n';
    const bytes = Buffer.from(text);
    const whole = await recordsOf(bytes);
    expect(whole.map(({ kind }) => kind)).toEqual(['cells', 'cells', 'cells', 'broken', 'cells']);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        expect(await recordsOf(...chunks)).toEqual(whole);
      }),
    );
  });

  it('makes something of any bytes, and names each line at most once', async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.constantFrom(...['"', ',', '\n', '\r\n', 'a', '""'].map((text) => Buffer.from(text))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (chunks) => {
        const lines = (await recordsOf(...chunks)).map(({ line }) => line);
        expect(new Set(lines).size).toBe(lines.length);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
      }),
      { numRuns: 500 },
    );
  });

  it('loses one line to what is too long for one, and none after it', async () => {
    const chunks = [
      'a,b\n1,2\n',
      ...Array.from({ length: 100 }, () => 'x'.repeat(1_000_000)),
      '\n3,4\n"open\n',
      'y'.repeat(300_000),
      '\n5,6',
    ];
    const records = await recordsOf(...chunks);
    expect(records.map((record) => (record.kind === 'cells' ? record.cells : [record.line, record.reason]))).toEqual([
      ['a', 'b'],
      ['1', '2'],
      [3, expect.stringContaining('longer than 256 KB')],
      ['3', '4'],
      [5, expect.stringContaining('never closed')],
      [6, expect.stringContaining('longer than 256 KB')],
      ['5', '6'],
    ]);
  });

  it.each([
    ['UTF-16 with its mark', Buffer.from('\ufeffname;b\r\nԱնահիտ;1\r\n', 'utf16le')],
    ['UTF-16 without', Buffer.from('name;b\r\nԱնահիտ;1\r\n', 'utf16le')],
    ['UTF-16, the other way round', Buffer.from('\ufeffname;b\r\nԱնահիտ;1\r\n', 'utf16le').swap16()],
    ['UTF-8 with its mark', Buffer.from('\ufeffname|b\r\nԱնահիտ|1\r\n')],
  ])('reads %s', async (_, bytes) => {
    const expected = [
      ['name', 'b'],
      ['Անահիտ', '1'],
    ];
    expect(await cellsOf(bytes)).toEqual(expected);
    expect(await cellsOf(...[...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it.each([
    ['a spreadsheet', [0x50, 0x4b, 0x03, 0x04, 0x14]],
    ['an old spreadsheet', [0xd0, 0xcf, 0x11, 0xe0, 0xa1]],
    ['compressed', [0x1f, 0x8b, 0x08]],
  ])('says of %s that it is no CSV', async (what, bytes) => {
    await expect(recordsOf(Uint8Array.from(bytes))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining(what),
    });
  });

  it.each([
    ['lines of one quote', (size: number) => Array.from({ length: size / 50 }, () => '"\n'.repeat(500))],
    ['a line of quotes', (size: number) => [`${'"a'.repeat(size * 40)}\n`]],
  ])('takes no more than in step with the size for %s', async (_, chunksOf) => {
    expect(await growth((size) => recordsOf(...chunksOf(size)), 200)).toBeLessThan(4);
  });
});
