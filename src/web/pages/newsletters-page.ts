import type { Instant } from '../../clock.ts';
import type { Edition, Newsletter } from '../../digest/index.ts';
import { editionPath, languagePrefix, localized } from '../../site.ts';
import { newsletterFeed } from '../announced-feed.ts';
import { formatLinks } from '../html/feed-links.ts';
import { type Html, html, nothing, timeElement } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import { newsletterTimes } from '../html/newsletter-times.ts';
import type { View } from '../view.ts';

/** A newsletter with what its page shows. */
export interface NewsletterRecord {
  readonly newsletter: Newsletter;
  readonly nextDue: Instant | null;
  /** Those that went out, newest first. */
  readonly editions: readonly Edition[];
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
    html`<section class="section" aria-labelledby="letter-${record.newsletter.name}"><h2 id="letter-${record.newsletter.name}"><a href="${view.href(newsletterPath(view, view.lang, record.newsletter))}">${localized(record.newsletter.title, lang, site)}</a></h2>${details(view, { ...record, editions: record.editions.slice(0, 5) })}</section>`,
)}
</div>`,
  });
}

/** `/newsletters/NAME`: one newsletter with all its past editions. */
export function newsletterPage(view: View, record: NewsletterRecord): Html {
  const { site, lang, locale } = view;
  const title = localized(record.newsletter.title, lang, site);
  const feed = newsletterFeed(view, record.newsletter);
  return layout(view, {
    title,
    description: locale.t('site.newsletters_intro'),
    path: newsletterPath(view, lang, record.newsletter),
    translations: Object.fromEntries(
      site.languages.map((other) => [other, newsletterPath(view, other, record.newsletter)]),
    ),
    feeds: [feed],
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap listing">
<div class="page-head"><h1>${title}</h1><p class="standfirst">${locale.t('site.newsletters_intro')}</p>${formatLinks(view, feed)}</div>
<section class="section" aria-labelledby="editions"><h2 id="editions">${locale.t('site.past_editions')}</h2>${details(view, record)}</section>
</div>`,
  });
}

function details(view: View, { newsletter, nextDue, editions }: NewsletterRecord): Html {
  const { site, lang, locale } = view;
  const { email } = site.publisher;
  return html`<div class="details">${newsletterTimes(view, newsletter, nextDue)}
${email === undefined ? nothing : html`<p>${locale.t('site.subscribe_note')} <a href="mailto:${email}"><bdi>${email}</bdi></a></p>`}
${
  editions.length === 0
    ? html`<p>${locale.t('site.no_editions')}</p>`
    : html`<ul class="titles">${editions.map((edition) => html`<li><a href="${view.href(editionPath(site, lang, newsletter.name, edition.key))}">${timeElement(view, edition.dueAt, 'day')}</a></li>`)}</ul>`
}</div>`;
}

function newsletterPath(view: View, lang: string, newsletter: Newsletter): string {
  return `${languagePrefix(view.site, lang)}/newsletters/${newsletter.name}`;
}
