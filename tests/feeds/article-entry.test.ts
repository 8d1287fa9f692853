import { describe, expect, it } from 'vitest';
import type { FullArticle } from '../../src/content/index.ts';
import { articleEntry } from '../../src/feeds/article-entry.ts';
import type { FeedEntry } from '../../src/feeds/index.ts';
import { createLocale } from '../../src/i18n/index.ts';
import { articleOf, siteOf } from '../support/feed-fixtures.ts';

const picture = {
  url: 'https://dispatch.example/articles/tehran-talks/map.svg',
  rasterUrl: 'https://dispatch.example/articles/tehran-talks/map.png',
  alt: 'Map of "Tehran"',
  caption: 'Schematic map',
  credit: 'The desk',
  width: 1200,
  height: 800,
  bytes: 4711,
  type: 'image/png',
};

function entryFor(changes: Partial<FullArticle>): FeedEntry {
  const article = articleOf(changes);
  return articleEntry(article, siteOf(), createLocale(article.lang, 'Asia/Tbilisi'));
}

describe('articleEntry', () => {
  it('carries the article’s id, address, instants, authors and localised categories', () => {
    expect(entryFor({ lang: 'fa', countries: ['armenia', 'nowhere'] })).toMatchObject({
      id: 'tag:dispatch.example,2023:fa/tehran-talks',
      url: 'https://dispatch.example/fa/articles/tehran-talks',
      published: '2023-04-09T14:30:00.000Z',
      authors: [{ name: 'Ana Beridze', url: 'https://dispatch.example/ana' }],
      categories: [
        { term: 'country:armenia', label: 'ارمنستان' },
        { term: 'country:nowhere', label: 'nowhere' },
        { term: 'topic:security', label: 'امنیت' },
      ],
      place: { name: 'Tehran', lat: 35.6892, lon: 51.389 },
    });
  });

  it('says in the article’s language that a machine translated it', () => {
    const { html } = entryFor({ lang: 'fa', translation: 'machine', html: '<p>متن.</p>' });
    expect(html).toContain('<p>این متن ترجمهٔ ماشینی است.</p>\n<p>متن.</p>');
    expect(entryFor({}).html).not.toContain('machine');
  });

  it('shows corrections before the text and sources after it, escaped', () => {
    const { html } = entryFor({
      corrections: [{ date: '2023-04-10T09:00:00.000Z', text: 'Not <5> but 6.' }],
      sources: [
        { title: 'Agency & Co', url: 'https://agency.example/?a=1&b=2' },
        { title: 'A phone call' },
        { title: 'Bad', url: 'javascript:alert(1)' },
      ],
    });
    expect(html).toBe(
      [
        '<aside><h2>Correction</h2>',
        '<ul><li><time datetime="2023-04-10T09:00:00.000Z">10 April 2023</time>: Not &lt;5&gt; but 6.</li></ul></aside>',
        '<p>The full text of tehran-talks.</p>',
        '<h2>Sources</h2>',
        '<ul><li><a href="https://agency.example/?a=1&amp;b=2">Agency &amp; Co</a></li><li>A phone call</li><li>Bad</li></ul>',
      ].join('\n'),
    );
  });

  it('has those words in each of the seven languages', () => {
    const words = ['en', 'hy', 'az', 'ka', 'ru', 'fa', 'tr'].map((lang) => {
      const { html } = entryFor({
        lang,
        corrections: [{ date: '2023-04-10T09:00:00.000Z', text: '…' }],
        sources: [{ title: '…' }],
      });
      return [...html.matchAll(/<h2>(.*?)<\/h2>/g)].map((match) => match[1]).join('/');
    });
    expect(new Set(words).size).toBe(7);
  });

  it('sets a right-to-left text in its direction', () => {
    for (const lang of ['fa', 'ar', 'az-Arab']) {
      expect(entryFor({ lang }).html).toMatch(new RegExp(`^<div dir="rtl" lang="${lang}">[\\s\\S]*</div>$`));
    }
    expect(entryFor({ lang: 'en' }).html).not.toContain('dir=');
  });

  it('puts the picture first, as its raster file with caption and credit', () => {
    const { html, image } = entryFor({ image: picture });
    expect(html.split('\n')[0]).toBe(
      '<figure><img src="https://dispatch.example/articles/tehran-talks/map.png" alt="Map of &quot;Tehran&quot;" width="1200" height="800"><figcaption>Schematic map · The desk</figcaption></figure>',
    );
    expect(image).toEqual({
      url: picture.rasterUrl,
      type: 'image/png',
      alt: picture.alt,
      credit: 'The desk',
      width: 1200,
      height: 800,
      bytes: 4711,
    });
  });

  it('leaves the picture out of the text where it stands there already', () => {
    const html = `<p>Look:</p><img src="${picture.url}" alt="">`;
    expect(entryFor({ image: picture, html }).html).toBe(html);
  });

  it('drops a picture, a recording and an author’s page whose address is none', () => {
    const entry = entryFor({
      image: { url: 'map.svg', rasterUrl: null, alt: '' },
      audio: { url: 'nowhere', type: 'audio/mpeg' },
      authors: [{ key: null, name: 'Beso', url: 'beso' }],
      url: 'no address',
    });
    expect(entry).toMatchObject({ image: null, audio: null, authors: [{ name: 'Beso' }] });
    expect(entry.authors[0]).not.toHaveProperty('url');
    expect(entry.url).toBe('https://dispatch.example/articles/tehran-talks');
    expect(entry.html).not.toContain('<figure>');
  });

  it('shows the summary where there is no text', () => {
    const entry = entryFor({ html: '\n', summary: 'Closed & open.' });
    expect(entry.html).toBe('<p>Closed &amp; open.</p>');
  });

  it('has a hash that follows from what readers see', () => {
    const hash = entryFor({}).contentHash;
    expect(entryFor({}).contentHash).toBe(hash);
    expect(entryFor({ words: 99 }).contentHash).toBe(hash);
    expect(entryFor({ html: '<p>Changed.</p>' }).contentHash).not.toBe(hash);
  });
});
