import type { Article } from '../../content/index.ts';
import { readingMinutes, type View } from '../view.ts';
import { type Html, html, languageAttributes, nothing } from './html.ts';
import { picture } from './picture.ts';

export interface StoryOptions {
  readonly heading: 'h2' | 'h3';
  /** What stands over the headline: where it happened, the place alone (under a country's own heading), or nothing. */
  readonly kicker: 'countries' | 'place';
  readonly picture: boolean;
  /** Whether the date stands in its last line. */
  readonly dated: boolean;
}

/** One story on a page of many: place, headline, summary, and how long it takes to read. */
export function story(view: View, article: Article, options: StoryOptions): Html {
  const image = options.picture && article.image ? picture(view, article.image, 'story', 'lazy') : nothing;
  const kicker = options.kicker === 'countries' ? kickerText(view, article) : (article.place?.name ?? '');
  const link = html`<a href="${articleLink(view, article)}">${article.title}</a>`;
  return html`<article class="story${image === nothing ? nothing : ' with-picture'}"${languageAttributes(view, article.lang)}>
${image === nothing ? nothing : html`<div class="picture">${image}</div>`}
<div class="words">
${kicker === '' ? nothing : html`<p class="kicker">${kicker}</p>`}
${options.heading === 'h2' ? html`<h2>${link}</h2>` : html`<h3>${link}</h3>`}
<p>${article.summary}</p>
${facts(view, article, options.dated)}
</div>
</article>`;
}

/** `Georgia · Tbilisi`. Of many countries none is picked out: then the place stands alone. */
export function kickerText(view: View, article: Article): string {
  const countries = article.countries.map((key) => view.sectionTitle('countries', key) ?? key);
  const place = article.place?.name;
  if (countries.length > 2 && place !== undefined) return place;
  return [view.locale.list(countries), place].filter((part) => part !== undefined && part !== '').join(' · ');
}

/** Where an article's headline leads: its page, or where it lives elsewhere. */
export function articleLink(view: View, article: Article): string {
  return view.link(article.url) ?? '#';
}

/** `9 April 2023 · 2 minutes · 4 sources` */
export function facts(view: View, article: Article, dated: boolean): Html {
  const { locale } = view;
  const parts = [
    ...(dated ? [locale.date(article.date).main] : []),
    locale.t('site.minutes', { count: readingMinutes(article) }),
    ...(article.sources.length > 0 ? [locale.t('site.source_count', { count: article.sources.length })] : []),
  ];
  return html`<p class="facts-line">${parts.join(' · ')}</p>`;
}
