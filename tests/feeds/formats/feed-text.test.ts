import { describe, expect, it } from 'vitest';
import {
  allowedText,
  cdataHtml,
  escapeHtml,
  httpUrl,
  mediaType,
  plainLine,
  positiveInteger,
} from '../../../src/feeds/formats/feed-text.ts';

describe('allowedText', () => {
  it('strips what XML 1.0 forbids and keeps every other character', () => {
    expect(allowedText('a\u0000\u0001\u001b\u007f\u0080\ufffe\uffff\ud800b\udc00')).toBe('ab');
    expect(allowedText('\t\n é Հայ ქართ فارسی\u200c🗞\u{10fffd}')).toBe('\t\n é Հայ ქართ فارسی\u200c🗞\u{10fffd}');
  });

  it('makes every line end a line feed', () => {
    expect(allowedText('a\r\nb\rc\n')).toBe('a\nb\nc\n');
  });
});

describe('plainLine', () => {
  it('puts a text on one line', () => {
    expect(plainLine('  a\r\n\t b\u0000 \u2028c ')).toBe('a b c');
  });
});

describe('cdataHtml', () => {
  it('neutralises every ]]>', () => {
    expect(cdataHtml(']]>]]>]]]>')).toBe(']]&gt;]]&gt;]]]&gt;');
  });
});

describe('escapeHtml', () => {
  it('escapes for text and for quoted attributes', () => {
    expect(escapeHtml('<a href="x">&amp;</a>')).toBe('&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;');
  });
});

describe('httpUrl', () => {
  it('gives an absolute address its normal form', () => {
    expect(httpUrl('HTTPS://Dispatch.Example/a b?c="<>#é')).toBe('https://dispatch.example/a%20b?c=%22%3C%3E#%C3%A9');
  });

  it('percent-encodes what browsers leave as it is and no URL may hold', () => {
    expect(httpUrl('https://x.example/100%/[a]|b?c=[1]^#d#e%41')).toBe(
      'https://x.example/100%25/%5Ba%5D%7Cb?c=%5B1%5D%5E#d%23e%41',
    );
    expect(httpUrl('http://[::1]:8080/a%20b')).toBe('http://[::1]:8080/a%20b');
  });

  it('gives null for anything else', () => {
    for (const url of [
      '',
      'articles/x',
      '//x.example',
      'ftp://x.example/',
      'data:text/html,x',
      'https://',
      'javascript:1',
    ]) {
      expect(httpUrl(url)).toBeNull();
    }
  });
});

describe('mediaType', () => {
  it('takes a type with its subtype and nothing else', () => {
    expect(mediaType(' Image/SVG+xml ')).toBe('image/svg+xml');
    for (const type of [undefined, '', 'image', 'image/', 'image/*', 'a/b; charset=utf-8', 'a/"b']) {
      expect(mediaType(type)).toBeUndefined();
    }
  });
});

describe('positiveInteger', () => {
  it('rounds, and refuses what is no size', () => {
    expect(positiveInteger(1.6)).toBe(2);
    for (const value of [undefined, 0, 0.2, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300]) {
      expect(positiveInteger(value)).toBeUndefined();
    }
  });
});
