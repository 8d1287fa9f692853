import { type FeedFormat, feedFileNames, feedFormats } from '../../feeds/index.ts';
import { homePath, type SectionKind, sectionPath } from '../../site.ts';
import type { View } from '../view.ts';
import { type Html, html } from './html.ts';
import type { AnnouncedFeed } from './layout.ts';

const formatNames: Readonly<Record<FeedFormat, string>> = { rss: 'RSS', atom: 'Atom', json: 'JSON' };

/** The publication's feed in the page's language. */
export function homeFeed(view: View): AnnouncedFeed {
  return { title: view.title, path: homePath(view.site, view.lang) };
}

/** The feed of a configured country, topic or author in the page's language; null for an unknown key. */
export function sectionFeed(view: View, kind: SectionKind, key: string): AnnouncedFeed | null {
  const title = view.sectionTitle(kind, key);
  return title === null
    ? null
    : { title: `${title} – ${view.title}`, path: `${sectionPath(view.site, view.lang, kind, key)}/` };
}

/** A feed's three formats as links. */
export function formatLinks(view: View, feed: AnnouncedFeed): Html {
  return html`<ul class="formats">${feedFormats.map(
    (format) =>
      html`<li><a href="${view.href(feed.path + feedFileNames[format])}" aria-label="${feed.title}: ${formatNames[format]}"><bdi>${formatNames[format]}</bdi></a></li>`,
  )}</ul>`;
}
