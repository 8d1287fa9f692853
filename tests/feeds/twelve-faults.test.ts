import { describe, expect, it } from 'vitest';
import { entryOf, feedOf, parseFeed, renderAny, renderFeed } from '../support/feed-fixtures.ts';

const first = <T>(items: readonly T[] | undefined): T | undefined => items?.[0];

describe('the faults of the library feed', () => {
  it('1: keeps XML well-formed with several ]]> in title, summary and text', () => {
    const hostile = 'a ]]> b ]]> c ]]>';
    const { rss, atom, json } = parseFeed(
      renderFeed([entryOf({ title: hostile, summary: hostile, html: `<p>${hostile}</p>` })]),
    );
    expect(first(rss.items)?.title).toBe(hostile);
    expect(first(rss.items)?.content?.encoded).toBe('<p>a ]]&gt; b ]]&gt; c ]]&gt;</p>');
    expect(first(atom.entries)?.title).toEqual({ type: 'html', value: 'a ]]&gt; b ]]&gt; c ]]&gt;' });
    expect(first(atom.entries)?.content?.value).toBe('<p>a ]]&gt; b ]]&gt; c ]]&gt;</p>');
    expect(first(json.items)?.title).toBe(hostile);
  });

  it('2: strips control characters, U+FFFE, U+FFFF and lone surrogates everywhere', () => {
    const hostile = 'a\u0000\u0008\u000b\u001f\ufffe\uffff\ud800b';
    const documents = renderFeed([
      entryOf({
        id: `tag:dispatch.example,2023:${hostile}`,
        title: hostile,
        summary: hostile,
        html: `<p>${hostile}</p>`,
        authors: [{ name: hostile }],
        categories: [{ term: hostile, label: hostile }],
        image: { url: 'https://dispatch.example/a.png', alt: hostile, credit: hostile },
      }),
    ]);
    const { rss, atom, json } = parseFeed(documents);
    expect([first(rss.items)?.title, first(atom.entries)?.title?.value, first(json.items)?.title]).toEqual([
      'ab',
      'ab',
      'ab',
    ]);
    expect(first(json.items)?.content_html).toBe('<p>ab</p>');
    expect(first(atom.entries)?.categories).toEqual([{ term: 'ab', label: 'ab' }]);
  });

  it('3: escapes < and & in categories, and & in what stands beside an enclosure', () => {
    const { rss, atom, json } = parseFeed(
      renderFeed([
        entryOf({
          categories: [{ term: 'topic:a<b&"c\'', label: 'R&D <b> "x"' }],
          image: { url: 'https://dispatch.example/a.png?b=1&c=2', type: 'image/png', bytes: 9, alt: 'A & "B" <c>' },
        }),
      ]),
    );
    expect(first(rss.items)?.categories).toEqual([{ name: 'R&D <b> "x"' }]);
    expect(first(atom.entries)?.categories).toEqual([{ term: 'topic:a<b&"c\'', label: 'R&D <b> "x"' }]);
    expect(first(json.items)?.tags).toEqual(['R&D <b> "x"']);
    const enclosure = { href: 'https://dispatch.example/a.png?b=1&c=2', title: 'A & "B" <c>' };
    expect(first(atom.entries)?.links).toContainEqual(expect.objectContaining(enclosure));
    expect(first(first(rss.items)?.enclosures)?.url).toBe('https://dispatch.example/a.png?b=1&c=2');
  });

  it('4: gives the same title in all three formats, whatever it looks like', () => {
    for (const title of ['AT&T <i>', 'a &amp; b', '&lt;b&gt;', '1 < 2 > 0', '"quoted" & \'so\'']) {
      const { rss, atom, json } = parseFeed(renderFeed([entryOf({ title, summary: title })], { title }));
      const html = title
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;');
      expect(first(rss.items)?.title).toBe(title);
      expect(first(json.items)?.title).toBe(title);
      expect(first(json.items)?.summary).toBe(title);
      expect(first(atom.entries)?.title).toEqual({ type: 'html', value: html });
      expect(first(atom.entries)?.summary).toEqual({ type: 'html', value: html });
      expect(first(rss.items)?.description).toBe(html);
      expect([rss.title, atom.title?.value, json.title]).toEqual([title, title, title]);
    }
  });

  it('5: survives every address that is none', () => {
    for (const url of [
      '',
      'not a url',
      'http://',
      'javascript:alert(1)',
      '/relative',
      'https://[::1',
      'mailto:a@b.example',
    ]) {
      const { rss, atom, json } = parseFeed(
        renderFeed([
          entryOf({
            url,
            authors: [{ name: 'Ana', url }],
            image: { url, alt: '' },
            audio: { url, type: 'audio/mpeg', length: 1 },
          }),
          entryOf({ id: 'tag:dispatch.example,2023:en/other' }),
        ]),
      );
      expect([rss.items?.length, atom.entries?.length, json.items?.length]).toEqual([2, 2, 2]);
      expect(first(atom.entries)?.links ?? []).toEqual([]);
      expect(first(first(json.items)?.authors)).toEqual({ name: 'Ana' });
    }
  });

  it('6: writes the true type and length of an enclosure', () => {
    const { rss, atom, json } = parseFeed(
      renderFeed([
        entryOf({ image: { url: 'https://dispatch.example/photo.jpg', type: 'image/jpeg', bytes: 48213, alt: '' } }),
        entryOf({
          id: 'tag:dispatch.example,2023:en/radio',
          audio: { url: 'https://dispatch.example/radio.mp3', type: 'audio/mpeg', length: 7_654_321 },
        }),
      ]),
    );
    expect(rss.items?.map((item) => item.enclosures)).toEqual([
      [{ url: 'https://dispatch.example/photo.jpg', length: 48213, type: 'image/jpeg' }],
      [{ url: 'https://dispatch.example/radio.mp3', length: 7_654_321, type: 'audio/mpeg' }],
    ]);
    expect(atom.entries?.map((entry) => entry.links?.find((link) => link.rel === 'enclosure'))).toEqual([
      { rel: 'enclosure', href: 'https://dispatch.example/photo.jpg', length: 48213, type: 'image/jpeg' },
      { rel: 'enclosure', href: 'https://dispatch.example/radio.mp3', length: 7_654_321, type: 'audio/mpeg' },
    ]);
    expect(json.items?.[1]?.attachments).toEqual([
      { url: 'https://dispatch.example/radio.mp3', mime_type: 'audio/mpeg', size_in_bytes: 7_654_321 },
    ]);
  });

  it('7: gives RSS enclosures the three attributes that they have', () => {
    const { rss } = renderFeed([
      entryOf({ audio: { url: 'https://dispatch.example/radio.mp3', type: 'audio/mpeg', length: 5, duration: 61 } }),
    ]);
    const enclosure = /<enclosure ([^>]*)\/>/.exec(rss)?.[1] ?? '';
    expect([...enclosure.matchAll(/(\w+)=/g)].map((match) => match[1]).sort()).toEqual(['length', 'type', 'url']);
  });

  it('8: leaves the entry as it was, so that a second rendering is equal', () => {
    const entry = Object.freeze(
      entryOf({
        audio: Object.freeze({ url: 'https://dispatch.example/a.mp3', type: 'audio/mpeg', length: 5, duration: 61 }),
      }),
    );
    expect(renderFeed([entry])).toEqual(renderFeed([entry]));
    expect(entry.audio?.duration).toBe(61);
  });

  it('9: takes every date from its entries, refuses an invalid one, and writes an empty title as such', () => {
    const { rss, atom, json } = renderFeed([]);
    const year = String(new Date().getUTCFullYear());
    for (const document of [rss, atom, json]) expect(document).not.toContain(year);
    expect(atom).toContain('<updated>2000-01-01T00:00:00.000Z</updated>');
    expect(() => entryOf({ published: 'yesterday' })).toThrow(RangeError);
    const parsed = parseFeed(renderFeed([entryOf({ title: '' })]));
    expect(parsed.json.items?.[0]?.id).toBe('tag:dispatch.example,2023:en/tehran-talks');
    expect(parsed.atom.entries?.[0]?.id).toBe('tag:dispatch.example,2023:en/tehran-talks');
  });

  it('10: gives Atom an author and every category a term, and RSS no author element', () => {
    const entries = [
      entryOf({ authors: [], categories: [{ term: '', label: 'Nothing' }] }),
      entryOf({ id: 'tag:dispatch.example,2023:en/two', authors: [{ name: 'Ana' }, { name: 'Beso' }, { name: ' ' }] }),
    ];
    const documents = renderFeed(entries);
    const { rss, atom, json } = parseFeed(documents);
    expect(atom.authors).toEqual([
      { name: 'The Caucasus Dispatch', uri: 'https://dispatch.example/', email: 'desk@dispatch.example' },
    ]);
    expect(first(atom.entries)?.categories).toBeUndefined();
    expect(documents.rss).not.toContain('<author>');
    expect(rss.items?.[1]?.dc?.creators).toEqual(['Ana', 'Beso']);
    expect(json.items?.[1]?.authors).toEqual([{ name: 'Ana' }, { name: 'Beso' }]);
  });

  it('11: keeps RSS elements out of JSON, items last, and the prefixes bound', () => {
    const entry = entryOf({ place: { name: 'Tehran', lat: 35.6892, lon: 51.389 } });
    const documents = renderFeed([entry]);
    const json: { items: Record<string, unknown>[] } = JSON.parse(documents.json);
    expect(Object.keys(json).at(-1)).toBe('items');
    for (const key of [...Object.keys(json), ...Object.keys(json.items[0] ?? {})]) expect(key).not.toContain(':');
    const channel = documents.rss.slice(documents.rss.indexOf('<item>'));
    expect(channel.slice(channel.lastIndexOf('</item>'))).toMatch(/^<\/item>\s*<\/channel>\s*<\/rss>\s*$/);
    for (const format of ['rss', 'atom'] as const) {
      const prefixes = [...documents[format].matchAll(/<([a-z]+):/g)].map((match) => match[1]);
      expect(prefixes.length).toBeGreaterThan(0);
      for (const prefix of prefixes) expect(documents[format]).toContain(`xmlns:${prefix}=`);
    }
    expect(documents.atom.indexOf('<entry')).toBeGreaterThan(documents.atom.indexOf('</author>'));
  });

  it('12: writes JSON Feed 1.1 with languages and authors, and Atom with its language', () => {
    const entry = entryOf({ lang: 'fa', authors: [{ name: 'Ana' }, { name: 'Beso' }] });
    const documents = renderFeed([entry], { lang: 'fa' });
    const json: Record<string, unknown> = JSON.parse(documents.json);
    expect(json['version']).toBe('https://jsonfeed.org/version/1.1');
    expect(json['language']).toBe('fa');
    expect(json).not.toHaveProperty('author');
    const parsed = parseFeed(documents);
    expect(parsed.json.items?.[0]).toMatchObject({ language: 'fa', authors: [{ name: 'Ana' }, { name: 'Beso' }] });
    expect(parsed.atom.xml?.lang).toBe('fa');
    expect(parsed.atom.entries?.[0]?.xml?.lang).toBe('fa');
  });

  it('builds each format from values of its own', () => {
    const feed = feedOf([entryOf()]);
    const documents = renderAny(feed);
    expect(documents.rss).toContain('application/rss+xml');
    expect(documents.atom).toContain('application/atom+xml');
    expect(parseFeed(documents).json.feed_url).toBe(feed.urls.json);
  });
});
