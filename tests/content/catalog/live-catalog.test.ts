import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Article, articleStateAt, openLiveCatalog } from '../../../src/content/index.ts';
import { silentLog } from '../../../src/log.ts';
import { inlineDesk } from '../../support/article-desk.ts';
import { type ContentRoom, idSecret, openContentRoom } from '../../support/content-room.ts';
import { siteOf } from '../../support/feed-fixtures.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const slugs = (room: ContentRoom): string[] => room.catalog.published().articles.map(({ slug }) => slug);

describe('an article’s identity', () => {
  it('is minted once from language, year and slug, or at random without an authority', async () => {
    const room = await openContentRoom();
    await room.write('2026-11-20-talks.md', {});
    await room.catalog.refresh();
    expect(room.id('talks')).toBe('tag:dispatch.example,2023:en/2026/talks');
    const other = await openContentRoom({ site: { authority: null } });
    await other.write('talks.md', {});
    await other.catalog.refresh();
    expect(other.id('talks')).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  });

  it('is one without an authority too where two processes see a file before either has saved it', async () => {
    const dir = (await temporaryFolder()).path;
    const site = { authority: null };
    const rooms = [await openContentRoom({ dir, site }), await openContentRoom({ dir, site })];
    const refreshAll = async (changed: readonly string[] | null): Promise<void> => {
      for (const { catalog } of rooms) {
        await catalog.refresh({ changed: changed && new Set(changed), saveLater: true });
      }
      for (const { catalog } of rooms) await catalog.saved();
    };
    for (const name of ['one.md', 'two.md']) await rooms[0]?.write(name, {}, `The text of ${name}.`);
    await refreshAll(null);
    await rooms[0]?.write('three.md', {}, 'The third text.');
    await refreshAll(['three.md']);
    const restarted = await openContentRoom({ dir, site });
    await restarted.catalog.refresh();
    const { articles, withdrawn } = restarted.catalog.published();
    expect([articles.length, withdrawn.length]).toEqual([3, 0]);
    const ids = articles.map(({ id }) => id);
    for (const { catalog } of rooms) expect(catalog.published().articles.map(({ id }) => id)).toEqual(ids);
  });

  it('survives a renamed file, a new slug, an edited body and a new title', async () => {
    const room = await openContentRoom();
    await room.write('talks.md', {}, 'The first text.');
    await room.catalog.refresh();
    const id = room.id('talks');

    await rename(join(room.dir, 'talks.md'), join(room.dir, '2026-11-20-talks.md'));
    await room.catalog.refresh();
    expect(room.id('talks')).toBe(id);

    await room.write('2026-11-20-talks.md', { slug: 'tehran-talks', title: 'Another title' }, 'The first text.');
    await room.catalog.refresh();
    expect(room.id('tehran-talks')).toBe(id);

    await room.write('2026-11-20-talks.md', { slug: 'tehran-talks' }, 'A second text.');
    await room.catalog.refresh();
    expect(room.id('tehran-talks')).toBe(id);

    await rename(join(room.dir, '2026-11-20-talks.md'), join(room.dir, 'moved-elsewhere.md'));
    await room.write('moved-elsewhere.md', { slug: 'renamed', date: '2026-11-21' }, 'A second text.');
    await room.catalog.refresh();
    expect(room.id('renamed')).toBe(id);
    expect(room.problems()).toEqual([]);
  });

  it('survives a new host and a restart, together with the time of first publication', async () => {
    const folder = (await temporaryFolder()).path;
    const first = await openContentRoom({ dir: folder });
    await first.write('talks.md', {});
    await first.catalog.refresh();
    const before = first.catalog.published().findBySlug('en', 'talks');

    const second = await openContentRoom({
      dir: folder,
      now: '2027-03-01T00:00:00.000Z',
      site: { url: 'https://news.example', authority: 'news.example,2027' },
    });
    await second.catalog.refresh();
    const after = second.catalog.published().findBySlug('en', 'talks');
    expect(after?.id).toBe(before?.id);
    expect(after?.publishedAt).toBe('2026-11-24T12:00:00.000Z');
    expect(after?.url).toBe('https://news.example/articles/talks');
  });

  it('is an article of its own for a copied file, and a problem for a copied id', async () => {
    const room = await openContentRoom();
    await room.write('talks.md', {}, 'One text.');
    await room.catalog.refresh();
    const id = room.id('talks');
    await room.write('copy.md', {}, 'One text.');
    await room.catalog.refresh();
    expect(room.id('talks')).toBe(id);
    expect(room.id('copy')).not.toBe(id);
    expect(room.id('copy')).not.toBeNull();

    await room.write('another.md', { id: String(id) }, 'Another text.');
    await room.catalog.refresh();
    expect(room.problems()).toContain('content/another.md duplicate-id');
    expect(room.id('talks')).toBe(id);
    expect(room.id('another')).toBeNull();
  });

  it('is not taken over by a wholly different article at the same path', async () => {
    const room = await openContentRoom();
    await room.write('today.md', { slug: 'one' }, 'One text.');
    await room.catalog.refresh();
    const id = room.id('one');
    await room.write('today.md', { slug: 'two', date: '2026-11-22' }, 'Wholly other words.');
    await room.catalog.refresh();
    expect(room.problems()).toEqual(['content/today.md path-reused']);
    expect(room.id('one')).toBe(id);
    expect(room.id('two')).toBeNull();
  });

  it('is one for each of seven languages of a slug, which are translations of each other', async () => {
    const room = await openContentRoom();
    const languages = ['en', 'hy', 'az', 'ka', 'ru', 'fa', 'tr'];
    for (const lang of languages) await room.write(lang === 'en' ? 'talks.md' : `talks.${lang}.md`, {});
    await room.catalog.refresh();
    const ids = languages.map((lang) => room.id('talks', lang));
    expect(new Set(ids).size).toBe(7);
    const english = room.catalog.published().findBySlug('en', 'talks') as Article;
    expect(room.catalog.published().listTranslations(english)).toHaveLength(6);
    expect(room.catalog.published().stories).toHaveLength(1);
  });

  it('is what `id` says', async () => {
    const room = await openContentRoom();
    await room.write('talks.md', { id: 'tag:old.example,2019:talks' });
    await room.catalog.refresh();
    expect(room.id('talks')).toBe('tag:old.example,2019:talks');
  });
});

describe('openLiveCatalog', () => {
  it('shows nothing of drafts and withdrawn articles, and an embargoed one from its instant on', async () => {
    const room = await openContentRoom();
    await room.write('draft.md', { status: 'draft' });
    await room.write('back.md', { status: 'withdrawn' });
    await room.write('later.md', { date: '2026-11-24T18:00:00+04:00' });
    await room.catalog.refresh();
    expect(slugs(room)).toEqual([]);
    room.clock.set('2026-11-24T13:59:59.999Z');
    expect(slugs(room)).toEqual([]);
    room.clock.set('2026-11-24T14:00:00.000Z');
    expect(slugs(room)).toEqual(['later']);
    expect(room.catalog.published().findBySlug('en', 'later')?.publishedAt).toBe('2026-11-24T14:00:00.000Z');
  });

  it('withdraws a published article that is deleted, or a draft again', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {});
    await room.write('two.md', {});
    await room.catalog.refresh();
    await rm(join(room.dir, 'one.md'));
    await room.write('two.md', { status: 'draft' });
    await room.catalog.refresh();
    expect(slugs(room)).toEqual([]);
    const states = room.catalog.catalog().articles.map((article) => articleStateAt(article, room.clock.now()));
    expect(states).toEqual(['withdrawn', 'withdrawn']);
  });

  it('withdraws a published article whose date is moved into the future, until that date comes', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {});
    await room.catalog.refresh();
    const id = room.id('one');
    room.clock.set('2026-11-24T13:00:00.000Z');
    await room.write('one.md', { date: '2026-11-24T18:00:00+04:00' });
    await room.catalog.refresh({ changed: new Set(['one.md']) });
    const withdrawn = () => room.catalog.published().findWithdrawn('en', 'one');
    expect(slugs(room)).toEqual([]);
    expect(withdrawn()).toMatchObject({ id, at: '2026-11-24T13:00:00.000Z' });

    room.clock.set('2026-11-24T14:00:00.000Z');
    expect([room.id('one'), withdrawn()]).toEqual([id, null]);
    expect(room.catalog.published().findById(id ?? '')?.publishedAt).toBe('2026-11-24T12:00:00.000Z');

    room.clock.set('2026-11-24T15:00:00.000Z');
    await rm(join(room.dir, 'one.md'));
    await room.catalog.refresh();
    expect(withdrawn()?.at).toBe('2026-11-24T15:00:00.000Z');
  });

  it('renders a text anew whose link leads to an article that moved or was taken back', async () => {
    const room = await openContentRoom();
    await room.write('two.md', {}, 'The second.');
    await room.write('three.md', {}, 'The third.');
    await room.write('one.md', {}, '[two](two.md#part), [three](three.md)');
    await room.write('other.md', {}, 'Nothing.');
    await room.catalog.refresh();
    const link = (slug: string, text: string): string =>
      `<a href="https://dispatch.example/articles/${slug}">${text}</a>`;
    expect(await room.html('one')).toBe(`<p>${link('two#part', 'two')}, ${link('three', 'three')}</p>\n`);
    await room.html('other');
    const hashes = () => ['one', 'other'].map((slug) => room.catalog.published().findBySlug('en', slug)?.contentHash);
    const before = hashes();

    await room.write('two.md', { slug: 'second' }, 'The second.');
    await room.catalog.refresh({ changed: new Set(['two.md']) });
    expect(await room.html('one')).toBe(`<p>${link('second#part', 'two')}, ${link('three', 'three')}</p>\n`);
    expect(hashes().map((hash, index) => hash === before[index])).toEqual([false, true]);

    await room.write('three.md', { status: 'withdrawn' }, 'The third.');
    await room.catalog.refresh({ changed: new Set(['three.md']) });
    expect(await room.html('one')).toBe(`<p>${link('second#part', 'two')}, three</p>\n`);
    expect(room.problems()).toEqual(['content/one.md link-to-unpublished']);

    await rm(join(room.dir, 'two.md'));
    await room.catalog.refresh();
    expect(await room.html('one')).toBe('<p>two, three</p>\n');
  });

  it('keeps the last good version of a published file that went bad, also over a restart, and says so', async () => {
    const folder = (await temporaryFolder()).path;
    const room = await openContentRoom({ dir: folder });
    await room.write('one.md', { title: 'The good one' });
    await room.catalog.refresh();
    await writeFile(join(room.dir, 'one.md'), '---\ntitle: [\n---\n');
    await room.write('new.md', { date: 'tomorrow' });
    await room.catalog.refresh();
    expect(room.catalog.published().articles.map(({ title }) => title)).toEqual(['The good one']);
    expect(room.problems().sort()).toEqual(['content/new.md invalid-date', 'content/one.md invalid-yaml']);

    const again = await openContentRoom({ dir: folder });
    await again.catalog.refresh();
    expect(again.catalog.published().articles.map(({ title }) => title)).toEqual(['The good one']);
    expect(again.problems()).toHaveLength(2);
  });

  it('keeps all when many articles vanish at once, until that is accepted', async () => {
    const room = await openContentRoom();
    for (let number = 0; number < 30; number++) await room.write(`story-${number}.md`, {}, `Text ${number}`);
    await room.catalog.refresh();
    await rename(room.dir, `${room.dir}-away`);
    expect(await room.catalog.refresh()).toEqual({ refused: true });
    expect(slugs(room)).toHaveLength(30);
    expect(room.problems()).toEqual(['content mass-removal']);

    await cp(`${room.dir}-away`, room.dir, { recursive: true });
    expect(await room.catalog.refresh()).toEqual({ refused: false });
    for (let number = 0; number < 5; number++) await rm(join(room.dir, `story-${number}.md`));
    expect(await room.catalog.refresh()).toEqual({ refused: false });
    expect(slugs(room)).toHaveLength(25);
    room.clock.set('2026-11-24T12:01:00.000Z');
    for (let number = 5; number < 11; number++) await rm(join(room.dir, `story-${number}.md`));
    expect(await room.catalog.refresh()).toEqual({ refused: true });
    expect(slugs(room)).toHaveLength(25);
    expect(await room.catalog.refresh({ acceptRemovals: true })).toEqual({ refused: false });
    expect(slugs(room)).toHaveLength(19);
  });

  it('keeps the rest when many articles vanish one after the other, as a slow pull or disk lets them', async () => {
    const room = await openContentRoom();
    for (let number = 0; number < 30; number++) await room.write(`story-${number}.md`, {}, `Text ${number}`);
    await room.catalog.refresh();
    const removeNext = async (number: number): Promise<boolean> => {
      room.clock.set(`2026-11-24T12:00:${String(number * 2).padStart(2, '0')}.000Z`);
      await rm(join(room.dir, `story-${number}.md`));
      return (await room.catalog.refresh()).refused;
    };
    const refused: boolean[] = [];
    for (let number = 0; number < 10; number++) refused.push(await removeNext(number));
    expect(refused).toEqual([false, false, false, false, false, true, true, true, true, true]);
    expect(slugs(room)).toHaveLength(25);
    expect(await room.catalog.refresh({ acceptRemovals: true })).toEqual({ refused: false });
    expect(await removeNext(10)).toBe(false);
    expect(slugs(room)).toHaveLength(19);
  });

  it('counts what an earlier process let go, as a command does that runs anew for each rebuild', async () => {
    const folder = (await temporaryFolder()).path;
    const first = await openContentRoom({ dir: folder });
    for (let number = 0; number < 30; number++) await first.write(`story-${number}.md`, {}, `Text ${number}`);
    await first.catalog.refresh();
    await first.catalog.close();
    const buildWithout = async (number: number, second: number, acceptRemovals = false): Promise<boolean> => {
      await rm(join(first.dir, `story-${number}.md`));
      const now = `2026-11-24T12:00:${String(second).padStart(2, '0')}.000Z`;
      const { catalog } = await openContentRoom({ dir: folder, now });
      const { refused } = await catalog.refresh({ acceptRemovals });
      await catalog.close();
      return refused;
    };
    const refused: boolean[] = [];
    for (let number = 0; number < 7; number++) refused.push(await buildWithout(number, number));
    expect(refused).toEqual([false, false, false, false, false, true, true]);
    // Whoever accepts means all until then.
    expect(await buildWithout(7, 10, true)).toBe(false);
    expect(await buildWithout(8, 11)).toBe(false);
    const later = await openContentRoom({ dir: folder, now: '2026-11-24T12:05:00.000Z' });
    expect(later.catalog.published().articles).toHaveLength(21);
  });

  it('lets an editor go on deleting who takes a minute over it', async () => {
    const room = await openContentRoom();
    for (let number = 0; number < 12; number++) await room.write(`story-${number}.md`, {}, `Text ${number}`);
    await room.catalog.refresh();
    for (let number = 0; number < 12; number++) {
      room.clock.set(`2026-11-24T12:${String(number).padStart(2, '0')}:00.000Z`);
      await rm(join(room.dir, `story-${number}.md`));
      expect(await room.catalog.refresh()).toEqual({ refused: false });
    }
    expect(slugs(room)).toEqual([]);
  });

  it('takes over removals that another process accepted', async () => {
    const folder = (await temporaryFolder()).path;
    const running = await openContentRoom({ dir: folder });
    for (let number = 0; number < 20; number++) await running.write(`story-${number}.md`, {}, `Text ${number}`);
    await running.catalog.refresh();
    const command = await openContentRoom({ dir: folder });
    for (let number = 0; number < 10; number++) await rm(join(running.dir, `story-${number}.md`));
    expect(await running.catalog.refresh()).toEqual({ refused: true });
    expect(await command.catalog.refresh({ acceptRemovals: true })).toEqual({ refused: false });
    expect(await running.catalog.refresh()).toEqual({ refused: false });
    expect(slugs(running)).toHaveLength(10);
  });

  it('leaves out the second article of one address', async () => {
    const room = await openContentRoom();
    await room.write('talks.md', {}, 'One.');
    await room.catalog.refresh();
    await room.write('a/talks.md', { date: '2026-11-01' }, 'Two.');
    await room.catalog.refresh();
    expect(room.problems()).toEqual(['content/a/talks.md duplicate-slug']);
    expect(room.catalog.published().findBySlug('en', 'talks')?.path).toBe('talks.md');
  });

  it('leaves an address to the article that has it, even while its file is bad', async () => {
    const room = await openContentRoom();
    await room.write('talks.md', { title: 'The first' });
    await room.catalog.refresh();
    await writeFile(join(room.dir, 'talks.md'), '---\ntitle: [\n---\n');
    await room.write('a/talks.md', { title: 'The second', date: '2026-11-01' });
    await room.catalog.refresh();
    expect(room.catalog.published().articles.map(({ title }) => title)).toEqual(['The first']);
    expect(room.problems().sort()).toEqual(['content/a/talks.md duplicate-slug', 'content/talks.md invalid-yaml']);
  });

  it('goes on with the last good version of an article whose new address is taken', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, 'One.');
    await room.write('two.md', {}, 'Two.');
    await room.catalog.refresh();
    await room.write('two.md', { slug: 'one' }, 'Two.');
    await room.catalog.refresh();
    expect(slugs(room).sort()).toEqual(['one', 'two']);
    expect(room.problems()).toEqual(['content/two.md duplicate-slug']);
  });

  it('leaves an address to the newer article that has it when an older one is given the same slug', async () => {
    const room = await openContentRoom();
    await room.write('old.md', {}, 'The old one.');
    await room.catalog.refresh();
    room.clock.set('2026-11-25T12:00:00.000Z');
    await room.write('new.md', {}, 'The new one.');
    await room.catalog.refresh();
    const ids = [room.id('old'), room.id('new')];
    await room.write('old.md', { slug: 'new' }, 'The old one.');
    await room.catalog.refresh();
    expect([room.id('old'), room.id('new')]).toEqual(ids);
    expect(room.catalog.published().withdrawn).toEqual([]);
    expect(room.problems()).toEqual(['content/old.md duplicate-slug']);
  });

  it('lets two articles change their slugs, in one go or one file after the other', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, 'One.');
    await room.write('two.md', {}, 'Two.');
    await room.catalog.refresh();
    const [one, two] = [room.id('one'), room.id('two')];
    await room.write('one.md', { slug: 'two' }, 'One.');
    await room.write('two.md', { slug: 'one' }, 'Two.');
    await room.catalog.refresh();
    expect([room.id('one'), room.id('two'), room.problems()]).toEqual([two, one, []]);
    await room.write('one.md', {}, 'One.');
    await room.catalog.refresh();
    expect([room.id('one'), room.id('two')]).toEqual([two, one]);
    await room.write('two.md', {}, 'Two.');
    await room.catalog.refresh();
    expect([room.id('one'), room.id('two'), room.problems()]).toEqual([one, two, []]);
  });

  it('shows an article once when its file gets another id', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {});
    await room.catalog.refresh();
    const id = room.id('one');
    await room.write('one.md', { id: 'tag:other.example,2020:one' });
    await room.catalog.refresh();
    expect(room.catalog.published().articles.map((article) => article.id)).toEqual([id]);
    expect(room.problems()).toEqual(['content/one.md changed-id']);
  });

  it('lets the article go whose path another one took', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {}, 'One.');
    await room.write('two.md', { date: '2026-11-02' }, 'Two.');
    await room.catalog.refresh();
    const id = room.id('two');
    await room.write('two.md', { slug: 'two', date: '2026-11-02' }, 'Two.');
    await rename(join(room.dir, 'two.md'), join(room.dir, 'one.md'));
    await room.catalog.refresh();
    expect(slugs(room)).toEqual(['two']);
    expect(room.id('two')).toBe(id);
  });

  it('takes a picture up that comes later, also the PNG beside an SVG', async () => {
    const room = await openContentRoom();
    await writeFile(join(room.dir, 'map.svg'), '<svg/>');
    await room.write('one.md', { image: '{ src: map.svg, alt: A map }' }, '![A photo](photo.png)');
    await room.catalog.refresh();
    const imageOf = () => room.catalog.published().findBySlug('en', 'one')?.image;
    expect(imageOf()?.rasterUrl).toBeNull();
    // What is wrong with a text is known once somebody wants it.
    expect(await room.html('one')).not.toContain('<img');
    expect(room.problems().sort()).toEqual(['content/one.md missing-file', 'content/one.md no-raster-picture']);
    const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000258000001900806000000', 'hex');
    await writeFile(join(room.dir, 'map.png'), png);
    await writeFile(join(room.dir, 'photo.png'), png);
    await room.catalog.refresh();
    expect(imageOf()?.rasterUrl).toBe('https://dispatch.example/articles/one/map.png');
    expect(await room.html('one')).toContain('src="https://dispatch.example/articles/one/photo.png"');
    expect(room.problems()).toEqual([]);
  });

  it('links to another article’s file by the slug that stands in it', async () => {
    const room = await openContentRoom();
    await room.write('2026-11-20-two.md', { slug: 'another-name' });
    await room.write('one.md', {}, '[two](2026-11-20-two.md#part), [none](none.md)');
    await room.catalog.refresh();
    expect(await room.html('one')).toBe(
      '<p><a href="https://dispatch.example/articles/another-name#part">two</a>, none</p>\n',
    );
    expect(room.problems()).toEqual(['content/one.md missing-file']);
  });

  it('finds pictures by a path from the root of content/, and never outside of it', async () => {
    const room = await openContentRoom();
    await mkdir(join(room.dir, 'maps'));
    const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000258000001900806000000', 'hex');
    await writeFile(join(room.dir, 'maps', 'a map.png'), png);
    await writeFile(join(room.dir, '..', 'secret.png'), png);
    const names = [
      '/maps/a%20map.png?v=%ff',
      'maps/a%20map.png',
      '../secret.png',
      '%2e%2e/secret.png',
      '/%2e%2e/secret.png',
    ];
    await room.write('one.md', {}, names.map((name) => `![p](${name})`).join('\n\n'));
    await room.catalog.refresh();
    const one = room.catalog.published().findBySlug('en', 'one');
    expect(one?.attachments.map(({ path }) => path)).toEqual(['maps/a map.png']);
    expect((await room.html('one'))?.match(/<img/g)).toHaveLength(2);
    expect(room.problems()).toEqual(Array(3).fill('content/one.md outside-content'));
    expect(room.catalog.attachmentPath('en', 'one', 'secret.png')).toBeNull();
  });

  it.each([
    ['together', 'apart', 'NFC', 'NFD'],
    ['apart', 'together', 'NFD', 'NFC'],
  ] as const)(
    'finds files whose names are written %s by addresses that are written %s',
    async (_, __, named, written) => {
      const room = await openContentRoom();
      const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000258000001900806000000', 'hex');
      const picture = 'şəkil.png'.normalize(named);
      await writeFile(join(room.dir, picture), png);
      await room.write('görüş.md'.normalize(named), { slug: 'meeting' });
      const body = '![p](şəkil.png) [the meeting](görüş.md)'.normalize(written);
      await room.write('one.md', { image: `{ src: ${'şəkil.png'.normalize(written)}, alt: A }` }, body);
      await room.catalog.refresh();
      expect(room.catalog.published().findBySlug('en', 'one')?.image).toMatchObject({ width: 600 });
      const html = await room.html('one');
      expect(html).toContain(
        `src="https://dispatch.example/articles/one/${encodeURIComponent(picture)}" alt="p" width="600"`,
      );
      expect(html).toContain('href="https://dispatch.example/articles/meeting"');
      expect(room.problems()).toEqual([]);
      expect(room.catalog.attachmentPath('en', 'one', picture)).toBe(join(room.dir, picture));
    },
  );

  it('saves again what could not be saved', async () => {
    const { path: dir } = await temporaryFolder();
    const contentDir = join(dir, 'content');
    await mkdir(contentDir);
    await writeFile(join(contentDir, 'one.md'), '---\ntitle: One\nsummary: S.\ndate: 2026-11-20\n---\nText.\n');
    const saved: string[] = [];
    let full = true;
    const store = {
      listRecords: async () => [],
      async saveRecords(records: readonly { readonly path: string }[]) {
        if (full) throw new Error('the disk is full');
        saved.push(...records.map(({ path }) => path));
      },
      findBodies: async () => [],
      saveBodies: async () => {},
      async *listBodies() {},
      listBodyProblems: async () => new Map(),
    };
    const site = siteOf({ languages: ['en'] });
    const clock = fixedClock('2026-11-24T12:00:00.000Z');
    const catalog = await openLiveCatalog({
      contentDir,
      site,
      store,
      idSecret,
      desk: inlineDesk(site, contentDir),
      clock,
      log: silentLog,
    });
    await expect(catalog.refresh()).rejects.toThrow('the disk is full');
    full = false;
    await catalog.refresh();
    expect(saved).toEqual(['one.md']);
  });

  it('reads only what changed, and keeps the rest as the same objects', async () => {
    const room = await openContentRoom();
    await room.write('one.md', {});
    await room.write('two.md', {});
    await room.catalog.refresh();
    const [before] = [room.catalog.published().findBySlug('en', 'one')];
    await room.write('two.md', { title: 'New title' });
    await room.catalog.refresh();
    expect(room.catalog.published().findBySlug('en', 'one')).toBe(before);
    expect(room.catalog.published().findBySlug('en', 'two')?.title).toBe('New title');
  });

  it('gives a published article’s pictures and nobody else’s, and reports missing ones', async () => {
    const room = await openContentRoom();
    const png = Buffer.from('89504e470d0a1a0a0000000d4948445200000258000001900806000000', 'hex');
    await writeFile(join(room.dir, 'map.png'), png);
    await writeFile(join(room.dir, 'map.svg'), '<svg/>');
    await symlink('/etc/hostname', join(room.dir, 'host.png'));
    await room.write('one.md', { image: '{ src: map.svg, alt: A map }' }, '![A host](host.png) ![Gone](gone.png)');
    await room.write('draft.md', { status: 'draft', image: '{ src: map.png, alt: A map }' });
    await room.catalog.refresh();
    const one = room.catalog.published().findBySlug('en', 'one');
    expect(one?.image).toMatchObject({
      url: 'https://dispatch.example/articles/one/map.svg',
      rasterUrl: 'https://dispatch.example/articles/one/map.png',
      width: 600,
      height: 400,
      type: 'image/png',
    });
    expect(room.catalog.attachmentPath('en', 'one', 'map.png')).toBe(join(room.dir, 'map.png'));
    expect(room.catalog.attachmentPath('en', 'one', 'host.png')).toBeNull();
    expect(room.catalog.attachmentPath('en', 'one', '../map.png')).toBeNull();
    expect(room.catalog.attachmentPath('en', 'draft', 'map.png')).toBeNull();
    await room.html('one');
    expect(room.problems()).toEqual(
      expect.arrayContaining(['content/host.png link-outside', 'content/one.md missing-file']),
    );
  });

  it('resolves links between articles, and makes every address absolute', async () => {
    const room = await openContentRoom();
    await room.write('two.fa.md', {});
    await room.write('one.md', {}, '[two](two.fa.md#part) [site](/feeds) [note](#note) [web](https://example.org/a)');
    await room.catalog.refresh();
    const html = (await room.html('one')) ?? '';
    expect([...html.matchAll(/href="([^"]+)"/g)].map((match) => match[1])).toEqual([
      'https://dispatch.example/fa/articles/two#part',
      'https://dispatch.example/feeds',
      'https://dispatch.example/articles/one#note',
      'https://example.org/a',
    ]);
  });

  it('leaves out a file that is too large or not UTF-8, and says so', async () => {
    const room = await openContentRoom();
    await writeFile(join(room.dir, 'large.md'), Buffer.alloc(6_000_000, 0x61));
    await writeFile(join(room.dir, 'latin.md'), Buffer.from('---\ntitle: Caf\xe9\n---\n', 'latin1'));
    await room.catalog.refresh();
    expect(room.problems().sort()).toEqual(['content/large.md file-too-large', 'content/latin.md unreadable-file']);
  });
});
