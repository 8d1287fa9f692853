import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReference } from '../../../src/content/markdown/references.ts';

const from = '2023/04/talks.md';

describe('parseReference', () => {
  it.each([
    ['map.png', '2023/04/map.png', ''],
    ['./map.png', '2023/04/map.png', ''],
    ['../05/other.md#part', '2023/05/other.md', '#part'],
    ['../../top.md?a=../..', 'top.md', '?a=../..'],
    ['a%20b.png', '2023/04/a b.png', ''],
    ['a/../b.png', '2023/04/b.png', ''],
    ['%252e%252e%252fa', '2023/04/%2e%2e%2fa', ''],
    ['%2Fetc/passwd', '2023/04/etc/passwd', ''],
    ['ნახაზი.png', '2023/04/ნახაზი.png', ''],
    ['/2022/a.md#part', '2022/a.md', '#part'],
    ['@/2022/a.md', '2022/a.md', ''],
    ['@/a.png', '2023/04/@/a.png', ''],
  ])('finds the file of %s', (written, path, suffix) => {
    expect(parseReference(written, from)).toEqual({ kind: 'file', path, suffix });
  });

  it.each([
    '../../../secret',
    '../../..',
    'a/../../../../secret',
    '%2e%2e/%2e%2e/%2e%2e/secret',
    '%2e%2e%2f%2e%2e%2f%2e%2e%2fsecret',
    '..%2F..%2f..%2Fsecret',
    '.%2e/.%2E/%2e./secret',
    '/../secret',
    '/articles/%2e%2e/secret',
    '/articles%2f..%2fsecret',
    '/../secret.md',
    '@/../secret.md',
  ])('calls %s outside', (written) => {
    expect(parseReference(written, from)).toEqual({ kind: 'outside' });
  });

  it.each([
    '',
    '  ',
    'a\0.png',
    'a%00.png',
    'a%0a.png',
    'java\tscript:alert(1)',
    '..\\..\\..\\secret',
    '..%5c..%5csecret',
    'C:\\secret',
    '\\\\host\\share',
    '/\\elsewhere.example',
    '%zz',
    '%ff',
    '?only',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'vbscript:x',
    'data:text/html,<b>x</b>',
    'file:///etc/passwd',
    'ftp://a.example/',
    'blob:https://a.example/x',
    'http:secret',
    'https:///secret',
    'https://',
    '//',
    '///secret',
    'https://[bad',
    'mailto:',
    'mailto:a b@c.example',
  ])('refuses %j', (written) => {
    expect(parseReference(written, from)).toEqual({ kind: 'refused' });
  });

  it.each([
    ['https://a.example/x?y#z', 'https://a.example/x?y#z'],
    ['HTTP://A.example', 'http://a.example/'],
    ['//a.example/x', 'https://a.example/x'],
    ['https://a.example/"><b>', 'https://a.example/%22%3E%3Cb%3E'],
    ['mailto:desk@a.example', 'mailto:desk@a.example'],
  ])('leaves %s on the web', (written, url) => {
    expect(parseReference(written, from)).toEqual({ kind: 'web', url });
  });

  it('knows places in the article and paths of the site', () => {
    expect(parseReference('#fn1', from)).toEqual({ kind: 'anchor', hash: '#fn1' });
    expect(parseReference('/articles/other?a#b', from)).toEqual({ kind: 'site', path: '/articles/other?a#b' });
  });

  it('never gives a file path that climbs, a path with another root, or a scheme that runs', () => {
    const piece = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('..', '.', '/', '%2e', '%2E', '%2f', '%5c', '\\', '%00', '\0', '%25') },
      { weight: 1, arbitrary: fc.constantFrom('//', ':', 'javascript:', 'https:', '#', '?', ' ', '%', 'a', 'mailto:') },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
    );
    const articles = fc.constantFrom('a.md', 'b/a.md', from);
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), articles, (pieces, article) => {
        const reference = parseReference(pieces.join(''), article);
        if (reference.kind === 'file') {
          expect(reference.path.split('/')).not.toContain('..');
          expect(reference.path.startsWith('/')).toBe(false);
          expect(/[\0\\]/.test(reference.path)).toBe(false);
        } else if (reference.kind === 'web') {
          expect(reference.url).toMatch(/^(?:https?:\/\/|mailto:)/i);
        } else if (reference.kind === 'site') {
          expect(new URL(`https://dispatch.example${reference.path}`).host).toBe('dispatch.example');
          expect(reference.path.startsWith('//')).toBe(false);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
