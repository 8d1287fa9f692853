import { describe, expect, it } from 'vitest';
import { editionEntryId, feedId, newsletterFeedId, selectionFeedId } from '../../src/feeds/feed-id.ts';
import { siteOf } from '../support/feed-fixtures.ts';

const armenia = { kind: 'countries', key: 'armenia' } as const;

describe('feedId', () => {
  it('is a tag: URI under the authority, whatever the host and the default language', () => {
    const moved = siteOf({ url: 'https://elsewhere.example', languages: ['fa', 'en'] });
    for (const site of [siteOf(), moved]) {
      expect(feedId(site, 'en', null)).toBe('tag:dispatch.example,2023:feeds/en');
      expect(feedId(site, 'fa', armenia)).toBe('tag:dispatch.example,2023:feeds/fa/countries/armenia');
    }
  });

  it('is a version 5 UUID without an authority, and survives a new host', () => {
    const site = siteOf({ authority: null });
    const id = feedId(site, 'en', armenia);
    expect(id).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(feedId(siteOf({ authority: null, url: 'https://elsewhere.example' }), 'en', armenia)).toBe(id);
  });

  it('differs by language, selection and publication', () => {
    const site = siteOf({ authority: null });
    const other = siteOf({ authority: null, title: { en: 'Another Paper' } });
    const ids = [
      feedId(site, 'en', null),
      feedId(site, 'fa', null),
      feedId(site, 'en', armenia),
      feedId(site, 'en', { kind: 'topics', key: 'armenia' }),
      feedId(other, 'en', null),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('never collides with an id of a selection, a newsletter or an edition', () => {
    for (const authority of ['dispatch.example,2023', null]) {
      const site = siteOf({ authority });
      const ids = [
        feedId(site, 'en', null),
        feedId(site, 'en', armenia),
        selectionFeedId(site, 'en', 'country=armenia'),
        selectionFeedId(site, 'fa', 'country=armenia'),
        newsletterFeedId(site, 'en', 'weekly'),
        editionEntryId(site, 'en', 'weekly', '2026-11-27T0300Z'),
        editionEntryId(site, 'en', 'weekly', '2026-11-27T0300Z-2'),
      ];
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(editionEntryId(siteOf(), 'fa', 'weekly', '2026-11-27T0300Z')).toBe(
      'tag:dispatch.example,2023:newsletters/weekly/2026-11-27T0300Z/fa',
    );
  });
});
