import { feedFileNames } from '../../feeds/index.ts';
import { absoluteUrl, homePath, languagePrefix, type SectionKind, sectionPath } from '../../site.ts';
import { formatLinks, homeFeed } from '../html/feed-links.ts';
import { type Html, html, languageAttributes, nothing } from '../html/html.ts';
import { type AnnouncedFeed, layout } from '../html/layout.ts';
import type { View } from '../view.ts';

/** `/feeds`: every feed of the page's language, and the publication's feed in each other one. */
export function feedsPage(view: View): Html {
  const { site, lang, locale } = view;
  const title = locale.t('site.feeds');
  const others = site.languages.filter((other) => other !== lang);
  return layout(view, {
    title,
    description: locale.t('site.feeds_intro'),
    path: `${languagePrefix(site, lang)}/feeds`,
    translations: Object.fromEntries(site.languages.map((other) => [other, `${languagePrefix(site, other)}/feeds`])),
    feeds: [homeFeed(view)],
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap listing">
<div class="page-head"><h1>${title}</h1><p class="standfirst">${locale.t('site.feeds_intro')}</p></div>
${group(view, 'everything', locale.t('site.feeds_everything'), [homeFeed(view)])}
${sectionGroup(view, 'countries', locale.t('site.countries'))}
${sectionGroup(view, 'topics', locale.t('site.topics'))}
${sectionGroup(view, 'authors', locale.t('site.authors'))}
${
  others.length === 0
    ? nothing
    : html`<section class="section" aria-labelledby="languages"><h2 id="languages">${locale.t('site.languages')}</h2><ul class="feed-rows">${others.map(
        (other) =>
          html`<li><a href="${view.href(`${languagePrefix(site, other)}/feeds`)}" hreflang="${other}"${languageAttributes(view, other)}>${view.languageName(other)}</a>${address(view, { title: view.languageName(other), path: homePath(site, other) })}</li>`,
      )}</ul></section>`
}
</div>`,
  });
}

function sectionGroup(view: View, kind: SectionKind, title: string): Html | '' {
  const feeds = Object.keys(view.site[kind]).map((key) => ({
    title: view.sectionTitle(kind, key) ?? key,
    path: `${sectionPath(view.site, view.lang, kind, key)}/`,
  }));
  return feeds.length === 0 ? nothing : group(view, kind, title, feeds);
}

function group(view: View, id: string, title: string, feeds: readonly AnnouncedFeed[]): Html {
  return html`<section class="section" aria-labelledby="${id}"><h2 id="${id}">${title}</h2><ul class="feed-rows">${feeds.map(
    (feed) => {
      const page = feed.path === homePath(view.site, view.lang) ? feed.path : feed.path.slice(0, -1);
      return html`<li><a href="${view.href(page)}"><bdi>${feed.title}</bdi></a>${address(view, feed)}</li>`;
    },
  )}</ul></section>`;
}

/** The formats as links, and RSS's address in full, to be copied. */
function address(view: View, feed: AnnouncedFeed): Html {
  return html`${formatLinks(view, feed)}<code dir="ltr">${absoluteUrl(view.site, feed.path + feedFileNames.rss)}</code>`;
}
