import { escapeHtml } from '../feeds/index.ts';
import { absoluteUrl, localized } from '../site.ts';
import { feedPath, type ListedFeed } from './announced-feed.ts';
import { type FeedGroup, listFeedGroups } from './feed-groups.ts';
import type { View } from './view.ts';

export const opmlContentType = 'text/x-opml; charset=utf-8';

/** Every OPML document by its path. They follow from the configuration alone. */
export function listOpml(views: readonly View[]): ReadonlyMap<string, string> {
  return new Map([
    ['/feeds.opml', completeOpml(views)],
    ...views.map((view) => [`/${view.lang}/feeds.opml`, languageOpml(view)] as const),
  ]);
}

/** `/LANG/feeds.opml`: every feed of one language by kind, for a reader's import (OPML 2.0). */
function languageOpml(view: View): string {
  const groups = listFeedGroups(view).map((group) => outlineGroup(group.title, [{ view, group }]));
  return opml(view.title, groups);
}

/**
 * `/feeds.opml`: every feed of every language, by language: many readers know one level of folders only.
 *
 * @param views One for each language, the publication's first language first.
 */
function completeOpml(views: readonly View[]): string {
  const [first] = views;
  const title = first === undefined ? '' : localized(first.site.title, first.lang, first.site);
  const groups = views.map((view) =>
    outlineGroup(
      view.languageName(view.lang),
      listFeedGroups(view).map((group) => ({ view, group })),
    ),
  );
  return opml(title, groups);
}

/** Without a date, so that equal feeds give equal bytes. */
function opml(title: string, groups: readonly string[]): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
<head><title>${escapeHtml(title)}</title></head>
<body>
${groups.join('\n')}
</body>
</opml>
`;
}

function outlineGroup(text: string, members: readonly { view: View; group: FeedGroup }[]): string {
  const feeds = members.flatMap(({ view, group }) => group.feeds.map((feed) => outline(view, feed)));
  return `<outline text="${escapeHtml(text)}" title="${escapeHtml(text)}">\n${feeds.join('\n')}\n</outline>`;
}

function outline(view: View, feed: ListedFeed): string {
  const values = {
    type: 'rss',
    text: feed.title,
    title: feed.title,
    xmlUrl: absoluteUrl(view.site, feedPath(feed, 'rss')),
    htmlUrl: absoluteUrl(view.site, feed.pagePath),
    language: view.lang,
  };
  return `<outline ${Object.entries(values)
    .map(([name, value]) => `${name}="${escapeHtml(value)}"`)
    .join(' ')}/>`;
}
