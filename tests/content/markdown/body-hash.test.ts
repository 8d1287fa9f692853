import { hash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBody } from '../../../src/content/front-matter/front-matter.ts';
import { hashOfBody } from '../../../src/content/markdown/body-hash.ts';

describe('hashOfBody', () => {
  it('is that of the trimmed text, wherever it stands in the file', () => {
    const pieces = ['a', 'Ճանապարհ', '🕊', ' ', '\n', '\r\n', '\r', '\u00A0', '\uFEFF', '\t', '---', 'x'.repeat(5000)];
    const written = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(written, fc.constantFrom('title: a', 'title: Ճ', 'title: a\r', ''), (body, front) => {
        const text = `---\n${front}\n---\n${body}`;
        const found = findBody(text)?.body ?? '';
        const expected = found.trim() === '' ? '' : hash('sha256', found.trim()).slice(0, 32);
        expect(hashOfBody(found, { text, bytes: Buffer.from(text) })).toBe(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
