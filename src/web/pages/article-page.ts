import type { Article, Author, FullArticle } from '../../content/index.ts';
import { articlePath, sectionPath } from '../../site.ts';
import { sectionFeed } from '../announced-feed.ts';
import { articleBody } from '../article-body.ts';
import { formatLinks } from '../html/feed-links.ts';
import { dateText, type Html, html, languageAttributes, nothing, raw, timeElement } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import { picture, pictureCaption } from '../html/picture.ts';
import { articleLink, kickerText, story } from '../html/story.ts';
import { readingMinutes, type View } from '../view.ts';

/** `/articles/SLUG` */
export function articlePage(view: View, article: FullArticle): Html {
  const { site } = view;
  const translations = view.published.listTranslations(article).filter((other) => other.link === null);
  const feeds = [
    ...article.countries.map((key) => sectionFeed(view, 'countries', key)),
    ...article.topics.map((key) => sectionFeed(view, 'topics', key)),
  ].filter((feed) => feed !== null);
  return layout(view, {
    title: article.title,
    description: article.summary,
    path: articlePath(site, article.lang, article.slug),
    translations: Object.fromEntries(
      translations.map((other) => [other.lang, articlePath(site, other.lang, other.slug)]),
    ),
    feeds,
    kind: 'article',
    imageUrl: article.image?.rasterUrl ?? null,
    main: html`<article class="wrap">
<header class="article-head">
<p class="kicker">${kickerText(view, article)}</p>
<h1>${article.title}</h1>
<p class="standfirst">${article.summary}</p>
</header>
${articlePicture(view, article)}
<div class="article">
${factsList(view, article, translations)}
<div>
${machineTranslation(view, article)}<div class="body">${raw(articleBody(view, article.html))}</div>
${audio(view, article)}${corrections(view, article)}${sources(view, article)}
${feeds.length === 0 ? nothing : html`<section class="record" aria-labelledby="page-feeds"><h2 id="page-feeds">${view.locale.t('site.feeds')}</h2><ul class="feed-rows">${feeds.map((feed) => html`<li><a href="${view.href(feed.pagePath)}">${feed.name}</a>${formatLinks(view, feed)}</li>`)}</ul></section>`}
</div>
</div>
</article>
${related(view, article)}`,
  });
}

function articlePicture(view: View, article: Article): Html | '' {
  if (article.image === null) return nothing;
  const shown = picture(view, article.image, 'article', 'eager');
  return shown === nothing
    ? nothing
    : html`<figure class="article-picture">${shown}${pictureCaption(view, article.image)}</figure>`;
}

/** Says that a machine translated the text, and leads to the original where it can be read here. */
function machineTranslation(view: View, article: Article): Html | '' {
  if (article.translation !== 'machine') return nothing;
  const original = view.published.findStory(article)?.original;
  return html`<p class="translated">${view.locale.t('site.machine_translation')}${
    original === undefined || original.id === article.id
      ? nothing
      : html` ${view.locale.label(view.locale.t('site.original'))} <a href="${articleLink(view, original)}" hreflang="${original.lang}"${languageAttributes(view, original.lang)}>${view.languageName(original.lang)}</a>`
  }</p>`;
}

function factsList(view: View, article: Article, translations: readonly Article[]): Html {
  const { locale } = view;
  return html`<dl class="facts">
${article.authors.length === 0 ? nothing : html`<div><dt>${locale.t('site.by')}</dt>${article.authors.map((author) => html`<dd>${authorName(view, author)}</dd>`)}</div>`}
<div><dt>${locale.t('site.published')}</dt><dd>${timeElement(view, article.date, 'date-time')}</dd></div>
${article.updated > article.date ? html`<div><dt>${locale.t('site.updated')}</dt><dd>${timeElement(view, article.updated, 'date-time')}</dd></div>` : nothing}
<div><dt>${locale.t('site.reading_time')}</dt><dd>${locale.t('site.minutes', { count: readingMinutes(article) })}</dd></div>
${
  translations.length === 0
    ? nothing
    : html`<div><dt>${locale.t('site.also_in')}</dt>${translations.map(
        (other) =>
          html`<dd><a href="${articleLink(view, other)}" hreflang="${other.lang}"${languageAttributes(view, other.lang)}>${view.languageName(other.lang)}</a></dd>`,
      )}</div>`
}
</dl>`;
}

function authorName(view: View, author: Author): Html {
  const name = html`<bdi>${author.name}</bdi>`;
  if (author.key !== null && view.sectionTitle('authors', author.key) !== null) {
    return html`<a href="${view.href(sectionPath(view.site, view.lang, 'authors', author.key))}">${name}</a>`;
  }
  const link = author.url === undefined ? null : view.link(author.url);
  return link === null ? name : html`<a href="${link}">${name}</a>`;
}

function audio(view: View, article: Article): Html | '' {
  const link = article.audio === null ? null : view.link(article.audio.url);
  if (link === null) return nothing;
  return html`<section class="record" aria-labelledby="page-audio"><h2 id="page-audio">${view.locale.t('site.listen')}</h2><audio controls preload="none" src="${link}"></audio></section>`;
}

function corrections(view: View, article: Article): Html | '' {
  const count = article.corrections.length;
  if (count === 0) return nothing;
  return html`<section class="correction" aria-labelledby="page-corrections"><h2 id="page-corrections">${view.locale.t('site.feed_corrections', { count })}</h2>
${article.corrections.map(
  (correction) =>
    html`<p dir="auto">${correction.text}</p><p class="when"><time datetime="${correction.date}">${view.locale.t('site.corrected_on', { date: dateText(view.locale.date(correction.date)) })}</time></p>`,
)}</section>`;
}

function sources(view: View, article: Article): Html | '' {
  if (article.sources.length === 0) return nothing;
  return html`<section class="record" aria-labelledby="page-sources"><h2 id="page-sources">${view.locale.t('site.feed_sources')}</h2>
<ul class="sources">${article.sources.map((source) => {
    const link = source.url === undefined ? null : view.link(source.url);
    return html`<li dir="auto">${link === null ? source.title : html`<a href="${link}" rel="noopener">${source.title}</a>`}</li>`;
  })}</ul></section>`;
}

/** The newest other stories of the first country that it is about. */
function related(view: View, article: Article): Html | '' {
  const [country] = article.countries;
  const title = country === undefined ? null : view.sectionTitle('countries', country);
  if (country === undefined || title === null) return nothing;
  const others = view.published
    .inLanguage(view.lang)
    .filter((other) => other.id !== article.id && other.countries.includes(country))
    .slice(0, 3);
  if (others.length === 0) return nothing;
  return html`<div class="wrap related"><section class="section" aria-labelledby="page-related"><h2 id="page-related"><a href="${view.href(sectionPath(view.site, view.lang, 'countries', country))}">${view.locale.t('site.more_of', { section: title })}</a></h2>
<div class="columns ${['one', 'two', 'three'][others.length - 1] ?? 'three'}">${others.map((other) => story(view, other, { heading: 'h3', kicker: 'place', picture: false, dated: true }))}</div></section></div>`;
}
