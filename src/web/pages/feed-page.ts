import { languagePrefix } from '../../site.ts';
import { type AnnouncedFeed, contentsPath } from '../announced-feed.ts';
import { articleBody } from '../article-body.ts';
import type { FeedPageAttachment, FeedPageItem, FeedPageModel } from '../feed-document-reader.ts';
import { addressList } from '../html/feed-links.ts';
import { type Html, html, languageAttributes, nothing, raw, timeElement } from '../html/html.ts';
import { layout } from '../html/layout.ts';
import type { View } from '../view.ts';

/**
 * `/feeds/select`: a feed as its subscribers get it, entry for entry. Search engines have the articles themselves.
 *
 * @param query The selection as it stands in the address (`?country=armenia`), the same in every language.
 */
export function feedPage(view: View, feed: FeedPageModel, query: string): Html {
  const { site, locale } = view;
  const words = locale.t('site.feed_contents');
  const announced = announcedFeed(view, feed);
  const page = view.link(feed.pageUrl);
  return layout(view, {
    title: `${words}: ${feed.title}`,
    description: locale.t('site.feed_contents_intro', { count: feed.items.length }),
    path: null,
    translations: Object.fromEntries(site.languages.map((lang) => [lang, contentsPath(view, query, lang)])),
    feeds: [announced],
    kind: 'website',
    imageUrl: null,
    main: html`<div class="wrap listing">
<div class="page-head"><p class="kicker"><a href="${view.href(`${languagePrefix(site, view.lang)}/feeds`)}">${locale.t('site.feeds')}</a> · ${words}</p><h1><bdi>${page === null ? feed.title : html`<a href="${page}">${feed.title}</a>`}</bdi></h1><p class="standfirst">${locale.t('site.feed_contents_intro', { count: feed.items.length })}</p>
${addressList(view, announced)}</div>
${feed.items.length === 0 ? html`<p class="empty">${locale.t('site.no_articles')}</p>` : nothing}
<div class="rows">${feed.items.map((item) => entry(view, item))}</div>
</div>`,
  });
}

/** The three documents lie beside one another, whatever stands behind their names. */
function announcedFeed({ site }: View, feed: FeedPageModel): AnnouncedFeed {
  const local = feed.url.startsWith(`${site.url}/`) ? feed.url.slice(site.url.length) : '/';
  const [path = '/', ...query] = local.split('?');
  return {
    title: feed.title,
    path: path.slice(0, path.lastIndexOf('/') + 1),
    query: query.length === 0 ? '' : `?${query.join('?')}`,
  };
}

function entry(view: View, item: FeedPageItem): Html {
  const link = item.url === null ? null : view.link(item.url);
  const image = item.image === null ? null : view.link(item.image);
  return html`<article class="story${image === null ? nothing : ' with-picture'}"${item.lang === null ? nothing : languageAttributes(view, item.lang)}>
${image === null ? nothing : html`<div class="picture"><img src="${image}" alt="" loading="lazy" decoding="async"></div>`}
<div class="words">
<h2>${link === null ? item.title : html`<a href="${link}">${item.title}</a>`}</h2>
<p>${item.summary}</p>
${facts(view, item)}
${item.html === '' ? nothing : html`<details><summary>${view.locale.t('site.feed_full_text')}<span class="hidden">: ${item.title}</span></summary><div class="body">${raw(entryBody(view, item.html))}</div></details>`}
${item.attachments.map((attachment) => attachmentPlayer(view, attachment))}
</div>
</article>`;
}

function facts(view: View, { published, modified, authors }: FeedPageItem): Html {
  const changed = modified !== null && (published === null || modified > published);
  const parts = [
    ...(published === null ? [] : [timeElement(view, published, 'date-time')]),
    ...(changed
      ? [html`${view.locale.label(view.locale.t('site.updated'))} ${timeElement(view, modified, 'date-time')}`]
      : []),
    ...authors.map((name) => html`<bdi>${name}</bdi>`),
  ];
  return html`<p class="facts-line">${parts.map((part, index) => (index === 0 ? part : html` · ${part}`))}</p>`;
}

/** Many texts stand on one page, so their ids are left out; links to them lead to the articles' own pages. */
function entryBody(view: View, sanitized: string): string {
  return articleBody(view, sanitized).replace(/<[^>]+>/g, (tag) => tag.replace(/\sid="[^"]*"/g, ''));
}

function attachmentPlayer(view: View, { url, type }: FeedPageAttachment): Html | '' {
  const link = view.link(url);
  if (link === null) return nothing;
  const words = view.locale.t('site.listen');
  return type.startsWith('audio/')
    ? html`<audio controls preload="none" aria-label="${words}" src="${link}"></audio>`
    : html`<p><a href="${link}"><bdi>${url.slice(url.lastIndexOf('/') + 1)}</bdi></a></p>`;
}
