import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { feedFormats } from '../../../src/feeds/feed.ts';
import { silkpostRenderers } from '../../../src/feeds/press/set-entry.ts';
import { createEntryWork } from '../../../src/feeds/work.ts';
import { entryOf, siteOf } from '../../support/feed-fixtures.ts';

const { set } = createEntryWork(siteOf());

function expectSet(html: string): void {
  const entry = entryOf({ html });
  const pieces = set(entry);
  for (const format of feedFormats) {
    const piece = pieces[format];
    const written = Buffer.from(silkpostRenderers[format].renderEntry(entry));
    expect(piece instanceof Uint8Array && written.equals(piece), format).toBe(true);
  }
}

describe('an entry that is set', () => {
  it('is what its renderers write in UTF-8, whatever script it is in', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', 'é', 'ÿ', 'Ā', '’', 'ქ', 'آ', '🗞', '\ud83d') }), expectSet),
    );
  });

  it('is the same where it is longer than what most are', () => {
    for (const letter of ['a', 'ქ', '🗞']) expectSet(`<p>${letter.repeat(80_000)}</p>`);
  });
});
