import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plusMs } from '../../src/clock.ts';
import type { WithdrawnArticle } from '../../src/content/index.ts';
import { listFeeds } from '../../src/feeds/index.ts';
import { listTombstones } from '../../src/feeds/withdrawn.ts';
import { openContentRoom } from '../support/content-room.ts';
import { articleOf, catalogOf, noon, parseFeed, renderAny, renderFeed, siteOf } from '../support/feed-fixtures.ts';

const dayMs = 86_400_000;
const nobody = catalogOf([]);

function gone(id: string, at: string, changes: Partial<WithdrawnArticle> = {}): WithdrawnArticle {
  const instants = { at, date: at, publishedAt: at };
  return {
    id,
    lang: 'en',
    slug: id,
    storySlug: id,
    formerAddresses: [],
    ...instants,
    countries: [],
    topics: [],
    authors: [],
    ...changes,
  };
}

describe('what a published catalog says of withdrawn articles', () => {
  it('dates from when the file was seen gone, else from the change that says so', () => {
    const article = articleOf({ status: 'withdrawn', updated: '2023-04-10T08:00:00.000Z' });
    const [seen] = catalogOf([article]).withdrawn;
    expect(seen).toMatchObject({ id: article.id, at: '2023-04-10T08:00:00.000Z' });
    const [later] = catalogOf([{ ...article, withdrawnAt: noon }]).withdrawn;
    expect(later).toMatchObject({ at: noon, countries: ['armenia'], topics: ['security'] });
    for (const text of ['title', 'summary', 'html', 'sources', 'image']) expect(later).not.toHaveProperty(text);
  });

  it('keeps its time when the file of an article that was withdrawn is deleted', async () => {
    const room = await openContentRoom({ now: '2026-11-24T12:00:00.000Z' });
    await room.write('one.md', {});
    await room.catalog.refresh();
    const times: (string | undefined)[] = [];
    const seeAt = async (now: string): Promise<void> => {
      room.clock.set(now);
      await room.catalog.refresh();
      times.push(room.catalog.published().withdrawn[0]?.at);
    };
    await room.write('one.md', { status: 'withdrawn' });
    await seeAt('2026-11-24T13:00:00.000Z');
    await rm(join(room.dir, 'one.md'));
    await seeAt('2026-11-25T09:00:00.000Z');
    expect(times).toEqual(['2026-11-24T13:00:00.000Z', '2026-11-24T13:00:00.000Z']);
  });

  it('names nothing in a feed that nobody has seen', () => {
    const never = articleOf({ status: 'withdrawn', publishedAt: null, withdrawnAt: null, updated: noon });
    const published = catalogOf([never]);
    expect(listTombstones(published.withdrawn, published, 'en', noon)).toEqual([]);
  });
});

describe('listTombstones', () => {
  it('has those of the last thirty days in its language, newest first, at most fifty', () => {
    const some = [
      gone('old', plusMs(noon, -30 * dayMs - 1)),
      gone('b', plusMs(noon, -30 * dayMs)),
      gone('c', noon),
      gone('a', plusMs(noon, -30 * dayMs)),
      gone('fa', noon, { lang: 'fa' }),
    ];
    expect(listTombstones(some, nobody, 'en', noon).map(({ id }) => id)).toEqual(['c', 'a', 'b']);
    const many = Array.from({ length: 60 }, (_, index) => gone(`n${index}`, plusMs(noon, -index)));
    expect(listTombstones(many, nobody, 'en', noon).map(({ id }) => id)).toEqual(many.slice(0, 50).map(({ id }) => id));
  });

  it('has none of an article that is back', () => {
    const article = articleOf();
    expect(listTombstones([gone(article.id, noon)], catalogOf([article]), 'en', noon)).toEqual([]);
  });
});

describe('listFeeds', () => {
  it('has a tombstone in Atom where the article was, and nothing of it in any other feed and format', () => {
    const article = articleOf({ slug: 'gone', status: 'withdrawn', updated: '2023-04-10T08:00:00.000Z', topics: [] });
    const rest = articleOf({ slug: 'stays' });
    const published = catalogOf([article, rest]);
    const options = { items: 50, days: 3, maxAge: 900, hubs: [] };
    const { withdrawn } = published;
    const feeds = listFeeds(published, siteOf(), options, noon, () => ({
      slots: [],
      withdrawn,
      leadsToArchive: false,
    }));
    const tombstone = `<at:deleted-entry ref="${article.id}" when="2023-04-10T08:00:00.000Z"/>`;
    const told: string[] = [];
    for (const feed of feeds) {
      const documents = renderAny(feed);
      parseFeed(documents);
      for (const format of ['rss', 'json'] as const) expect(documents[format]).not.toContain(article.id);
      if (documents.atom.includes(tombstone)) told.push(feed.path);
      else expect(documents.atom).not.toMatch(/deleted-entry|xmlns:at/);
    }
    expect(told).toEqual(['/', '/countries/armenia/', '/authors/ana/']);
  });

  it('changes when something is withdrawn', () => {
    const options = { items: 50, days: 3, maxAge: 900, hubs: [] };
    const [home] = listFeeds(catalogOf([articleOf()]), siteOf(), options, noon, () => ({
      slots: [],
      leadsToArchive: false,
      withdrawn: [gone('x', noon)],
    }));
    expect(home?.updated).toBe(noon);
  });
});

describe('atom', () => {
  it('stays well-formed whatever an id looks like', () => {
    const withdrawn = ['a"b', '<c>', 'd&e', "f'g", ']]>', 'آ', '\u0000h'].map((id) => ({ id, at: noon }));
    const { atom } = renderFeed([], { withdrawn });
    parseFeed({ ...renderFeed([]), atom });
    expect(atom.match(/<at:deleted-entry /g)).toHaveLength(withdrawn.length);
    expect(atom).toContain('xmlns:at="http://purl.org/atompub/tombstones/1.0"');
  });
});
