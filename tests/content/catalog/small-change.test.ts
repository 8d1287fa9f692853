import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ContentRoom, openContentRoom } from '../../support/content-room.ts';

const paths = ['one.md', 'two.md', 'one.fa.md', '.hidden.md', 'sub/three.md', '2026-11-20-one.md'];
const front = fc.record(
  {
    slug: fc.constantFrom('one', 'two', 'four'),
    id: fc.constantFrom('urn:example:1', 'urn:example:2'),
    title: fc.constantFrom('One', 'Two', '""'),
    date: fc.constantFrom('2026-11-20', '2026-11-21', '2026-12-20'),
    status: fc.constantFrom('draft', 'published', 'withdrawn'),
  },
  { requiredKeys: [] },
);
const saved = fc.record({
  path: fc.constantFrom(...paths),
  front: fc.option(front, { freq: 8 }),
  body: fc.constantFrom('First.', 'Second.', '[one](one.md)'),
});

async function save(room: ContentRoom, { path, front, body }: typeof saved extends fc.Arbitrary<infer S> ? S : never) {
  if (front === null) await rm(join(room.dir, path), { force: true });
  else
    await room.write(path, Object.fromEntries(Object.entries(front).filter(([, value]) => value !== undefined)), body);
}

const state = (room: ContentRoom): unknown => ({
  articles: room.catalog.catalog().articles.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  problems: room.problems().sort(),
});

describe('a small change', () => {
  it('comes to the same as looking at everything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(saved, { maxLength: 4 }),
        fc.array(saved, { minLength: 1, maxLength: 4 }),
        async (first, later) => {
          const [watched, looked] = [await openContentRoom(), await openContentRoom()];
          for (const room of [watched, looked]) {
            for (const one of first) await save(room, one);
            await room.catalog.refresh();
          }
          for (const one of later) {
            for (const room of [watched, looked]) await save(room, one);
            await watched.catalog.refresh({ changed: new Set([one.path]) });
            await looked.catalog.refresh();
            expect(state(watched)).toEqual(state(looked));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('looks at everything while a copy waits for the id of another file, which gives it up', async () => {
    const room = await openContentRoom();
    await room.write('one.md', { id: 'urn:example:2' });
    await room.catalog.refresh();
    await room.write('2026-11-20-one.md', { id: 'urn:example:2' });
    await room.catalog.refresh({ changed: new Set(['2026-11-20-one.md']) });
    expect(room.problems()).toEqual(['content/2026-11-20-one.md duplicate-id']);
    await room.write('one.md', {});
    await room.catalog.refresh({ changed: new Set(['one.md']) });
    expect(room.problems()).toEqual(['content/one.md duplicate-slug']);
    expect(room.catalog.published().findBySlug('en', 'one')).toMatchObject({ path: '2026-11-20-one.md' });
  });

  it('reads nothing but a new article that has nothing in common with any other', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {});
    await room.catalog.refresh();
    const one = room.catalog.published().findBySlug('en', 'one');
    await room.write('two.md', {});
    await room.write('three.md', {});
    await room.catalog.refresh({ changed: new Set(['two.md']) });
    expect(room.id('two')).toBe('tag:dispatch.example,2023:en/2026/two');
    expect(room.catalog.published().findBySlug('en', 'one')).toBe(one);
    expect(room.id('three')).toBeNull();
    await room.catalog.refresh();
    expect(room.id('three')).toBe('tag:dispatch.example,2023:en/2026/three');
  });
});
