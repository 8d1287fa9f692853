import { describe, expect, it } from 'vitest';
import { toInstant } from '../../../src/clock.ts';
import type { Article } from '../../../src/content/index.ts';
import { createArchiveFeed, listArchivePart } from '../../../src/feeds/archive/archive-feed.ts';
import { type FeedPast, listFeeds } from '../../../src/feeds/feed-catalog.ts';
import { countParts, type Feed, listSlots } from '../../../src/feeds/index.ts';
import { articleOf, asEntry, catalogOf, noon, parseFeed, renderAny, siteOf } from '../../support/feed-fixtures.ts';

const site = siteOf();
const hub = 'https://hub.example/';
const options = { items: 10, days: 3, maxAge: 900, hubs: [hub] };
const start = Date.parse('2023-01-01T00:00:00.000Z');

/** Out an hour after one another from the first of January 2023. */
function articlesOf(count: number, changes: (index: number) => Partial<Article> = () => ({})): Article[] {
  return Array.from({ length: count }, (_, index) =>
    articleOf({ slug: `s${index}`, date: toInstant(start + index * 3_600_000), ...changes(index) }),
  );
}

function pressOf(articles: readonly Article[]) {
  const published = catalogOf(articles);
  const { withdrawn, everPublished } = published;
  const past: FeedPast = { slots: listSlots(everPublished, 'en'), withdrawn, leadsToArchive: true };
  const byId = new Map(withdrawn.map((one) => [one.id, one]));
  const archive = (number: number): Feed | null => {
    const part = listArchivePart(number, past.slots, published, byId);
    return part && createArchiveFeed(site, options, 'en', part);
  };
  const feeds = listFeeds(published, site, options, noon, (lang) => ({
    ...past,
    slots: listSlots(everPublished, lang),
  }));
  return { past, archive, feeds };
}

function get<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('There is none.');
  return value;
}

const homeOf = (feeds: readonly Feed[]): Feed => get(feeds.find((feed) => feed.path === '/'));
const slugs = (feed: Feed): string[] => feed.entries.map((entry) => entry.url.replace(/^.*\//, ''));
const linksOf = (links: readonly { href?: string | undefined; rel?: string | undefined }[] | undefined) =>
  Object.fromEntries((links ?? []).map(({ rel, href }) => [rel, href]));

describe('createArchiveFeed', () => {
  it('is the home feed once more: its id and page, newest first, for a day, without a hub', () => {
    const { archive, feeds } = pressOf(articlesOf(120));
    const first = get(archive(1));
    const home = homeOf(feeds);
    expect(first).toMatchObject({ id: home.id, title: home.title, pageUrl: home.pageUrl, path: '/archive/1/' });
    expect(first).toMatchObject({ maxAge: 86_400, hubs: [], withdrawn: [] });
    expect(slugs(first)).toEqual(Array.from({ length: 50 }, (_, index) => `s${49 - index}`));
    expect(first.updated).toBe(first.entries[0]?.updated);
    expect([archive(0), archive(3)]).toEqual([null, null]);
  });

  it('leads from the subscription document through every article ever published, each once', () => {
    const articles = articlesOf(333);
    const { archive, feeds, past } = pressOf(articles);
    const found: string[] = [];
    let feed: Feed = homeOf(feeds);
    const seen: string[] = [];
    for (;;) {
      const { atom } = parseFeed(renderAny(feed));
      const links = linksOf(atom.links);
      seen.push(get(links['self']));
      found.push(...(atom.entries ?? []).map((entry) => get(entry.id)));
      const previous = links['prev-archive'];
      if (previous === undefined) break;
      const older = get(archive(Number(get(/archive\/(\d+)\/atom\.xml$/.exec(previous)?.[1]))));
      const back = linksOf(parseFeed(renderAny(older)).atom.links);
      expect(back['self']).toBe(previous);
      expect(back['current']).toBe('https://dispatch.example/atom.xml');
      expect(back['next-archive']).toBe(feed.history?.isArchive ? links['self'] : undefined);
      feed = older;
    }
    expect(seen).toHaveLength(1 + countParts(past.slots));
    expect(found).toHaveLength(333);
    expect(new Set(found)).toEqual(new Set(articles.map(({ id }) => id)));
  });

  it('says so in every format, with addresses of that format', () => {
    const { archive, feeds } = pressOf(articlesOf(160));
    const at = (part: number, file: string): string => `https://dispatch.example/archive/${part}/${file}`;
    const middle = renderAny(get(archive(2)));
    for (const format of ['rss', 'atom'] as const) {
      expect(middle[format].match(/<fh:archive\/>/g)).toHaveLength(1);
      expect(middle[format]).toContain('xmlns:fh="http://purl.org/syndication/history/1.0"');
    }
    const { rss, atom, json } = parseFeed(middle);
    const root = 'https://dispatch.example';
    expect(rss.atom?.links).toEqual([
      { href: at(2, 'rss.xml'), rel: 'self', type: 'application/rss+xml' },
      { href: `${root}/rss.xml`, rel: 'current', type: 'application/rss+xml' },
      { href: at(1, 'rss.xml'), rel: 'prev-archive', type: 'application/rss+xml' },
      { href: at(3, 'rss.xml'), rel: 'next-archive', type: 'application/rss+xml' },
    ]);
    expect(atom.links?.slice(1)).toEqual([
      { href: at(2, 'atom.xml'), rel: 'self', type: 'application/atom+xml' },
      { href: `${root}/atom.xml`, rel: 'current', type: 'application/atom+xml' },
      { href: at(1, 'atom.xml'), rel: 'prev-archive', type: 'application/atom+xml' },
      { href: at(3, 'atom.xml'), rel: 'next-archive', type: 'application/atom+xml' },
    ]);
    expect([json.feed_url, json.next_url]).toEqual([at(2, 'feed.json'), at(1, 'feed.json')]);
    expect(parseFeed(renderAny(get(archive(1)))).json).not.toHaveProperty('next_url');

    const current = renderAny(homeOf(feeds));
    for (const format of ['rss', 'atom'] as const) expect(current[format]).not.toContain('fh:');
    const home = parseFeed(current);
    expect(home.json.next_url).toBe(at(3, 'feed.json'));
    expect(linksOf(home.rss.atom?.links)).toEqual({
      self: `${root}/rss.xml`,
      hub,
      'prev-archive': at(3, 'rss.xml'),
    });
  });

  it('loses a withdrawn entry, keeps its slot, and has its tombstone for good', () => {
    const isGone = (index: number): boolean => index === 3 || index === 107;
    const at = '2023-02-01T00:00:00.000Z';
    const articles = articlesOf(130, (index) =>
      isGone(index) ? { status: 'withdrawn', slug: `gone-${index}`, withdrawnAt: at } : {},
    );
    const before = pressOf(articlesOf(130));
    const { archive, feeds } = pressOf(articles);
    const first = get(archive(1));
    expect(slugs(first)).toEqual(slugs(get(before.archive(1))).filter((slug) => slug !== 's3'));
    expect(archive(2)).toEqual(before.archive(2));
    expect(first.withdrawn).toEqual([{ id: articles[3]?.id, at: '2023-02-01T00:00:00.000Z' }]);
    expect(first.updated).toBe('2023-02-01T00:00:00.000Z');
    const documents = renderAny(first);
    expect(documents.atom).toContain(`<at:deleted-entry ref="${articles[3]?.id}" when="2023-02-01T00:00:00.000Z"/>`);
    for (const format of ['rss', 'json'] as const) expect(documents[format]).not.toContain(articles[3]?.id);
    // In the subscription document it was for a month.
    expect(homeOf(feeds)).toMatchObject({ withdrawn: [] });
    expect(slugs(homeOf(feeds))).toHaveLength(29);
  });

  it('has a tombstone alone of an article that got a date in the future, and no entry where all did', () => {
    const withdrawnAt = '2023-02-01T00:00:00.000Z';
    const articles = articlesOf(50, () => ({ date: '2023-05-01T00:00:00.000Z', withdrawnAt }));
    const empty = get(pressOf(articles).archive(1));
    expect(empty).toMatchObject({ entries: [], updated: withdrawnAt });
    expect(empty.withdrawn).toHaveLength(50);
    expect(parseFeed(renderAny(empty)).atom.id).toBe(empty.id);
  });

  it('renders a corrected entry again, and lets it reappear in the subscription document', () => {
    const correction = { date: '2023-04-10T09:00:00.000Z', text: 'Nine, not ten.' };
    const articles = articlesOf(130, (index) =>
      index === 7 ? { corrections: [correction], updated: correction.date } : {},
    );
    const { archive, feeds } = pressOf(articles);
    const inArchive = asEntry(get(get(archive(1)).entries.find(({ url }) => url.endsWith('/s7'))));
    expect(inArchive.updated).toBe(correction.date);
    expect(inArchive.html).toContain('Nine, not ten.');
    expect(asEntry(get(homeOf(feeds).entries.at(-1)))).toEqual(inArchive);
    expect(slugs(homeOf(feeds))).toHaveLength(31);
  });

  it('is cut from each language on its own', () => {
    const articles = [...articlesOf(60), ...articlesOf(49, () => ({ lang: 'fa' }))];
    const { feeds } = pressOf(articles);
    expect(homeOf(feeds).history?.previous?.rss).toBe('https://dispatch.example/archive/1/rss.xml');
    expect(get(feeds.find((feed) => feed.path === '/fa/')).history).toBeNull();
    for (const feed of feeds) if (feed.path !== '/') expect(feed.history).toBeNull();
  });
});
