import type { Instant } from '../../clock.ts';
import type { Edition, Newsletter } from '../../digest/index.ts';
import { editionPath, languagePrefix, localized, newsletterPath } from '../../site.ts';
import { newsletterFeed } from '../announced-feed.ts';
import { formatLinks } from '../html/feed-links.ts';
import { type Html, html, languageAttributes, nothing, timeElement } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import { newsletterTimes } from '../html/newsletter-times.ts';
import type { View } from '../view.ts';

import { subscribePath } from './subscribe-page.ts';

/** A newsletter with what its page shows. */
export interface NewsletterRecord {
  readonly newsletter: Newsletter;
  readonly nextDue: Instant | null;
  /** Those that went out and may still be read, newest first. */
  readonly editions: readonly ListedEdition[];
}

/** An edition as lists name it. */
export interface ListedEdition extends Pick<Edition, 'key' | 'dueAt'> {
  /** Its first headline that may still be read, with the language it is in; null where its texts are in neither the
   * page's language nor the publication's default. */
  readonly headline: { readonly lang: string; readonly title: string } | null;
}

/** Where a page stands among those of a newsletter's editions, numbered from 1. */
export interface PagePlace {
  readonly number: number;
  readonly isLast: boolean;
}

/** `/newsletters`: each newsletter, when it comes next, and its newest editions. */
export function newslettersPage(view: View, records: readonly NewsletterRecord[]): Html {
  const { site, lang, locale } = view;
  const title = locale.t('site.newsletters');
  return layout(view, {
    title,
    description: locale.t('site.newsletters_intro'),
    path: `${languagePrefix(site, lang)}/newsletters`,
    translations: Object.fromEntries(
      site.languages.map((other) => [other, `${languagePrefix(site, other)}/newsletters`]),
    ),
    feeds: records.map((record) => newsletterFeed(view, record.newsletter)),
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap listing">
<div class="page-head"><h1>${title}</h1><p class="standfirst">${locale.t('site.newsletters_intro')}</p></div>
${records.map(
  (record) =>
    html`<section class="section" aria-labelledby="letter-${record.newsletter.name}"><h2 id="letter-${record.newsletter.name}"><a href="${view.href(newsletterPath(site, lang, record.newsletter.name))}">${localized(record.newsletter.title, lang, site)}</a></h2>${details(view, record)}</section>`,
)}
</div>`,
  });
}

/** `/newsletters/NAME`: one newsletter with its past editions, page by page. */
export function newsletterPage(view: View, record: NewsletterRecord, place: PagePlace): Html {
  const { site, lang, locale } = view;
  const { name } = record.newsletter;
  const title = localized(record.newsletter.title, lang, site);
  const feed = newsletterFeed(view, record.newsletter);
  const neighbours = {
    previous: place.number === 1 ? null : pagePath(view, lang, name, place.number - 1),
    next: place.isLast ? null : pagePath(view, lang, name, place.number + 1),
  };
  return layout(view, {
    title: place.number === 1 ? title : `${title} · ${locale.number(place.number)}`,
    description: locale.t('site.newsletters_intro'),
    path: pagePath(view, lang, name, place.number),
    neighbours,
    translations: Object.fromEntries(site.languages.map((other) => [other, pagePath(view, other, name, place.number)])),
    feeds: [feed],
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap listing">
<div class="page-head"><h1>${title}</h1><p class="standfirst">${locale.t('site.newsletters_intro')}</p>${formatLinks(view, feed)}</div>
<section class="section" aria-labelledby="editions"><h2 id="editions">${locale.t('site.past_editions')}</h2>${details(view, record)}</section>
${pager(view, neighbours)}
</div>`,
  });
}

function details(view: View, { newsletter, nextDue, editions }: NewsletterRecord): Html {
  const { lang, locale } = view;
  return html`<div class="details">${newsletterTimes(view, newsletter, nextDue)}
<p><a class="go" href="${view.href(`${subscribePath(view, lang)}?newsletter=${newsletter.name}`)}">${locale.t('site.subscribe')}</a></p>
${
  editions.length === 0
    ? html`<p>${locale.t('site.no_editions')}</p>`
    : html`<ul class="titles">${editions.map((edition) => editionItem(view, newsletter.name, edition))}</ul>`
}</div>`;
}

function editionItem(view: View, newsletter: string, { key, dueAt, headline }: ListedEdition): Html {
  const path = view.href(editionPath(view.site, view.lang, newsletter, key));
  const day = timeElement(view, dueAt, 'day');
  if (headline === null) return html`<li><a href="${path}">${day}</a></li>`;
  return html`<li><a href="${path}"><span${languageAttributes(view, headline.lang)}>${headline.title}</span></a><p class="facts-line">${day}</p></li>`;
}

function pager(view: View, { previous, next }: { previous: string | null; next: string | null }): Html | '' {
  if (previous === null && next === null) return nothing;
  const { locale } = view;
  return html`<nav class="shapes" aria-label="${locale.t('site.pages')}"><ul>${
    previous === null
      ? nothing
      : html`<li><a class="button" rel="prev" href="${view.href(previous)}">${locale.t('site.newer')}</a></li>`
  }${
    next === null
      ? nothing
      : html`<li><a class="button" rel="next" href="${view.href(next)}">${locale.t('site.older')}</a></li>`
  }</ul></nav>`;
}

function pagePath({ site }: View, lang: string, newsletter: string, page: number): string {
  return `${newsletterPath(site, lang, newsletter)}${page === 1 ? '' : `?page=${page}`}`;
}
