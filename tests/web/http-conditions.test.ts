import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, gzipTag, isUnchanged } from '../../src/web/http-conditions.ts';

describe('acceptsGzip', () => {
  it.each([
    [undefined, false],
    ['', false],
    ['gzip', true],
    ['GZIP', true],
    ['deflate, gzip;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip; q=0.0, *', false],
    ['br, *', true],
    ['*;q=0', false],
    ['identity', false],
    ['gzipped', false],
  ])('takes %s as %s', (header, accepted) => {
    expect(acceptsGzip(header)).toBe(accepted);
  });

  it('survives any header', () => {
    fc.assert(fc.property(fc.string(), (header) => typeof acceptsGzip(header) === 'boolean'));
  });
});

describe('isUnchanged', () => {
  const tags = ['"abc"', gzipTag('"abc"')];
  const changed = Date.parse('2023-04-10T12:00:00.700Z');
  const check = (ifNoneMatch?: string, ifModifiedSince?: string): boolean =>
    isUnchanged({ ifNoneMatch, ifModifiedSince, acceptEncoding: undefined }, tags, changed);

  it('gives each encoding a tag of its own', () => {
    expect(gzipTag('"abc"')).toBe('"abc-gzip"');
  });

  it.each([
    ['"abc"', true],
    ['W/"abc"', true],
    ['"abc-gzip"', true],
    ['"x", W/"y",  "abc-gzip"', true],
    ['*', true],
    ['"x"', false],
    ['abc', false],
    ['', false],
  ])('compares If-None-Match %s weakly with all encodings: %s', (header, unchanged) => {
    expect(check(header)).toBe(unchanged);
  });

  it.each([
    ['Mon, 10 Apr 2023 12:00:00 GMT', true],
    ['Mon, 10 Apr 2023 12:00:01 GMT', true],
    ['Mon, 10 Apr 2023 11:59:59 GMT', false],
    ['yesterday', false],
  ])('compares If-Modified-Since %s in whole seconds: %s', (header, unchanged) => {
    expect(check(undefined, header)).toBe(unchanged);
  });

  it('lets If-None-Match decide where both are there', () => {
    expect(check('"x"', 'Mon, 10 Apr 2023 13:00:00 GMT')).toBe(false);
    expect(check('"abc"', 'Mon, 10 Apr 2000 13:00:00 GMT')).toBe(true);
  });
});
