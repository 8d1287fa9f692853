import { defaultLanguage, languagePrefix, type SectionKind, type Site } from '../site.ts';

/** Where other systems have their feeds. A format follows what stood there: few programs care, but none can mind. */

type Format = 'rss.xml' | 'atom.xml' | 'feed.json';

/** Of the whole site, without a slash at the end. */
const homeFeeds: Readonly<Record<string, Format>> = {
  // Hugo; its sections are the whole site here.
  'index.xml': 'rss.xml',
  'posts/index.xml': 'rss.xml',
  'post/index.xml': 'rss.xml',
  'blog/index.xml': 'rss.xml',
  'news/index.xml': 'rss.xml',
  'articles/index.xml': 'rss.xml',
  'index.json': 'feed.json',
  // WordPress
  feed: 'rss.xml',
  'feed/rss': 'rss.xml',
  'feed/rss2': 'rss.xml',
  'feed/rdf': 'rss.xml',
  'feed/rss.xml': 'rss.xml',
  'feed/atom.xml': 'atom.xml',
  'feed/json': 'feed.json',
  'feed/atom': 'atom.xml',
  'wp-rss2.php': 'rss.xml',
  'wp-atom.php': 'atom.xml',
  'blog/feed': 'rss.xml',
  // Jekyll
  'feed.xml': 'atom.xml',
  // Eleventy
  'feed/feed.xml': 'atom.xml',
  'feed/feed.json': 'feed.json',
  // Ghost and others
  rss: 'rss.xml',
  'rss2.xml': 'rss.xml',
  'index.rss': 'rss.xml',
  'feed.rss': 'rss.xml',
  atom: 'atom.xml',
  'feed.atom': 'atom.xml',
  'index.atom': 'atom.xml',
};

/** Of a tag or category: Hugo's, WordPress', Jekyll's. */
const sectionFeeds: readonly [RegExp, Format][] = [
  [/^(?:tags?|categor(?:y|ies)|countries|topics|authors?)\/([^/]+)\/index\.xml$/, 'rss.xml'],
  [/^(?:tag|category|author)\/(?:[^/]+\/)*([^/]+)\/feed(?:\/rss2?)?$/, 'rss.xml'],
  [/^(?:tag|category|author)\/(?:[^/]+\/)*([^/]+)\/feed\/atom$/, 'atom.xml'],
  [/^feed\/(?:by_tag\/)?([^/]+)\.xml$/, 'atom.xml'],
];
const sectionKinds: readonly SectionKind[] = ['countries', 'topics', 'authors'];

/** The path of the feed that took the place of another system's, or null where `path` was none's. */
export function newFeedPath(site: Site, path: string): string | null {
  const [, first = ''] = path.split('/');
  const lang = site.languages.find((known) => known === first) ?? defaultLanguage(site);
  const rest = (lang === first ? path.slice(first.length + 1) : path).replace(/^\/|\/+$/g, '');
  const prefix = languagePrefix(site, lang);
  const format = Object.hasOwn(homeFeeds, rest) ? homeFeeds[rest] : undefined;
  if (format !== undefined) return `${prefix}/${format}`;
  for (const [pattern, ofSection] of sectionFeeds) {
    const key = pattern.exec(rest)?.[1];
    const kind = key === undefined ? undefined : sectionKinds.find((one) => Object.hasOwn(site[one], key));
    if (kind !== undefined) return `${prefix}/${kind}/${key}/${ofSection}`;
  }
  return null;
}
