import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EntryFields } from '../../src/feeds/entry.ts';
import { entryFieldsOf, entryOf, parseFeed, renderFeed } from '../support/feed-fixtures.ts';
import { markupScraps } from '../support/scraps.ts';

// Every UTF-16 code unit, lone surrogates too, and what markup is made of.
const codeUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const markup = fc.constantFrom(...markupScraps);
const text = fc
  .array(fc.oneof({ weight: 2, arbitrary: markup }, { weight: 1, arbitrary: codeUnit }), { maxLength: 12 })
  .map((parts) => parts.join(''));
const url = fc.oneof(
  text,
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  text.map((tail) => `https://dispatch.example/${tail}`),
);
const size = fc.oneof(fc.double(), fc.integer(), fc.constant(undefined));
const type = fc.oneof(text, fc.constantFrom('image/png', 'audio/mpeg', 'IMAGE/JPEG', 'image/*'));

const fields: fc.Arbitrary<EntryFields> = fc
  .record({
    id: text,
    url,
    title: text,
    summary: text,
    html: text,
    authors: fc.array(fc.record({ name: text, url, email: text }), { maxLength: 3 }),
    categories: fc.array(fc.record({ term: text, label: text }), { maxLength: 3 }),
    image: fc.option(fc.record({ url, type, alt: text, credit: text, width: size, height: size, bytes: size })),
    audio: fc.option(fc.record({ url, type, length: fc.double(), duration: size })),
    place: fc.option(fc.record({ name: text, lat: size, lon: size })),
  })
  .map((made) => entryFieldsOf(made));

describe('entries of any text', () => {
  it('never make a document that doesn’t parse, nor lose an entry', () => {
    fc.assert(
      fc.property(fc.array(fields, { minLength: 1, maxLength: 3 }), text, (all, title) => {
        const documents = renderFeed(all.map(entryOf), { title });
        const { rss, atom } = parseFeed(documents);
        const json: { items: unknown[] } = JSON.parse(documents.json);
        expect(json.items.length).toBe(all.length);
        // A parser drops entries that have nothing to show; the elements are there all the same.
        expect(documents.rss.split('\n        <item>').length - 1).toBe(all.length);
        expect(documents.atom.split(/\n {4}<entry /).length - 1).toBe(all.length);
        expect([rss.link, atom.id]).toEqual(['https://dispatch.example/', 'tag:dispatch.example,2023:feeds/en']);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same bytes twice', () => {
    fc.assert(
      fc.property(fields, (made) => {
        expect(renderFeed([entryOf(made)])).toEqual(renderFeed([entryOf(made)]));
      }),
      { numRuns: 50 },
    );
  });

  it('keep a title’s own characters in every format', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (title) => {
        const entry = entryOf({ title: `x${title}x` });
        const { rss, atom, json } = parseFeed(renderFeed([entry]));
        expect(rss.items?.[0]?.title).toBe(entry.title);
        expect(json.items?.[0]?.title).toBe(entry.title);
        const html = entry.title
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('>', '&gt;')
          .replaceAll('"', '&quot;');
        expect(atom.entries?.[0]?.title?.value).toBe(html);
      }),
      { numRuns: 200 },
    );
  });
});
