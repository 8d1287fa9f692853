import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atom } from '../../../src/feeds/formats/atom.ts';
import { jsonFeed } from '../../../src/feeds/formats/json-feed.ts';
import { rss } from '../../../src/feeds/formats/rss.ts';
import { assemble, cutPieces, type Frame, frameOf, holdsSome } from '../../../src/feeds/press/piece-list.ts';
import { entryFieldsOf, entryOf, feedOf } from '../../support/feed-fixtures.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });
const bytes = text.map((value) => Buffer.from(value));
const frames: fc.Arbitrary<Frame> = fc.record({ head: bytes, gap: bytes, tail: bytes, empty: bytes });
const pieces = fc.uniqueArray(fc.record({ key: fc.stringMatching(/^[\w-]{1,22}$/), bytes }), {
  selector: ({ key }) => key,
  maxLength: 8,
});
const keysOf = (some: readonly { readonly key: string }[]): string[] => some.map(({ key }) => key);

describe('cutPieces', () => {
  it('gives back what assemble put together, byte for byte and in its order', () => {
    fc.assert(
      fc.property(frames, pieces, (frame, some) => {
        const { parts, list } = assemble(frame, some);
        const body = Buffer.concat(parts);
        const cut = cutPieces(body, list, () => true);
        expect([...cut.keys()]).toEqual(keysOf(some));
        for (const { key, bytes } of some) expect(cut.get(key)?.equals(bytes)).toBe(true);
      }),
    );
  });

  it('gives the wanted ones only, and none that isn’t there', () => {
    fc.assert(
      fc.property(frames, pieces, fc.func(fc.boolean()), (frame, some, isWanted) => {
        const { parts, list } = assemble(frame, some);
        const body = Buffer.concat(parts);
        const cut = cutPieces(body, list, isWanted);
        expect([...cut.keys()]).toEqual(keysOf(some).filter((key) => isWanted(key)));
      }),
    );
  });

  it('survives being written down', () => {
    fc.assert(
      fc.property(frames, pieces, (frame, some) => {
        const { parts, list } = assemble(frame, some);
        const body = Buffer.concat(parts);
        const read: typeof list = JSON.parse(JSON.stringify(list));
        expect(cutPieces(body, read, () => true)).toEqual(cutPieces(body, list, () => true));
      }),
    );
  });
});

describe('holdsSome', () => {
  it.each([1, 20])('knows a document that holds one of %i keys from one that holds none', (count) => {
    const of = (key: string) =>
      assemble({ head: Buffer.alloc(0), gap: Buffer.alloc(0), tail: Buffer.alloc(0) }, [
        { key: 'first', bytes: Buffer.alloc(1) },
        { key, bytes: Buffer.alloc(1) },
      ]).list;
    const keys = new Set(Array.from({ length: count }, (_, index) => `key${index}`));
    expect(holdsSome(of(`key${count - 1}`), keys)).toBe(true);
    expect(holdsSome(of('other'), keys)).toBe(false);
  });
});

describe('assemble', () => {
  const entries = ['one', 'two', 'three'].map((slug) =>
    entryOf({ ...entryFieldsOf(), id: `urn:${slug}`, title: `گفت‌وگو ${slug} & <b>` }),
  );

  it.each([
    ['rss', rss],
    ['atom', atom],
    ['json', jsonFeed],
  ])('makes the same bytes of a frame and pieces as the %s renderer makes at once', (_format, renderer) => {
    for (const count of [1, 2, 3]) {
      const listed = entries.slice(0, count);
      const feed = feedOf(listed, { title: 'A “title” with $& and \\ in it' });
      const rendered = listed.map((entry) => renderer.renderEntry(entry));
      const some = rendered.map((piece, index) => ({ key: String(index), bytes: Buffer.from(piece) }));
      const { parts } = assemble(frameOf(feed, renderer), some);
      expect(Buffer.concat(parts).toString()).toBe(renderer.renderDocument(feed, rendered).toString());
    }
  });
});
