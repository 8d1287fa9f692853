import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseArticleDate, yearIn } from '../../../src/content/front-matter/article-date.ts';

describe('parseArticleDate', () => {
  it.each([
    ['2023-04-09', '2023-04-08T20:00:00.000Z'],
    [' 2023-04-09 ', '2023-04-08T20:00:00.000Z'],
    ['2023-04-09 18:30', '2023-04-09T14:30:00.000Z'],
    ['2023-04-09t18:30:01', '2023-04-09T14:30:01.000Z'],
    ['2023-04-09T18:30:00.25', '2023-04-09T14:30:00.250Z'],
    ['2023-04-09T18:30Z', '2023-04-09T18:30:00.000Z'],
    ['2023-04-09T18:30:00z', '2023-04-09T18:30:00.000Z'],
    ['2023-04-09T18:30:00+0400', '2023-04-09T14:30:00.000Z'],
    ['2023-04-09 18:30:00 -03:30', '2023-04-09T22:00:00.000Z'],
    ['2024-02-29', '2024-02-28T20:00:00.000Z'],
  ])('reads %j in Tbilisi', (text, instant) => {
    expect(parseArticleDate(text, 'Asia/Tbilisi')).toBe(instant);
  });

  it('knows the clock that a zone had on the day', () => {
    expect(parseArticleDate('2005-01-15', 'Asia/Tbilisi')).toBe('2005-01-14T21:00:00.000Z');
    expect(parseArticleDate('2023-07-01', 'Europe/Berlin')).toBe('2023-06-30T22:00:00.000Z');
    expect(parseArticleDate('2023-12-01', 'Europe/Berlin')).toBe('2023-11-30T23:00:00.000Z');
  });

  it('moves a time that a change of clocks leaves out forward, and takes the first of two', () => {
    expect(parseArticleDate('2023-03-26T02:30', 'Europe/Berlin')).toBe('2023-03-26T01:30:00.000Z');
    expect(parseArticleDate('2023-10-29T02:30', 'Europe/Berlin')).toBe('2023-10-29T00:30:00.000Z');
  });

  it.each([
    '',
    'today',
    '2023',
    '2023-4-9',
    '09.04.2023',
    '2023-02-29',
    '2023-13-01',
    '2023-04-31',
    '0999-01-01',
    '2023-04-09T',
    '2023-04-09T24:00',
    '2023-04-09T18:60',
    '2023-04-09T18:30:60',
    '2023-04-09T18:30+25:00',
    '2023-04-09T18:30 Europe/Berlin',
    '2023-04-09T18:30[Europe/Berlin]',
    '2023-04-09+04:00',
  ])('gives null for %j', (text) => {
    expect(parseArticleDate(text, 'Asia/Tbilisi')).toBeNull();
  });

  it('takes no date that ends up after the year 9999', () => {
    expect(parseArticleDate('9999-12-31', 'UTC')).toBe('9999-12-31T00:00:00.000Z');
    expect(parseArticleDate('9999-12-31T23:59:59-12:00', 'UTC')).toBeNull();
    expect(parseArticleDate('9999-12-31 23:00', 'America/New_York')).toBeNull();
  });

  it('reads back every instant that it is given', () => {
    const date = fc.date({ min: new Date('1000-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(fc.property(date, (day) => parseArticleDate(day.toISOString(), 'Asia/Tbilisi') === day.toISOString()));
  });

  it('gives an instant or null for whatever text', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}[Z+-]?.{0,6}$/));
    fc.assert(
      fc.property(text, (written) => {
        const instant = parseArticleDate(written, 'Asia/Tbilisi');
        expect(instant === null || !Number.isNaN(Date.parse(instant))).toBe(true);
      }),
    );
  });
});

describe('yearIn', () => {
  it('follows the zone’s calendar', () => {
    expect(yearIn('Asia/Tbilisi', '2023-12-31T20:00:00.000Z')).toBe(2024);
    expect(yearIn('UTC', '2023-12-31T20:00:00.000Z')).toBe(2023);
  });
});
