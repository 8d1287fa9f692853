import type { Article } from '../../content/index.ts';
import { type SectionKind, sectionPath } from '../../site.ts';
import { sectionFeed } from '../announced-feed.ts';
import { contentsLink, formatLinks } from '../html/feed-links.ts';
import { type Html, html, languageAttributes, nothing } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import { articleLink, story } from '../html/story.ts';
import type { View } from '../view.ts';
import { listUntranslated } from './front.ts';

const longestList = 100;

/** `/countries/KEY`, `/topics/KEY`, `/authors/KEY`: the readable twin of the feed there; null for an unknown key. */
export function sectionPage(view: View, kind: SectionKind, key: string): Html | null {
  const { site, lang, locale } = view;
  const title = view.sectionTitle(kind, key);
  const feed = sectionFeed(view, kind, key);
  if (title === null || feed === null) return null;
  const articles = view.published.inLanguage(lang).filter((article) => belongsTo(article, kind, key));
  const elsewhere = listUntranslated(view).filter((article) => belongsTo(article, kind, key));
  return layout(view, {
    title,
    description: `${title} – ${view.title}`,
    path: sectionPath(site, lang, kind, key),
    translations: Object.fromEntries(site.languages.map((other) => [other, sectionPath(site, other, kind, key)])),
    feeds: [feed],
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap listing">
<div class="page-head"><h1>${title}</h1><div class="ways">${formatLinks(view, feed)}${contentsLink(view, feed)}</div></div>
${articles.length === 0 ? html`<p class="empty">${locale.t('site.no_articles')}</p>` : nothing}
<div class="rows">${articles.slice(0, longestList).map((article) =>
      story(view, article, {
        heading: 'h2',
        kicker: kind === 'countries' ? 'place' : 'countries',
        picture: true,
        dated: true,
      }),
    )}</div>
${[...Map.groupBy(elsewhere, (article) => article.lang)].map(([other, found]) => inLanguage(view, other, found))}
</div>`,
  });
}

function inLanguage(view: View, lang: string, articles: readonly Article[]): Html {
  return html`<section class="section" aria-labelledby="in-${lang}"><h2 id="in-${lang}">${view.locale.t('site.more_in_language', { language: view.languageName(lang) })}</h2>
<ul class="titles">${articles
    .slice(0, longestList)
    .map(
      (article) =>
        html`<li><a href="${articleLink(view, article)}" hreflang="${lang}"${languageAttributes(view, lang)}>${article.title}</a></li>`,
    )}</ul></section>`;
}

function belongsTo(article: Article, kind: SectionKind, key: string): boolean {
  switch (kind) {
    case 'countries':
      return article.countries.includes(key);
    case 'topics':
      return article.topics.includes(key);
    case 'authors':
      return article.authors.some((author) => author.key === key);
    default:
      return kind satisfies never;
  }
}
