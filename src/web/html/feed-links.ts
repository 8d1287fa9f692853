import { type FeedFormat, feedFormats } from '../../feeds/index.ts';
import { absoluteUrl } from '../../site.ts';
import { type AnnouncedFeed, feedPath, type ListedFeed } from '../announced-feed.ts';
import type { View } from '../view.ts';
import { type Html, html, nothing } from './html.ts';

const formatNames: Readonly<Record<FeedFormat, string>> = { rss: 'RSS', atom: 'Atom', json: 'JSON' };

/** A feed's three formats as links. */
export function formatLinks(view: View, feed: AnnouncedFeed): Html {
  return html`<ul class="formats">${feedFormats.map(
    (format) =>
      html`<li><a href="${view.href(feedPath(feed, format))}" aria-label="${feed.title}: ${formatNames[format]}"><bdi>${formatNames[format]}</bdi></a></li>`,
  )}</ul>`;
}

/** The way to the page that shows the feed as its subscribers get it. */
export function contentsLink(view: View, feed: ListedFeed): Html | '' {
  if (feed.contentsPath === null) return nothing;
  const words = view.locale.t('site.feed_contents');
  return html`<a class="contents" href="${view.href(feed.contentsPath)}" aria-label="${words}: ${feed.name}">${words}</a>`;
}

/** An address in full, to be copied: one click selects all of it. */
export function address(url: string): Html {
  return html`<code class="address" dir="ltr">${url}</code>`;
}

/** A feed's three addresses, each with its format, which leads there. */
export function addressList(view: View, feed: AnnouncedFeed): Html {
  return html`<dl class="addresses">${feedFormats.map((format) => {
    const path = feedPath(feed, format);
    return html`<div><dt><a href="${view.href(path)}"><bdi>${formatNames[format]}</bdi></a></dt><dd>${address(absoluteUrl(view.site, path))}</dd></div>`;
  })}</dl>`;
}
