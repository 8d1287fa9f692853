import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRange } from '../../src/web/byte-range.ts';

describe('readRange', () => {
  const changed = Date.parse('2023-04-10T12:00:00.700Z');
  const validators = { etag: '"abc"', lastModified: changed };
  const read = (range: string, ifRange?: string, now = changed + 60_000) =>
    readRange({ range, ifRange }, 1000, validators, now);

  it.each([
    ['bytes=0-', { start: 0, end: 999 }],
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=500-599', { start: 500, end: 599 }],
    ['bytes=900-99999999999999999999', { start: 900, end: 999 }],
    ['bytes=-1', { start: 999, end: 999 }],
    ['bytes=-5000', { start: 0, end: 999 }],
    ['BYTES=1-2', { start: 1, end: 2 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', null],
    ['bytes=-', null],
    ['bytes=a-b', null],
    ['bytes=0-1,5-6', null],
    ['seconds=0-1', null],
    ['', null],
  ])('reads %s of 1000 bytes as %j', (header, range) => {
    expect(read(header)).toEqual(range);
  });

  it('finds nothing in an empty file', () => {
    expect(readRange({ range: 'bytes=0-', ifRange: undefined }, 0, validators, changed)).toBe('unsatisfiable');
  });

  it.each([
    ['"abc"', true],
    ['W/"abc"', false],
    ['"old"', false],
    ['Mon, 10 Apr 2023 12:00:00 GMT', true],
    ['Mon, 10 Apr 2023 12:00:01 GMT', false],
    ['Mon, 10 Apr 2023 11:59:59 GMT', false],
  ])('keeps to the part where If-Range %s names these bytes: %s', (ifRange, isPart) => {
    expect(read('bytes=0-1', ifRange) !== null).toBe(isPart);
  });

  it('doesn’t trust the date of a file that may change again within the same second', () => {
    expect(read('bytes=0-1', 'Mon, 10 Apr 2023 12:00:00 GMT', changed + 100)).toBeNull();
  });

  it('never leaves the bytes, whatever the header says', () => {
    const header = fc.oneof(
      fc.string(),
      fc.tuple(fc.nat(), fc.nat()).map(([a, b]) => `bytes=${a}-${b}`),
    );
    fc.assert(
      fc.property(header, fc.nat(3000), (range, bytes) => {
        const found = readRange({ range, ifRange: undefined }, bytes, validators, changed);
        if (found === null || found === 'unsatisfiable') return;
        expect(found.start).toBeGreaterThanOrEqual(0);
        expect(found.end).toBeGreaterThanOrEqual(found.start);
        expect(found.end).toBeLessThan(bytes);
      }),
    );
  });
});
