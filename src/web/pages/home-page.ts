import type { Instant } from '../../clock.ts';
import type { Article } from '../../content/index.ts';
import { homePath, languagePrefix, localized, sectionPath } from '../../site.ts';
import { homeFeed } from '../announced-feed.ts';
import { dateText, type Html, html, languageAttributes, nothing } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import { newsletterTimes } from '../html/newsletter-times.ts';
import { picture, pictureCaption } from '../html/picture.ts';
import { articleLink, facts, kickerText, story } from '../html/story.ts';
import { isSameDay, type View } from '../view.ts';
import { arrangeFront, type Front, type FrontSection, listUntranslated } from './front.ts';
import { subscribePath } from './subscribe-page.ts';

/** `/`: the publication's front page. */
export function homePage(view: View, nextDue: (newsletter: string) => Instant | null): Html {
  const { site, lang } = view;
  const front = arrangeFront(view.published.inLanguage(lang));
  return layout(view, {
    title: null,
    description: localized(site.description, lang, site),
    path: homePath(site, lang),
    translations: Object.fromEntries(site.languages.map((other) => [other, homePath(site, other)])),
    feeds: [homeFeed(view)],
    kind: 'website',
    imageUrl: front.lead?.image?.rasterUrl ?? null,
    main: html`<h1 class="hidden">${view.title}</h1>
<div class="wrap">
<div class="front">
<div>${front.lead === null ? html`<p>${view.locale.t('site.no_articles')}</p>` : leadStory(view, front.lead)}
${front.seconds.length === 0 ? nothing : html`<div class="columns seconds">${front.seconds.map((article) => story(view, article, { heading: 'h2', kicker: 'countries', picture: false, dated: true }))}</div>`}</div>
<div class="side">${latest(view, front)}${newsletters(view, nextDue)}</div>
</div>
${front.sections.map((section, index) => countrySection(view, section, index))}
</div>
${front.briefs.length === 0 ? nothing : briefs(view, front.briefs)}
${elsewhere(view)}`,
  });
}

function leadStory(view: View, article: Article): Html {
  const shown = article.image ? picture(view, article.image, 'lead', 'eager') : nothing;
  return html`<article class="story lead">
${shown === nothing || article.image === null ? nothing : html`<figure>${shown}${pictureCaption(view, article.image)}</figure>`}
<p class="kicker">${kickerText(view, article)}</p>
<h2><a href="${articleLink(view, article)}">${article.title}</a></h2>
<p class="standfirst">${article.summary}</p>
${facts(view, article, true)}
</article>`;
}

function latest(view: View, front: Front): Html {
  return html`<section aria-labelledby="latest"><h2 class="side-head" id="latest">${view.locale.t('site.latest')}</h2>
<ol class="wire">${front.latest.map((article) => {
    const today = isSameDay(view.site, article.date, view.now);
    const when = today ? view.locale.time(article.date) : view.locale.date(article.date).main;
    const place = article.place === null ? nothing : html`<b>${article.place.name}</b> `;
    return html`<li><time datetime="${article.date}">${when}</time><a href="${articleLink(view, article)}">${place}${article.title}</a></li>`;
  })}</ol></section>`;
}

function newsletters(view: View, nextDue: (newsletter: string) => Instant | null): Html | '' {
  if (view.newsletters.length === 0) return nothing;
  const path = `${languagePrefix(view.site, view.lang)}/newsletters`;
  return html`<section class="letter" aria-labelledby="letters"><h2 id="letters">${view.locale.t('site.newsletters')}</h2>
<p>${view.locale.t('site.newsletters_intro')}</p>
<ul>${view.newsletters.map(
    (newsletter) =>
      html`<li><a href="${view.href(`${path}/${newsletter.name}`)}">${localized(newsletter.title, view.lang, view.site)}</a>${newsletterTimes(view, newsletter, nextDue(newsletter.name))}</li>`,
  )}</ul>
<p><a class="button main" href="${view.href(subscribePath(view, view.lang))}">${view.locale.t('site.subscribe')}</a></p></section>`;
}

function countrySection(view: View, section: FrontSection, index: number): Html {
  const { site, lang, locale } = view;
  const names = section.countries.map((key) => view.sectionTitle('countries', key) ?? key);
  const title = names.length === 0 ? locale.t('site.region') : locale.list(names);
  const [only] = section.countries;
  const more =
    section.countries.length === 1 && only !== undefined && view.sectionTitle('countries', only) !== null
      ? html`<p class="more"><a href="${view.href(sectionPath(site, lang, 'countries', only))}">${locale.t('site.more_of', { section: title })}</a></p>`
      : nothing;
  const shape = ['one', 'two', 'three'][section.articles.length - 1] ?? 'three';
  const pictured = section.articles.length > 1 ? section.articles.find((article) => article.image !== null) : undefined;
  const ordered = pictured
    ? [pictured, ...section.articles.filter((article) => article !== pictured)]
    : section.articles;
  return html`<section class="section" aria-labelledby="section-${index}"><h2 id="section-${index}">${title}</h2>
<div><div class="columns ${shape}">${ordered.map((article) =>
    story(view, article, {
      heading: 'h3',
      kicker: section.countries.length === 0 ? 'countries' : 'place',
      picture: article === pictured,
      dated: true,
    }),
  )}</div>${more}</div></section>`;
}

function briefs(view: View, articles: readonly Article[]): Html {
  return html`<div class="panel"><div class="wrap"><section class="section" aria-labelledby="briefs"><h2 id="briefs">${view.locale.t('site.briefs')}</h2>
<ul class="briefs">${articles.map(
    (article) =>
      html`<li>${article.place === null ? nothing : html`<b>${article.place.name}.</b> `}<a href="${articleLink(view, article)}">${article.title}</a> <span class="brief-date">${dateText(view.locale.date(article.date))}</span></li>`,
  )}</ul></section></div></div>`;
}

/** What this language's readers would miss: stories that exist only in other languages. */
function elsewhere(view: View): Html[] {
  const byLanguage = Map.groupBy(listUntranslated(view), (article) => article.lang);
  return [...byLanguage].map(([lang, articles]) => {
    const language = view.languageName(lang);
    return html`<div class="wrap"><section class="section" aria-labelledby="in-${lang}"><h2 id="in-${lang}">${view.locale.t('site.more_in_language', { language })}</h2>
<ul class="titles">${articles
      .slice(0, 10)
      .map(
        (article) =>
          html`<li><a href="${articleLink(view, article)}" hreflang="${lang}"${languageAttributes(view, lang)}>${article.title}</a></li>`,
      )}</ul></section></div>`;
  });
}
