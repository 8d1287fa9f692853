import type { Article, FullArticle, Picture } from '../content/index.ts';
import { directionOf, type Locale } from '../i18n/index.ts';
import { absoluteUrl, articlePath, localized, type Site } from '../site.ts';
import { createEntry } from './entry.ts';
import type { FeedCategory, FeedEntry, FeedImage } from './feed.ts';
import { escapeHtml, httpUrl } from './formats/feed-text.ts';

/** An article as feeds carry it: in full, with its corrections and a word on machine translation first and its sources last. */
export function articleEntry(article: FullArticle, site: Site, locale: Locale): FeedEntry {
  const { image, audio, place } = article;
  const fields = {
    id: article.id,
    url: httpUrl(article.url) ?? absoluteUrl(site, articlePath(site, article.lang, article.slug)),
    lang: article.lang,
    title: article.title,
    summary: article.summary,
    html: articleHtml(article, locale),
    published: article.date,
    updated: article.updated,
    authors: article.authors.map(({ name, url, email }) => ({ name, url, email })),
    categories: [
      ...categories('country', article.countries, site.countries, article.lang, site),
      ...categories('topic', article.topics, site.topics, article.lang, site),
    ],
    image: image && feedImage(image),
    audio: audio && { url: audio.url, type: audio.type, length: audio.bytes ?? 0, duration: audio.duration },
    place,
  };
  return createEntry(fields, article.contentHash);
}

function categories(
  scheme: string,
  keys: readonly string[],
  sections: Site['countries'],
  lang: string,
  site: Site,
): FeedCategory[] {
  return keys.map((key) => {
    const section = sections[key];
    return { term: `${scheme}:${key}`, label: section ? localized(section.title, lang, site) : key };
  });
}

/** The raster file where there is one: few programs show SVG in an enclosure. Sizes are of that file. */
function feedImage({ url, rasterUrl, alt, credit, width, height, bytes, type }: Picture): FeedImage {
  return { url: rasterUrl ?? url, type, alt, credit, width, height, bytes };
}

function articleHtml(article: FullArticle, locale: Locale): string {
  const html = [
    corrections(article, locale),
    translation(article, locale),
    figure(article),
    article.html.trim(),
    sources(article, locale),
  ]
    .filter((part) => part !== '')
    .join('\n');
  // Few programs take the direction from the feed's language.
  return directionOf(article.lang) === 'rtl' ? `<div dir="rtl" lang="${article.lang}">\n${html}\n</div>` : html;
}

function corrections({ corrections }: Article, locale: Locale): string {
  if (corrections.length === 0) return '';
  const items = corrections.map(({ date, text }) => {
    return `<li><time datetime="${date}">${escapeHtml(locale.date(date).main)}</time>: ${escapeHtml(text)}</li>`;
  });
  const heading = escapeHtml(locale.t('site.feed_corrections', { count: corrections.length }));
  return `<aside><h2>${heading}</h2>\n<ul>${items.join('')}</ul></aside>`;
}

function translation({ translation }: Article, locale: Locale): string {
  return translation === 'machine' ? `<p>${escapeHtml(locale.t('site.machine_translation'))}</p>` : '';
}

/** The article's picture, unless its text shows it already. */
function figure({ image, html }: FullArticle): string {
  const url = image && httpUrl(image.rasterUrl ?? image.url);
  if (!image || url === null) return '';
  const shown = [image.url, image.rasterUrl, url].some(
    (address) => address !== null && html.includes(escapeHtml(address)),
  );
  if (shown) return '';
  const size = image.width && image.height ? ` width="${image.width}" height="${image.height}"` : '';
  const picture = `<img src="${escapeHtml(url)}" alt="${escapeHtml(image.alt)}"${size}>`;
  const caption = [image.caption, image.credit].filter((text) => text !== undefined && text !== '');
  if (caption.length === 0) return `<figure>${picture}</figure>`;
  return `<figure>${picture}<figcaption>${escapeHtml(caption.join(' · '))}</figcaption></figure>`;
}

function sources({ sources }: Article, locale: Locale): string {
  if (sources.length === 0) return '';
  const items = sources.map(({ title, url }) => {
    const address = url === undefined ? null : httpUrl(url);
    const text = escapeHtml(title);
    return `<li>${address === null ? text : `<a href="${escapeHtml(address)}">${text}</a>`}</li>`;
  });
  return `<h2>${escapeHtml(locale.t('site.feed_sources'))}</h2>\n<ul>${items.join('')}</ul>`;
}
