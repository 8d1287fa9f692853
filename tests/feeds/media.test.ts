import { describe, expect, it } from 'vitest';
import type { Article, Audio, Picture } from '../../src/content/index.ts';
import { articleEntry } from '../../src/feeds/article-entry.ts';
import { createLocale } from '../../src/i18n/index.ts';
import { articleOf, parseFeed, renderFeed, siteOf } from '../support/feed-fixtures.ts';

const base = 'https://dispatch.example/articles/tehran-talks';

/** The three documents of one article, and what an independent parser finds in them. */
function feedsOf(changes: Partial<Article>) {
  const documents = renderFeed([articleEntry(articleOf(changes), siteOf(), createLocale('en', 'Asia/Tbilisi'))]);
  const { rss, atom, json } = parseFeed(documents);
  return {
    documents,
    rss: rss.items?.[0],
    enclosures: atom.entries?.[0]?.links?.filter(({ rel }) => rel === 'enclosure'),
    json: json.items?.[0],
  };
}

function pictureOf(name: string, type: string, changes: Partial<Picture> = {}): Picture {
  const url = `${base}/${name}`;
  return { url, rasterUrl: url, alt: 'A map', credit: 'Desk', width: 1200, height: 600, bytes: 4711, type, ...changes };
}

describe('a picture in feeds', () => {
  it.each([
    ['JPEG', 'a.jpg', 'image/jpeg'],
    ['WebP', 'a.webp', 'image/webp'],
    ['GIF', 'a.gif', 'image/gif'],
    ['JPEG that is named PNG', 'a.png', 'image/jpeg'],
  ])('has the true bytes, type and size: %s', (_name, file, type) => {
    const { rss, enclosures, json } = feedsOf({ image: pictureOf(file, type) });
    const url = `${base}/${file}`;
    expect(rss?.enclosures).toEqual([{ url, length: 4711, type }]);
    expect(rss?.media?.contents).toEqual([
      expect.objectContaining({ url, medium: 'image', type, fileSize: 4711, width: 1200, height: 600 }),
    ]);
    expect(rss?.media?.contents?.[0]).toMatchObject({
      description: { value: 'A map' },
      credits: [{ value: 'Desk' }],
    });
    expect(enclosures).toEqual([{ rel: 'enclosure', href: url, type, length: 4711, title: 'A map' }]);
    expect(json?.image).toBe(url);
    expect(json).not.toHaveProperty('banner_image');
  });

  it('is the PNG beside an SVG everywhere', () => {
    const image = pictureOf('a.png', 'image/png', { url: `${base}/a.svg` });
    const { documents, rss, enclosures, json } = feedsOf({ image });
    expect(rss?.enclosures).toEqual([{ url: `${base}/a.png`, length: 4711, type: 'image/png' }]);
    expect(enclosures?.map(({ href }) => href)).toEqual([`${base}/a.png`]);
    expect(json?.image).toBe(`${base}/a.png`);
    for (const document of Object.values(documents)) expect(document).not.toContain('a.svg');
  });

  it('is no enclosure of RSS where it lies elsewhere, as nobody knows its length', () => {
    const url = 'https://agency.example/a.jpg';
    const { rss, enclosures, json } = feedsOf({ image: { url, rasterUrl: url, alt: 'A map' } });
    expect(rss).not.toHaveProperty('enclosures');
    expect(rss?.media?.contents).toEqual([expect.objectContaining({ url, medium: 'image' })]);
    expect(rss?.media?.contents?.[0]).not.toHaveProperty('fileSize');
    expect(enclosures).toEqual([{ rel: 'enclosure', href: url, title: 'A map' }]);
    expect(json?.image).toBe(url);
  });
});

describe('sound in feeds', () => {
  const audio: Audio = { url: `${base}/talk.mp3`, type: 'audio/mpeg', bytes: 720_000, duration: 45 };

  it('is the one enclosure of RSS, with true length, type and seconds; JSON Feed has its seconds too', () => {
    const { rss, enclosures, json } = feedsOf({ image: pictureOf('a.jpg', 'image/jpeg'), audio });
    expect(rss?.enclosures).toEqual([{ url: audio.url, length: 720_000, type: 'audio/mpeg' }]);
    expect(rss?.media?.contents).toEqual([
      { url: audio.url, medium: 'audio', type: 'audio/mpeg', fileSize: 720_000, duration: 45 },
      expect.objectContaining({ url: `${base}/a.jpg`, medium: 'image' }),
    ]);
    expect(enclosures).toEqual([
      { rel: 'enclosure', href: audio.url, type: 'audio/mpeg', length: 720_000 },
      { rel: 'enclosure', href: `${base}/a.jpg`, type: 'image/jpeg', length: 4711, title: 'A map' },
    ]);
    expect(json?.attachments).toEqual([
      { url: audio.url, mime_type: 'audio/mpeg', size_in_bytes: 720_000, duration_in_seconds: 45 },
    ]);
  });

  it('has a length of 0 in RSS, and none elsewhere, where nobody knows it', () => {
    const url = 'https://agency.example/talk.mp3';
    const { rss, enclosures, json } = feedsOf({ audio: { url, type: 'audio/mpeg' } });
    expect(rss?.enclosures).toEqual([{ url, length: 0, type: 'audio/mpeg' }]);
    expect(rss?.media?.contents).toEqual([{ url, medium: 'audio', type: 'audio/mpeg' }]);
    expect(enclosures).toEqual([{ rel: 'enclosure', href: url, type: 'audio/mpeg' }]);
    expect(json?.attachments).toEqual([{ url, mime_type: 'audio/mpeg' }]);
  });
});
