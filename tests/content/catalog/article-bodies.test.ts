import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openContentRoom } from '../../support/content-room.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000258000001900806000000', 'hex');
const broken = '---\ntitle: [\n---\nA text that belongs to nothing.\n';

describe('withBodies', () => {
  it('renders each text once, also over a restart, and anew when it changes', async () => {
    const { path: dir } = await temporaryFolder();
    const room = await openContentRoom({ dir });
    await room.write('one.md', {}, 'The *first* text.');
    await room.catalog.refresh();
    expect(room.rendered()).toBe(0);
    expect(await room.html('one')).toBe('<p>The <em>first</em> text.</p>\n');
    expect(await room.html('one')).toBe('<p>The <em>first</em> text.</p>\n');
    expect(room.rendered()).toBe(1);

    const again = await openContentRoom({ dir });
    await again.catalog.refresh();
    expect(await again.html('one')).toBe('<p>The <em>first</em> text.</p>\n');
    expect(again.rendered()).toBe(0);
    await again.write('one.md', {}, 'The second text.');
    await again.catalog.refresh();
    expect(await again.html('one')).toBe('<p>The second text.</p>\n');
    expect(again.rendered()).toBe(1);
  });

  it('gives texts in the order of the articles, with null in the place of what it has no text of', async () => {
    const room = await openContentRoom();
    for (const name of ['a', 'b', 'c', 'd']) await room.write(`${name}.md`, {}, `Text ${name}.`);
    await room.catalog.refresh();
    await room.html('c');
    const articles = ['d', 'c', 'b', 'a'].map((slug) => room.catalog.published().findBySlug('en', slug));
    await rm(join(room.dir, 'b.md'));
    const full = await room.catalog.withBodies(articles.filter((article) => article !== null));
    expect(full.map((article) => article?.html ?? null)).toEqual([
      '<p>Text d.</p>\n',
      '<p>Text c.</p>\n',
      null,
      '<p>Text a.</p>\n',
    ]);
    expect(full[0]).toMatchObject({ slug: 'd', title: 'A title' });
    expect(await room.catalog.withBodies([])).toEqual([]);
  });

  it('keeps the last good text of a file that breaks, also over a restart', async () => {
    const { path: dir } = await temporaryFolder();
    const room = await openContentRoom({ dir });
    await room.write('one.md', {}, 'The good text.');
    await room.catalog.refresh();
    expect(await room.html('one')).toBe('<p>The good text.</p>\n');
    await writeFile(join(room.dir, 'one.md'), broken);
    await room.catalog.refresh();
    expect(await room.html('one')).toBe('<p>The good text.</p>\n');
    const again = await openContentRoom({ dir });
    await again.catalog.refresh();
    expect(await again.html('one')).toBe('<p>The good text.</p>\n');
    expect([room.rendered(), again.rendered()]).toEqual([1, 0]);
  });

  it('never renders what a file says since it was read: its new text may be a draft’s', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, 'The published text.');
    await room.catalog.refresh();
    await room.write('one.md', { status: 'draft' }, 'SECRET');
    expect(await room.html('one')).toBeNull();
    await writeFile(join(room.dir, 'one.md'), broken);
    expect(await room.html('one')).toBeNull();
    await rm(join(room.dir, 'one.md'));
    expect(await room.html('one')).toBeNull();
    expect(await room.store.findBodies([String(room.id('one'))])).toEqual([]);
    // The next refresh reads it.
    await room.write('one.md', {}, 'Another text.');
    expect(await room.html('one')).toBeNull();
    await room.catalog.refresh();
    expect(await room.html('one')).toBe('<p>Another text.</p>\n');
  });

  it('gives the kept text of an article while its file says something else', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, 'The published text.');
    await room.catalog.refresh();
    await room.html('one');
    await room.write('one.md', { status: 'draft' }, 'SECRET');
    expect(await room.html('one')).toBe('<p>The published text.</p>\n');
    await room.catalog.refresh();
    expect(await room.html('one')).toBeNull();
    const [body] = await room.store.findBodies([room.catalog.catalog().articles[0]?.id ?? '']);
    expect(body?.html).not.toContain('SECRET');
  });

  it('never renders an older version of an article from a file that holds a draft’s text by now', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, 'The published text.');
    await room.catalog.refresh();
    const older = room.catalog.published().articles;
    await room.write('one.md', { status: 'draft' }, 'SECRET');
    await room.catalog.refresh();
    expect(await room.catalog.withBodies(older)).toEqual([null]);
    expect(await room.store.findBodies(older.map(({ id }) => id))).toEqual([]);
  });
});

describe('withBodies after a change of the publication’s settings', () => {
  const renamed = { title: { en: 'Another title' } };

  it('gives the last good text of a file that is broken, and renders the others anew', async () => {
    const { path: dir } = await temporaryFolder();
    const room = await openContentRoom({ dir });
    await room.write('one.md', {}, 'The good text.');
    await room.write('two.md', {}, 'Another text.');
    await room.catalog.refresh();
    for (const slug of ['one', 'two']) await room.html(slug);
    await writeFile(join(room.dir, 'one.md'), broken);
    const again = await openContentRoom({ dir, site: renamed });
    await again.catalog.refresh();
    expect(await again.html('one')).toBe('<p>The good text.</p>\n');
    expect(await again.html('two')).toBe('<p>Another text.</p>\n');
    expect(await again.html('one')).toBe('<p>The good text.</p>\n');
  });

  it('gives the last good texts of files whose removal is refused', async () => {
    const { path: dir } = await temporaryFolder();
    const room = await openContentRoom({ dir });
    const slugs = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const slug of slugs) await room.write(`${slug}.md`, {}, `Text ${slug}.`);
    await room.catalog.refresh();
    for (const slug of slugs) await room.html(slug);
    for (const slug of slugs) await rm(join(room.dir, `${slug}.md`));
    const again = await openContentRoom({ dir, site: renamed });
    expect(await again.catalog.refresh()).toEqual({ refused: true });
    for (const slug of slugs) expect(await again.html(slug)).toBe(`<p>Text ${slug}.</p>\n`);
  });
});

describe('a text with something wrong in it', () => {
  it('is mended when the picture that it misses comes', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, '![A photo](photo.png)');
    await room.catalog.refresh();
    expect(await room.html('one')).not.toContain('<img');
    expect(room.problems()).toEqual(['content/one.md missing-file']);
    const before = room.catalog.published().findBySlug('en', 'one');
    await writeFile(join(room.dir, 'photo.png'), png);
    await room.catalog.refresh({ changed: new Set(['photo.png']) });
    expect(room.catalog.published().findBySlug('en', 'one')?.contentHash).not.toBe(before?.contentHash);
    expect(await room.html('one')).toContain('src="https://dispatch.example/articles/one/photo.png"');
    expect(room.problems()).toEqual([]);
  });

  it('is mended when the article that it links to comes, and what readers see counts as changed', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, '[two](two.md)');
    await room.write('other.md', {}, 'Faultless.');
    await room.catalog.refresh();
    expect(await room.html('one')).toBe('<p>two</p>\n');
    expect(room.problems()).toEqual(['content/one.md missing-file']);
    const hashOf = (slug: string) => room.catalog.published().findBySlug('en', slug)?.contentHash;
    const before = [hashOf('one'), hashOf('other')];
    await room.write('two.md', { slug: 'second' });
    await room.catalog.refresh({ changed: new Set(['two.md']) });
    expect(hashOf('one')).not.toBe(before[0]);
    expect(hashOf('other')).toBe(before[1]);
    expect(await room.html('one')).toBe('<p><a href="https://dispatch.example/articles/second">two</a></p>\n');
    expect(room.problems()).toEqual([]);
  });

  it('is mended after a restart too, and says what is wrong until then', async () => {
    const { path: dir } = await temporaryFolder();
    const room = await openContentRoom({ dir });
    await room.write('one.md', {}, '[two](two.md)');
    await room.catalog.refresh();
    await room.html('one');
    const again = await openContentRoom({ dir });
    await again.catalog.refresh();
    expect(again.problems()).toEqual(['content/one.md missing-file']);
    await again.write('two.md', {});
    await again.catalog.refresh();
    expect(again.problems()).toEqual([]);
    expect(await again.html('one')).toBe('<p><a href="https://dispatch.example/articles/two">two</a></p>\n');
  });

  it('keeps what counts as its version while nothing else changes', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, '[two](two.md) [three](three.md)');
    await room.catalog.refresh();
    await room.html('one');
    await room.write('two.md', {});
    await room.catalog.refresh();
    const mended = room.catalog.published().findBySlug('en', 'one')?.contentHash;
    expect(await room.html('one')).toContain('/articles/two"');
    await room.catalog.refresh();
    expect(room.catalog.published().findBySlug('en', 'one')?.contentHash).toBe(mended);
  });

  it('is no problem any more when the article is gone', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, '![A photo](photo.png)');
    await room.write('two.md', {});
    await room.catalog.refresh();
    await room.html('one');
    expect(room.problems()).toHaveLength(1);
    await rm(join(room.dir, 'one.md'));
    await room.catalog.refresh();
    expect(room.problems()).toEqual([]);
  });
});
