import type { SectionKind } from '../site.ts';
import { homeFeed, type ListedFeed, newsletterFeed, sectionFeed } from './announced-feed.ts';
import type { View } from './view.ts';

/** Feeds of one kind under a heading. */
export interface FeedGroup {
  readonly kind: 'everything' | SectionKind | 'newsletters';
  /** In the page's language. */
  readonly title: string;
  /** At least one. */
  readonly feeds: readonly ListedFeed[];
}

/** Every feed of one language, in the order of `silkpost.yaml`. */
export function listFeedGroups(view: View): FeedGroup[] {
  const { locale, site } = view;
  const sections = (kind: SectionKind): FeedGroup => ({
    kind,
    title: locale.t(`site.${kind}`),
    feeds: Object.keys(site[kind])
      .map((key) => sectionFeed(view, kind, key))
      .filter((feed) => feed !== null),
  });
  const groups: FeedGroup[] = [
    { kind: 'everything', title: locale.t('site.feeds_everything'), feeds: [homeFeed(view)] },
    sections('countries'),
    sections('topics'),
    sections('authors'),
    {
      kind: 'newsletters',
      title: locale.t('site.newsletters'),
      feeds: view.newsletters.map((newsletter) => newsletterFeed(view, newsletter)),
    },
  ];
  return groups.filter((group) => group.feeds.length > 0);
}
