import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isReservedDomain, normaliseAddress, parseEmailAddress } from '../../src/subscribers/email-address.ts';
import { growth } from '../support/growth.ts';

const textOf = (text: string): string | null => {
  const parsed = parseEmailAddress(text);
  return parsed.ok ? parsed.address.text : null;
};

/** Three labels of 63 octets and two more. */
function longDomain(octets: number): string {
  return `${['b', 'c', 'd'].map((letter) => letter.repeat(63)).join('.')}.${'e'.repeat(octets - 195)}.aa`;
}

describe('parseEmailAddress', () => {
  it.each([
    ['ann@example.com', 'ann@example.com'],
    ['Ann.Reader+news@Example.COM', 'Ann.Reader+news@example.com'],
    ["o'neil@example.com", "o'neil@example.com"],
    ['!#$%&*+-/=?^_`{|}~@example.com', '!#$%&*+-/=?^_`{|}~@example.com'],
    ['"a..b"@example.com', '"a..b"@example.com'],
    ['"ann"@example.com', 'ann@example.com'],
    ['a@օրինակ.example', 'a@xn--y9atn0a2c3a.example'],
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'],
    [`${'l'.repeat(64)}@example.com`, `${'l'.repeat(64)}@example.com`],
    [`a@${'d'.repeat(63)}.example`, `a@${'d'.repeat(63)}.example`],
    ['a@1.2.example', 'a@1.2.example'],
    ['"ann.reader"@example.com', 'ann.reader@example.com'],
    ['".ann"@example.com', '".ann"@example.com'],
    ['ann@EXAMPLE.рф', 'ann@example.xn--p1ai'],
    ['ann@სატესტო.example', 'ann@xn--lodi1ancec.example'],
    ['ann@faß.example', 'ann@xn--fa-hia.example'],
    ['ann@exa\u0301mple.com', 'ann@xn--exmple-qta.com'],
    // A look-alike is a name of its own: its A-label says that it isn’t the Latin one.
    ['ann@ехample.com', 'ann@xn--ample-ywe6i.com'],
    ['ann@example．com', 'ann@example.com'],
    [`a@${longDomain(252)}`, `a@${longDomain(252)}`],
  ])('reads %j as %j', (text, expected) => {
    expect(textOf(text)).toBe(expected);
  });

  it.each([
    ['', 'is missing'],
    ['ann', 'lacks an @'],
    ['ann@example.com@', 'more than one @'],
    ['ann @example.com', 'a space'],
    ['ann@example.com\nbob@example.com', 'control character'],
    ['ann@example.com|bob@example.com', 'more than one @'],
    [`a@${longDomain(253)}`, 'longer than 254'],
    [`a@${longDomain(255)}`, 'longer than 253'],
    ['"ann"reader"@example.com', 'dot'],
    ['""@example.com', 'dot'],
    ['"ann reader"@example.com', 'a space'],
    ['\u2066ann@example.com\u2069', 'seen'],
    ['ann\u200f@example.com', 'seen'],
    ['ann@example\ufeff.com', 'seen'],
    ['ａｎｎ@example.com', 'Latin letters'],
    ['аnn@example.com', 'Latin letters'],
    ['ann＠example.com', 'lacks an @'],
    ['ann@xn--.example', 'domain name'],
    ['ann@[IPv6:::1]', 'alone'],
    ['ann@2130706433', 'a number'],
    ['ann@example.com..', 'domain name'],
    ['ann@example.c om', 'a space'],
    ['@example.com', 'nothing before'],
    ['ann@', 'nothing after'],
    ['a@b@example.com', 'more than one @'],
    ['"a@b"@example.com', 'more than one @'],
    ['ann@example.com,bob@example.com', 'more than one address'],
    ['ann@example.com;bob@example.com', 'more than one address'],
    ['"a,b"@example.com', 'more than one address'],
    ['ann@example.com bob@example.com', 'a space'],
    [' ann@example.com', 'a space'],
    ['"a b"@example.com', 'a space'],
    ['Ann <ann@example.com>', 'a space'],
    ['<ann@example.com>', 'alone'],
    ['ann(comment)@example.com', 'alone'],
    ['ann@[127.0.0.1]', 'alone'],
    ['mailto:ann@example.com', 'alone'],
    ['"a\\"b"@example.com', 'alone'],
    ['ann@example.com\r\nBcc: bob@example.com', 'control character'],
    ['ann\u0000@example.com', 'control character'],
    ['ann\t@example.com', 'control character'],
    ['ann\u202e@example.com', 'seen'],
    ['ann@exam\u200bple.com', 'seen'],
    ['ann@exam\u00adple.com', 'seen'],
    ['ann\ue000@example.com', 'seen'],
    ['ann\u00a0@example.com', 'a space'],
    ['անահիտ@example.com', 'Latin letters'],
    ['.ann@example.com', 'dot'],
    ['ann.@example.com', 'dot'],
    ['a..b@example.com', 'dot'],
    ['"ann@example.com', 'dot'],
    ['a"b"@example.com', 'dot'],
    ['ann@example', 'needs a dot'],
    ['ann@localhost', 'needs a dot'],
    ['ann@.example.com', 'domain name'],
    ['ann@example.com.', 'domain name'],
    ['ann@example..com', 'domain name'],
    ['ann@-a.example', 'domain name'],
    ['ann@a-.example', 'domain name'],
    ['ann@a_b.example', 'domain name'],
    ['ann@exa%6dple.com', 'domain name'],
    ['ann@example.com/path', 'domain name'],
    ['ann@example.com?x', 'domain name'],
    ['ann@xn--a-.example', 'domain name'],
    ['ann@127.0.0.1', 'a number'],
    ['ann@0x7f.1', 'a number'],
    ['ann@ex，ample.com', 'domain name'],
    [`${'l'.repeat(65)}@example.com`, 'longer than 64'],
    [`a@${'d'.repeat(64)}.example`, 'domain name'],
    [`a@${'d.'.repeat(125)}example`, 'longer than 253'],
    [`${'l'.repeat(64)}@${'d.'.repeat(95)}example`, 'longer than 254'],
    [`${'l'.repeat(5000)}@example.com`, 'too long'],
  ])('refuses %j', (text, reason) => {
    const parsed = parseEmailAddress(text);
    expect(parsed.ok ? parsed.address.text : parsed.reason).toContain(reason);
    expect(parsed.ok).toBe(false);
  });

  it('never throws, and lets nothing through that ends a line, a header or an address', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '@',
        '.',
        '"',
        ',',
        '<',
        '>',
        '\r\n',
        ' ',
        'ann',
        'example.com',
        '\\',
        '։',
        '。',
        '＠',
        'xn--',
        '[',
        ']',
      ),
    );
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    let accepted = 0;
    const inspect = (given: string): void => {
      const parsed = parseEmailAddress(given);
      if (!parsed.ok) return;
      accepted += 1;
      const { local, domain, text: whole } = parsed.address;
      expect(whole).toBe(`${local}@${domain}`);
      expect(whole).toMatch(/^[!-~]+$/);
      expect(whole).not.toMatch(/[,;:<>()[\]\\]/);
      expect(whole.split('@')).toHaveLength(2);
      expect(parseEmailAddress(whole)).toEqual(parsed);
    };
    fc.assert(fc.property(text, inspect), { numRuns: 5000 });
    fc.assert(fc.property(fc.emailAddress(), inspect), { numRuns: 500 });
    expect(accepted).toBeGreaterThan(100);
  });

  it.each(['a', 'a.', '"', '@', 'a@', '\u0300', 'xn--', '1.', ' '])(
    'takes no more than in step with the length for a row of %j',
    async (unit) => {
      const work = (length: number) => {
        const text = unit.repeat(length / unit.length);
        return [parseEmailAddress(text), normaliseAddress(text)];
      };
      expect(await growth(work, 20_000)).toBeLessThan(4);
    },
  );
});

describe('normaliseAddress', () => {
  it('makes one of what reaches the same box everywhere', () => {
    const spellings = [
      'ann@bücher.example',
      'ANN@xn--BCHER-kva.example',
      '"Ann"@BÜCHER.example',
      ' ann@bücher.example ',
    ];
    expect(new Set(spellings.map(normaliseAddress))).toEqual(new Set(['ann@xn--bcher-kva.example']));
  });

  it('gives again what it gave, whatever it is given', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
      fc.stringMatching(/^["a-zA-Z.ſKİß]{0,6}@[a-zA-ZßẞΣ.]{0,9}$/u),
    );
    fc.assert(
      fc.property(text, (given) => {
        const once = normaliseAddress(given);
        expect(normaliseAddress(once)).toBe(once);
        const parsed = parseEmailAddress(given);
        if (parsed.ok) expect(normaliseAddress(parsed.address.text)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps apart what only one provider's rules make equal", () => {
    expect(normaliseAddress('a.nn+x@example.com')).toBe('a.nn+x@example.com');
  });
});

describe('isReservedDomain', () => {
  it.each([
    'example.com',
    'mail.example.net',
    'EXAMPLE.org',
    'x.test',
    'a.invalid',
    'b.localhost',
    'dispatch.example',
    'test',
  ])('knows %s', (domain) => {
    expect(isReservedDomain(domain)).toBe(true);
  });

  it.each(['myexample.com', 'example.co', 'contest', 'example.com.am', 'latest'])('passes over %s', (domain) => {
    expect(isReservedDomain(domain)).toBe(false);
  });
});
