import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptedCodings, allTags, chooseEncoded } from '../../src/web/content-coding.ts';

describe('acceptedCodings', () => {
  it.each([
    [undefined, []],
    ['', []],
    ['gzip', ['gzip']],
    ['GZIP', ['gzip']],
    ['x-gzip', ['gzip']],
    ['br', ['br']],
    ['gzip, br', ['br', 'gzip']],
    ['gzip, deflate, br, zstd', ['br', 'gzip']],
    ['br;q=0.9, gzip', ['gzip', 'br']],
    ['deflate, gzip;q=0.5', ['gzip']],
    ['gzip;q=0', []],
    ['gzip; q=0.0, *', ['br']],
    ['gzip;q=0.000, br;q=0.001', ['br']],
    ['*', ['br', 'gzip']],
    ['*;q=0', []],
    ['*;q=0, gzip', ['gzip']],
    ['identity', []],
    ['identity, gzip;q=0.5', []],
    ['identity;q=0.2, gzip;q=0.5, br;q=0.1', ['gzip']],
    ['identity;q=0', []],
    ['gzipped', []],
    ['gzip;q=high', []],
  ])('takes %s as %j', (header, codings) => {
    expect(acceptedCodings(header)).toEqual(codings);
  });

  it('survives any header', () => {
    fc.assert(fc.property(fc.string(), (header) => Array.isArray(acceptedCodings(header))));
  });
});

describe('chooseEncoded', () => {
  const [small, zipped] = [Buffer.from('br'), Buffer.from('gzip')];

  it('takes the first that is at hand, waits for gzip alone, and else leaves the bytes plain', () => {
    expect(chooseEncoded(['br', 'gzip'], (coding) => (coding === 'br' ? small : zipped))?.body).toBe(small);
    const pending = Promise.resolve(small);
    expect(chooseEncoded(['br', 'gzip'], (coding) => (coding === 'br' ? pending : zipped))?.body).toBe(zipped);
    expect(chooseEncoded(['gzip'], () => pending)?.body).toBe(pending);
    expect(chooseEncoded(['br'], () => pending)).toBeNull();
    expect(chooseEncoded(['br', 'gzip'], () => null)).toBeNull();
  });
});

describe('allTags', () => {
  it('gives each encoding a tag of its own', () => {
    expect(allTags('"abc"')).toEqual(['"abc"', '"abc-br"', '"abc-gzip"']);
  });
});
