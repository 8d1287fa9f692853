import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSelection } from '../../src/feeds/index.ts';
import { type ParsedSelection, selectionMatches, selectionQuery } from '../../src/feeds/selection.ts';
import { articleOf, siteOf } from '../support/feed-fixtures.ts';

const site = siteOf({
  countries: { armenia: { title: { en: 'Armenia' } }, iran: { title: { en: 'Iran' } } },
  topics: { security: { title: { en: 'Security' } }, diplomacy: { title: { en: 'Diplomacy' } } },
});
const parse = (query: string): ParsedSelection => parseSelection(query, site);

describe('parseSelection', () => {
  it('reads countries, topics and authors in their one order', () => {
    expect(parse('country=armenia,iran&topic=security&author=ana')).toEqual({
      kind: 'selection',
      selection: { countries: ['armenia', 'iran'], topics: ['security'], authors: ['ana'] },
    });
    expect(parse('topic=security')).toMatchObject({ kind: 'selection' });
  });

  it('leads any other spelling to it', () => {
    const query = 'country=armenia,iran&topic=security';
    for (const other of [
      'topic=security&country=armenia,iran',
      'country=iran,armenia&topic=security',
      'country=armenia,iran,armenia&topic=security',
      'country=armenia&country=iran&topic=security',
      'country=armenia%2Ciran&topic=security',
      'country=Armenia,+IRAN,&topic=security&author=',
      'countries=armenia&COUNTRY=iran&Topics=security',
      `${query}&utm_source=x&fbclid=y`,
      `${query}&`,
      `&${query}`,
    ]) {
      expect(parse(other)).toEqual({ kind: 'redirect', query });
    }
  });

  it('takes nothing chosen for everything', () => {
    for (const query of ['', 'country=', 'country=,&topic=+', 'utm_source=x']) {
      expect(parse(query)).toEqual({ kind: 'everything' });
    }
  });

  it('says which key there isn’t, and which is near', () => {
    const message = (query: string): string => {
      const parsed = parse(query);
      return parsed.kind === 'invalid' ? parsed.message : parsed.kind;
    };
    expect(message('country=armenai')).toBe('There is no country “armenai” here. Did you mean “armenia”?');
    expect(message('topic=cooking-and-more')).toBe('There is no topic “cooking-and-more” here.');
    expect(message('country=security')).toBe('There is no country “security” here.');
    expect(message('author=__proto__')).toBe('There is no author “__proto__” here.');
    expect(message('author=constructor')).toBe('There is no author “constructor” here.');
    expect(message(`country=${'x'.repeat(1900)}`).length).toBeLessThan(200);
  });

  it('takes no misspelt parameter for somebody else’s, which would give all to who asked for some', () => {
    for (const query of ['countrie=armenia', 'country=armenia&topc=security']) {
      expect(parse(query)).toEqual({ kind: 'invalid', message: expect.stringContaining('There is no parameter “') });
    }
    expect(parse('autor=ana')).toMatchObject({ message: 'There is no parameter “autor” here. Did you mean “author”?' });
    expect(parse('authorss=ana')).toMatchObject({ message: expect.stringContaining('Did you mean “author”?') });
    expect(parse('country=armenia&ref=x&utm_source=a&v=2')).toMatchObject({ kind: 'redirect' });
  });

  it('bounds the address and the number of keys', () => {
    expect(parse('country=armenia'.padEnd(2001, ','))).toMatchObject({ kind: 'invalid' });
    const countries = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`c${n}`, { title: { en: `${n}` } }]));
    const keys = Object.keys(countries).sort();
    const large = siteOf({ countries });
    expect(parseSelection(`country=${keys.slice(0, 50).join(',')}`, large)).toMatchObject({ kind: 'selection' });
    expect(parseSelection(`country=${keys.slice(0, 51).join(',')}`, large)).toEqual({
      kind: 'invalid',
      message: 'A feed can select by at most 50 keys.',
    });
  });

  it('leads at most one step on, whatever is asked', () => {
    const word = fc.oneof(
      fc.constantFrom('armenia', 'iran', 'security', 'diplomacy', 'ana', 'Iran', '', ' ', '%', '%2C'),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    const parameter = fc.tuple(fc.oneof(fc.constantFrom('country', 'topic', 'author'), fc.string()), fc.array(word));
    fc.assert(
      fc.property(fc.array(parameter), (parts) => {
        const parsed = parse(parts.map(([name, words]) => `${name}=${words.join(',')}`).join('&'));
        if (parsed.kind !== 'redirect') return;
        const next = parse(parsed.query);
        expect(next.kind).toBe('selection');
        if (next.kind === 'selection') expect(selectionQuery(next.selection)).toBe(parsed.query);
      }),
    );
  });
});

describe('selectionMatches', () => {
  it('asks for any of the countries and any of the topics and any of the authors', () => {
    const article = articleOf({ countries: ['armenia', 'georgia'], topics: ['security'] });
    const matches = (countries: string[], topics: string[], authors: string[] = []): boolean =>
      selectionMatches(article, { countries, topics, authors });
    expect(matches(['armenia', 'iran'], [])).toBe(true);
    expect(matches(['iran'], [])).toBe(false);
    expect(matches([], ['security', 'diplomacy'])).toBe(true);
    expect(matches(['armenia'], ['diplomacy'])).toBe(false);
    expect(matches(['armenia'], ['security'], ['ana'])).toBe(true);
    expect(matches([], [], ['beso'])).toBe(false);
    expect(matches([], [])).toBe(true);
  });

  it('knows an author by the key alone', () => {
    const guest = articleOf({ authors: [{ key: null, name: 'ana' }] });
    expect(selectionMatches(guest, { countries: [], topics: [], authors: ['ana'] })).toBe(false);
  });
});
