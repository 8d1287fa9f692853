import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRelaxedBody, relaxedHeader } from '../../../src/delivery/dkim/relaxed-form.ts';

function relaxed(chunks: readonly string[]): string {
  const out: Buffer[] = [];
  const body = createRelaxedBody((bytes) => void out.push(bytes));
  for (const chunk of chunks) body.update(Buffer.from(chunk, 'latin1'));
  body.end();
  return Buffer.concat(out).toString('latin1');
}

/** As RFC 6376 §3.4.4 puts it, over the whole. */
function relaxedByTheBook(body: string): string {
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  while (lines.at(-1) === '') lines.pop();
  return lines.map((line) => `${line}\r\n`).join('');
}

describe('createRelaxedBody', () => {
  it('makes of the RFC’s example what the RFC does', () => {
    expect(relaxed([' C \r\nD \t E\r\n\r\n\r\n'])).toBe(' C\r\nD E\r\n');
    expect(relaxed([])).toBe('');
    expect(relaxed(['\r\n \r\n\t\r\n'])).toBe('');
    expect(relaxed(['no end'])).toBe('no end\r\n');
  });

  it('does so wherever the body is cut', () => {
    const piece = fc.oneof(
      fc.constantFrom(' ', '\t', '\r\n', '  ', ' \r\n', '\r\n\r\n', 'a', '=', '.', '\n'),
      fc.string({ unit: fc.constantFrom('a', ' ', '\t', 'é'), maxLength: 12 }),
      // Long enough to be remembered.
      fc.constantFrom('word '.repeat(300), `${'line\r\n'.repeat(300)}`, `${' x \r\n'.repeat(300)}\r\n`),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(relaxed(pieces)).toBe(relaxedByTheBook(pieces.join('')));
      }),
      { numRuns: 1000 },
    );
  });

  it('remembers the form of a large chunk, and takes it again wherever it stands', () => {
    const remembered: Parameters<typeof createRelaxedBody>[1] = new WeakMap();
    const large = Buffer.from(` ${'a  b \r\n'.repeat(400)}\r\n `);
    const small = Buffer.from('x');
    for (const chunks of [
      [large, small],
      [small, large, large, small],
    ]) {
      const out: Buffer[] = [];
      const body = createRelaxedBody((bytes) => void out.push(bytes), remembered);
      for (const chunk of chunks) body.update(chunk);
      body.end();
      expect(Buffer.concat(out).toString('latin1')).toBe(relaxedByTheBook(Buffer.concat(chunks).toString('latin1')));
    }
    expect(remembered.has(large)).toBe(true);
    expect(remembered.has(small)).toBe(false);
  });
});

describe('relaxedHeader', () => {
  it('writes the name small, unfolds, and keeps one blank where there were several', () => {
    expect(relaxedHeader('SUBject \t: A\r\n  long \t one ')).toBe('subject:A long one');
    expect(relaxedHeader('X:')).toBe('x:');
  });
});
