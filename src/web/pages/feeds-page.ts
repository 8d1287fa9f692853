import { absoluteUrl, homePath, languagePrefix } from '../../site.ts';
import { feedPath, homeFeed, type ListedFeed } from '../announced-feed.ts';
import { type FeedGroup, listFeedGroups } from '../feed-groups.ts';
import { address, contentsLink, formatLinks } from '../html/feed-links.ts';
import { type Html, html, languageAttributes, nothing } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import type { View } from '../view.ts';

/** `/feeds`: every feed of the page's language, the publication's feed in each other one, and all of them in a file. */
export function feedsPage(view: View): Html {
  const { site, lang, locale } = view;
  const title = locale.t('site.feeds');
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
${section('help', locale.t('site.feeds_help_title'), html`<p class="help">${locale.t('site.feeds_help_text')}</p>`)}
${listFeedGroups(view).map((group) => feedGroup(view, group))}
${otherLanguages(view)}
${section('file', locale.t('site.feeds_file_title'), allInOne(view))}
</div>`,
  });
}

function feedGroup(view: View, { kind, title, feeds }: FeedGroup): Html {
  return section(kind, title, html`<ul class="feed-rows">${feeds.map((feed) => feedRow(view, feed))}</ul>`);
}

/** The page with the same selection, the formats, what subscribers get, and RSS's address in full. */
function feedRow(view: View, feed: ListedFeed): Html {
  return html`<li><a href="${view.href(feed.pagePath)}"><bdi>${feed.name}</bdi></a>${row(view, feed)}</li>`;
}

function row(view: View, feed: ListedFeed): Html {
  const rss = absoluteUrl(view.site, feedPath(feed, 'rss'));
  return html`${formatLinks(view, feed)}${address(rss)}${contentsLink(view, feed)}`;
}

function otherLanguages(view: View): Html | '' {
  const { site, lang, locale } = view;
  const others = site.languages.filter((other) => other !== lang);
  if (others.length === 0) return nothing;
  return section(
    'languages',
    locale.t('site.feeds_other_languages'),
    html`<ul class="feed-rows">${others.map((other) => {
      const name = view.languageName(other);
      const path = homePath(site, other);
      const feed = { title: name, name, path, pagePath: path, contentsPath: null };
      return html`<li><a href="${view.href(`${languagePrefix(site, other)}/feeds`)}" hreflang="${other}"${languageAttributes(view, other)}>${name}</a>${row(view, feed)}</li>`;
    })}</ul>`,
  );
}

function allInOne(view: View): Html {
  const { site, lang, locale } = view;
  const files = [
    {
      path: `/${lang}/feeds.opml`,
      words: locale.t('site.feeds_file_language', { language: view.languageName(lang) }),
    },
    ...(site.languages.length > 1 ? [{ path: '/feeds.opml', words: locale.t('site.feeds_file_all') }] : []),
  ];
  return html`<div><p class="help">${locale.t('site.feeds_file_text')}</p><ul class="feed-rows">${files.map(
    ({ path, words }) =>
      html`<li><a href="${view.href(path)}">${words}</a><bdi>OPML</bdi>${address(absoluteUrl(site, path))}</li>`,
  )}</ul></div>`;
}

function section(id: string, title: string, content: Html): Html {
  return html`<section class="section" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${content}</section>`;
}
