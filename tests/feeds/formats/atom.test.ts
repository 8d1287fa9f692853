import { describe, expect, it } from 'vitest';
import { entryOf, parseFeed, renderFeed } from '../../support/feed-fixtures.ts';

const count = (document: string, pattern: RegExp): number => [...document.matchAll(pattern)].length;

describe('atom', () => {
  it('has what RFC 4287 §4.1.1 asks of a feed, once each', () => {
    const { atom } = renderFeed([entryOf()]);
    const head = atom.slice(0, atom.indexOf('<entry'));
    for (const name of ['id', 'title', 'subtitle', 'updated', 'generator', 'logo', 'icon', 'author']) {
      expect(count(head, new RegExp(`<${name}>`, 'g'))).toBe(1);
    }
    expect(parseFeed({ ...renderFeed([]), atom }).atom).toMatchObject({
      id: 'tag:dispatch.example,2023:feeds/en',
      title: { value: 'The Caucasus Dispatch' },
      updated: '2023-04-10T08:00:00.000Z',
      links: [
        { rel: 'alternate', type: 'text/html', hreflang: 'en', href: 'https://dispatch.example/' },
        { rel: 'self', type: 'application/atom+xml', href: 'https://dispatch.example/atom.xml' },
      ],
    });
  });

  it('has what §4.1.2 asks of an entry, once each', () => {
    const documents = renderFeed([entryOf()]);
    const entry = documents.atom.slice(documents.atom.indexOf('<entry'), documents.atom.indexOf('</entry>'));
    for (const name of ['id', 'title', 'updated', 'published', 'summary', 'content']) {
      expect(count(entry, new RegExp(`<${name}[ >]`, 'g'))).toBe(1);
    }
    expect(count(entry, /rel="alternate"/g)).toBe(1);
    expect(parseFeed(documents).atom.entries?.[0]).toMatchObject({
      id: 'tag:dispatch.example,2023:en/tehran-talks',
      title: { value: 'Talks in Tehran', type: 'html' },
      published: '2023-04-09T14:30:00.000Z',
      updated: '2023-04-10T08:00:00.000Z',
      authors: [{ name: 'Ana Beridze', uri: 'https://dispatch.example/ana' }],
      categories: [{ term: 'country:armenia', label: 'Armenia' }],
      content: { type: 'html', value: '<p>The full text.</p>' },
    });
  });

  it('writes an id exactly as it is, where the library would normalise it', () => {
    for (const id of ['HTTP://Example.COM/a b/ü', 'tag:dispatch.example,2023:hy/Լուր', 'urn:uuid:0B6D', 'no-iri']) {
      const { rss, atom, json } = parseFeed(renderFeed([entryOf({ id })]));
      expect([rss.items?.[0]?.guid?.value, atom.entries?.[0]?.id, json.items?.[0]?.id]).toEqual([id, id, id]);
    }
  });

  it('carries a text of a megabyte whole', () => {
    const html = `<p>${'Тбилиси & 🗞 '.repeat(80_000).replaceAll('&', '&amp;')}</p>`;
    expect(parseFeed(renderFeed([entryOf({ html })])).atom.entries?.[0]?.content?.value).toBe(html);
  });
});
