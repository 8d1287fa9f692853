import type { Instant } from '../clock.ts';
import { absoluteUrl, localized, type Site } from '../site.ts';
import { cleanPerson } from './entry.ts';
import { type Feed, type FeedHistory, type FeedItem, type FeedUrls, feedFileNames, type Tombstone } from './feed.ts';
import { plainLine } from './formats/feed-text.ts';
import type { FeedWindow } from './select-entries.ts';

export interface FeedOptions extends FeedWindow {
  /** Seconds a client may keep a document. */
  readonly maxAge: number;
  /** WebSub hubs, absolute; none by default. */
  readonly hubs: readonly string[];
}

/** What tells one feed of the publication from another. */
export interface FeedShape {
  readonly id: string;
  readonly lang: string;
  /** What it selects, in its language; null: everything. */
  readonly name: string | null;
  /** URL path of the page with the same selection. */
  readonly page: string;
  /** URL path of its documents’ folder; default: the page. */
  readonly folder?: string;
  /** What follows the `?` of its documents’ and its page’s addresses; default: none. */
  readonly query?: string;
  readonly history?: FeedHistory | null;
}

/** When an empty feed last changed: long ago. Validators find the epoch implausible. */
const longAgo: Instant = '2000-01-01T00:00:00.000Z';

/** @param entries newest first; so are the tombstones, which are of other entries. */
export function createFeed(
  site: Site,
  options: Pick<FeedOptions, 'maxAge' | 'hubs'>,
  shape: FeedShape,
  entries: readonly FeedItem[],
  withdrawn: readonly Tombstone[] = [],
): Feed {
  const { id, lang, name, page, folder = page, query = '', history = null } = shape;
  const path = folder.endsWith('/') ? folder : `${folder}/`;
  const title = plainLine(localized(site.title, lang, site));
  const changes = [...entries.map(({ updated }) => updated), ...withdrawn.map(({ at }) => at)];
  return {
    id,
    path,
    lang,
    title: name === null ? title : `${title}: ${plainLine(name)}`,
    description: plainLine(localized(site.description, lang, site)) || title,
    pageUrl: absoluteUrl(site, page + searchOf(query)),
    urls: feedUrls(site, path, query),
    hubs: options.hubs,
    history,
    updated: changes.reduce((newest, instant) => (instant > newest ? instant : newest), changes[0] ?? longAgo),
    publisher: cleanPerson({ name: site.publisher.name, url: absoluteUrl(site, '/'), email: site.publisher.email }),
    image: site.image === null ? null : sitePictureUrl(site, site.image),
    icon: site.icon === null ? null : sitePictureUrl(site, site.icon),
    maxAge: options.maxAge,
    entries,
    withdrawn,
  };
}

/** @param folder URL path with a trailing slash. */
export function feedUrls(site: Site, folder: string, query = ''): FeedUrls {
  const urlOf = (file: string): string => absoluteUrl(site, folder + file + searchOf(query));
  return { rss: urlOf(feedFileNames.rss), atom: urlOf(feedFileNames.atom), json: urlOf(feedFileNames.json) };
}

function searchOf(query: string): string {
  return query === '' ? '' : `?${query}`;
}

/** The publication's own pictures lie at the site's root under the names that they have in its folder. */
function sitePictureUrl(site: Site, file: string): string {
  return absoluteUrl(site, `/${file.split('/').map(encodeURIComponent).join('/')}`);
}
