import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Article } from '../../../src/content/index.ts';
import { type ContentRoom, openContentRoom } from '../../support/content-room.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const [monday, tuesday, wednesday, thursday] = [
  '2026-11-23T12:00:00.000Z',
  '2026-11-24T12:00:00.000Z',
  '2026-11-25T12:00:00.000Z',
  '2026-11-26T12:00:00.000Z',
] as const;

/** The one article of a room, in whatever state. */
function onlyArticle(room: ContentRoom): Article {
  const [article, ...others] = room.catalog.catalog().articles;
  if (!article || others.length > 0) throw new Error('There isn’t exactly one article.');
  return article;
}

async function saveAt(room: ContentRoom, now: string, front: Readonly<Record<string, string>>): Promise<Article> {
  room.clock.set(now);
  await room.write('one.md', front);
  await room.catalog.refresh();
  return onlyArticle(room);
}

describe('formerAddresses', () => {
  it('holds the addresses under which an article was published, the oldest first, over restarts', async () => {
    const { path: dir } = await temporaryFolder();
    const room = await openContentRoom({ dir });
    expect((await saveAt(room, tuesday, {})).formerAddresses).toEqual([]);
    expect((await saveAt(room, tuesday, { slug: 'second' })).formerAddresses).toEqual(['en/one']);
    const again = await openContentRoom({ dir });
    await again.catalog.refresh();
    expect(onlyArticle(again).formerAddresses).toEqual(['en/one']);
    expect((await saveAt(again, tuesday, { slug: 'third' })).formerAddresses).toEqual(['en/one', 'en/second']);
    const published = again.catalog.published();
    for (const slug of ['one', 'second']) {
      expect(published.findFormer('en', slug)?.slug).toBe('third');
      expect(published.findBySlug('en', slug)).toBeNull();
    }
    expect(published.findFormer('fa', 'one')).toBeNull();
    expect(published.findFormer('en', 'third')).toBeNull();
  });

  it('loses an address that the article takes again', async () => {
    const room = await openContentRoom();
    await saveAt(room, tuesday, {});
    await saveAt(room, tuesday, { slug: 'second' });
    expect((await saveAt(room, tuesday, { slug: 'one' })).formerAddresses).toEqual(['en/second']);
    expect(room.catalog.published().findFormer('en', 'one')).toBeNull();
  });

  it('has nothing of an address that nobody has seen', async () => {
    const room = await openContentRoom();
    await saveAt(room, tuesday, { status: 'draft' });
    expect((await saveAt(room, tuesday, { status: 'draft', slug: 'second' })).formerAddresses).toEqual([]);
    expect((await saveAt(room, tuesday, { slug: 'second' })).formerAddresses).toEqual([]);
  });

  it('gives way to another article that is there now', async () => {
    const room = await openContentRoom();
    await saveAt(room, tuesday, { slug: 'talks' });
    await saveAt(room, tuesday, { slug: 'tehran-talks' });
    await room.write('new.md', { slug: 'talks', date: '2026-11-23' }, 'Other talks.');
    await room.catalog.refresh();
    expect(room.catalog.published().findBySlug('en', 'talks')?.path).toBe('new.md');
    expect(room.catalog.published().findFormer('en', 'talks')).toBeNull();
  });

  it('leads nowhere while the article is withdrawn', async () => {
    const room = await openContentRoom();
    await saveAt(room, tuesday, {});
    await saveAt(room, tuesday, { slug: 'second' });
    await saveAt(room, tuesday, { slug: 'second', status: 'withdrawn' });
    expect(room.catalog.published().findFormer('en', 'one')).toBeNull();
  });
});

describe('withdrawnAt', () => {
  it.each(['withdrawn', 'draft'])(
    'is when the file was first seen to say “%s”, until it is published again',
    async (status) => {
      const { path: dir } = await temporaryFolder();
      const room = await openContentRoom({ dir });
      expect((await saveAt(room, tuesday, {})).withdrawnAt).toBeNull();
      expect((await saveAt(room, wednesday, { status })).withdrawnAt).toBe(wednesday);
      expect((await saveAt(room, thursday, { status, title: 'Another title' })).withdrawnAt).toBe(wednesday);
      const again = await openContentRoom({ dir, now: thursday });
      await again.catalog.refresh();
      expect(onlyArticle(again).withdrawnAt).toBe(wednesday);
      expect(again.catalog.published().withdrawn).toMatchObject([{ slug: 'one', at: wednesday, publishedAt: tuesday }]);
      expect((await saveAt(again, thursday, {})).withdrawnAt).toBeNull();
      expect(again.catalog.published().withdrawn).toEqual([]);
      expect(onlyArticle(again).publishedAt).toBe(tuesday);
    },
  );

  it('is when the file was seen gone, until it is back', async () => {
    const room = await openContentRoom();
    await saveAt(room, tuesday, {});
    room.clock.set(wednesday);
    await rename(join(room.dir, 'one.md'), join(room.dir, '..', 'away.md'));
    await room.catalog.refresh();
    expect(onlyArticle(room)).toMatchObject({ status: 'withdrawn', withdrawnAt: wednesday });
    room.clock.set(thursday);
    await room.catalog.refresh();
    expect(room.catalog.published().findWithdrawn('en', 'one')?.at).toBe(wednesday);
    await rename(join(room.dir, '..', 'away.md'), join(room.dir, 'one.md'));
    await room.catalog.refresh();
    expect(onlyArticle(room)).toMatchObject({ status: 'published', withdrawnAt: null, publishedAt: tuesday });
    expect(room.catalog.published().withdrawn).toEqual([]);
  });

  it('is null of what was never out', async () => {
    const room = await openContentRoom();
    expect((await saveAt(room, tuesday, { status: 'withdrawn' })).withdrawnAt).toBeNull();
    await rm(join(room.dir, 'one.md'));
    await room.catalog.refresh();
    expect(room.catalog.catalog().articles).toEqual([]);
  });
});

describe('updated', () => {
  it('is the last change that has come, and a later one from the first reading after it', async () => {
    const room = await openContentRoom();
    const corrections = `[{ date: ${monday}, text: Nine. }, { date: ${wednesday}, text: Ten. }]`;
    const early = await saveAt(room, tuesday, { corrections });
    expect(early.updated).toBe(monday);
    await room.catalog.refresh();
    expect(onlyArticle(room).contentHash).toBe(early.contentHash);
    room.clock.set(thursday);
    await room.catalog.refresh();
    expect(onlyArticle(room).updated).toBe(wednesday);
    expect(onlyArticle(room).contentHash).not.toBe(early.contentHash);
  });

  it('isn’t a year that somebody mistyped', async () => {
    const room = await openContentRoom();
    const date = '2026-11-20T00:00:00.000Z';
    expect((await saveAt(room, tuesday, { date, updated: '2062-11-21' })).updated).toBe(date);
    expect((await saveAt(room, wednesday, { date, updated: tuesday })).updated).toBe(tuesday);
  });
});

describe('archiveDate', () => {
  it('stays as the article was first published when its date is edited, also over a restart', async () => {
    const { path: dir } = await temporaryFolder();
    const room = await openContentRoom({ dir });
    await saveAt(room, tuesday, { date: '2026-11-20T00:00:00Z' });
    const edited = await saveAt(room, wednesday, { date: '2026-11-22T00:00:00Z' });
    expect(edited).toMatchObject({ date: '2026-11-22T00:00:00.000Z', archiveDate: '2026-11-20T00:00:00.000Z' });
    const again = await openContentRoom({ dir, now: thursday });
    await again.catalog.refresh();
    expect(onlyArticle(again).archiveDate).toBe('2026-11-20T00:00:00.000Z');
    expect((await saveAt(again, thursday, { date: '2026-11-01T00:00:00Z' })).archiveDate).toBe(
      '2026-11-20T00:00:00.000Z',
    );
    expect(again.catalog.published().everPublished).toMatchObject([
      { publishedAt: tuesday, archiveDate: '2026-11-20T00:00:00.000Z' },
    ]);
  });

  it('follows the date until the article is out', async () => {
    const room = await openContentRoom();
    await saveAt(room, tuesday, { date: '2026-11-20T00:00:00Z', status: 'draft' });
    const draft = await saveAt(room, tuesday, { date: '2026-11-26T00:00:00Z', status: 'draft' });
    expect(draft.archiveDate).toBe('2026-11-26T00:00:00.000Z');
    expect((await saveAt(room, tuesday, { date: '2026-11-25T00:00:00Z' })).archiveDate).toBe(
      '2026-11-25T00:00:00.000Z',
    );
    room.clock.set(thursday);
    expect(room.catalog.published().everPublished).toHaveLength(1);
    const out = await saveAt(room, thursday, { date: '2026-11-23T00:00:00Z' });
    expect(out).toMatchObject({ publishedAt: thursday, archiveDate: '2026-11-25T00:00:00.000Z' });
  });
});
