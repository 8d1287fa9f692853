import { describe, expect, it } from 'vitest';
import { newFeedPath } from '../../src/web/old-feed-paths.ts';
import { dispatchSite } from '../support/story-fixtures.ts';

const site = { ...dispatchSite, authors: { nino: { name: 'Nino Beridze' } } };

describe('newFeedPath', () => {
  it.each([
    ['/index.xml', '/rss.xml'],
    ['/posts/index.xml', '/rss.xml'],
    ['/feed', '/rss.xml'],
    ['/feed/', '/rss.xml'],
    ['/feed/atom/', '/atom.xml'],
    ['/feed.xml', '/atom.xml'],
    ['/feed/feed.json', '/feed.json'],
    ['/rss/', '/rss.xml'],
    ['/fa/index.xml', '/fa/rss.xml'],
    ['/fa/feed/', '/fa/rss.xml'],
    ['/en/feed.xml', '/atom.xml'],
    ['/tags/armenia/index.xml', '/countries/armenia/rss.xml'],
    ['/categories/energy/index.xml', '/topics/energy/rss.xml'],
    ['/category/news/energy/feed/', '/topics/energy/rss.xml'],
    ['/tag/iran/feed/atom', '/countries/iran/atom.xml'],
    ['/author/nino/feed/', '/authors/nino/rss.xml'],
    ['/feed/by_tag/energy.xml', '/topics/energy/atom.xml'],
    ['/fa/tags/armenia/index.xml', '/fa/countries/armenia/rss.xml'],
  ])('leads from %s to %s', (old, now) => {
    expect(newFeedPath(site, old)).toBe(now);
  });

  it.each([
    '/',
    '/fa/',
    '/constructor',
    '/feeds',
    '/rss.xml',
    '/tags/rivers/index.xml',
    '/tags/__proto__/index.xml',
    '//index.xml/x',
  ])('knows no old feed at %s', (path) => {
    expect(newFeedPath(site, path)).toBeNull();
  });
});
