import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allTags } from '../../src/web/content-coding.ts';
import { type Conditions, parseHttpDate, weighConditions } from '../../src/web/http-conditions.ts';

describe('weighConditions', () => {
  const tags = allTags('"abc"');
  const changed = Date.parse('2023-04-10T12:00:00.700Z');
  const weigh = (conditions: Conditions): string => weighConditions(conditions, tags, changed).kind;

  it.each([
    ['"abc"', '"abc"'],
    ['W/"abc"', '"abc"'],
    ['"abc-gzip"', '"abc-gzip"'],
    ['"abc-br"', '"abc-br"'],
    ['"x", W/"y",  "abc-gzip"', '"abc-gzip"'],
    ['"a,b" , "abc"', '"abc"'],
    [' * ', null],
  ])('compares If-None-Match %s weakly with all encodings, and gives the tag %s that it has', (header, tag) => {
    expect(weighConditions({ ifNoneMatch: header }, tags, changed)).toEqual({ kind: 'unchanged', tag });
  });

  it.each(['"x"', 'abc', '', '"abc', '"*"'])('finds no tag of ours in If-None-Match %s', (header) => {
    expect(weigh({ ifNoneMatch: header })).toBe('send');
  });

  it.each([
    ['Mon, 10 Apr 2023 12:00:00 GMT', 'unchanged'],
    ['Mon, 10 Apr 2023 12:00:01 GMT', 'unchanged'],
    ['Mon, 10 Apr 2023 11:59:59 GMT', 'send'],
    ['Monday, 10-Apr-23 12:00:00 GMT', 'unchanged'],
    ['Mon Apr 10 12:00:00 2023', 'unchanged'],
    ['2023-04-10T13:00:00Z', 'send'],
    ['yesterday', 'send'],
  ])('compares If-Modified-Since %s in whole seconds: %s', (header, kind) => {
    expect(weigh({ ifModifiedSince: header })).toBe(kind);
  });

  it('lets If-None-Match decide where both are there', () => {
    expect(weigh({ ifNoneMatch: '"x"', ifModifiedSince: 'Mon, 10 Apr 2023 13:00:00 GMT' })).toBe('send');
    expect(weigh({ ifNoneMatch: '"abc"', ifModifiedSince: 'Mon, 10 Apr 2000 13:00:00 GMT' })).toBe('unchanged');
  });

  it.each([
    [{ ifMatch: '*' }, 'send'],
    [{ ifMatch: '"x", "abc-gzip"' }, 'send'],
    [{ ifMatch: 'W/"abc"' }, 'failed'],
    [{ ifMatch: '"x"', ifNoneMatch: '"abc"' }, 'failed'],
    [{ ifMatch: '"abc"', ifNoneMatch: '"abc"' }, 'unchanged'],
    [{ ifUnmodifiedSince: 'Mon, 10 Apr 2023 11:59:59 GMT' }, 'failed'],
    [{ ifUnmodifiedSince: 'Mon, 10 Apr 2023 12:00:00 GMT' }, 'send'],
    [{ ifMatch: '"abc"', ifUnmodifiedSince: 'Mon, 10 Apr 2023 11:59:59 GMT' }, 'send'],
  ])('refuses %j where the bytes are others: %s', (conditions, kind) => {
    expect(weigh(conditions)).toBe(kind);
  });

  it('survives any header', () => {
    const header = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(header, header, header, (ifMatch, ifNoneMatch, ifModifiedSince) => {
        expect(['send', 'unchanged', 'failed']).toContain(weigh({ ifMatch, ifNoneMatch, ifModifiedSince }));
      }),
    );
  });
});

describe('parseHttpDate', () => {
  it.each(['Sun, 06 Nov 1994 08:49:37 GMT', 'Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994'])(
    'reads the same instant in %s',
    (text) => {
      expect(parseHttpDate(text)).toBe(Date.UTC(1994, 10, 6, 8, 49, 37));
    },
  );

  it.each([undefined, '', '0', 'Sun, 06 Nov 1994 08:49:37 +0400', 'Sun, 99 Nov 1994 08:49:37 GMT'])(
    'takes %s for no date',
    (text) => {
      expect(parseHttpDate(text)).toBeNull();
    },
  );
});
