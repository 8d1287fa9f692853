import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Article } from '../../../src/content/index.ts';
import { createPictureFiles, createResizedPictures, type ResizedPictures } from '../../../src/feeds/index.ts';
import type { Resizer } from '../../../src/feeds/pictures/resize-process.ts';
import { openSizeCache } from '../../../src/feeds/pictures/size-cache.ts';
import { articleOf, catalogOf, siteOf } from '../../support/feed-fixtures.ts';
import { photoOf, writePhoto } from '../../support/photo.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Room {
  readonly dir: string;
  readonly content: string;
  readonly publicDir: string;
  readonly sizes: ResizedPictures;
  readonly problems: string[];
  /** Publishes these articles and waits for everything. */
  publish(...articles: Article[]): Promise<void>;
  listPublic(): Promise<string[]>;
}

async function openRoom(options: { dir?: string; resizer?: Resizer; abandonedAfterMs?: number } = {}): Promise<Room> {
  const dir = options.dir ?? (await temporaryFolder()).path;
  const [content, publicDir, cacheDir] = [join(dir, 'content'), join(dir, 'public'), join(dir, 'var/cache/pictures')];
  await mkdir(content, { recursive: true });
  const problems: string[] = [];
  const sizes = createResizedPictures({
    publicDir,
    cacheDir,
    onProblem: (_path, message) => void (message !== null && problems.push(message)),
    cache: openSizeCache(cacheDir, options.abandonedAfterMs),
    ...(options.resizer ? { resizer: options.resizer } : {}),
  });
  onTestFinished(() => sizes.close());
  const site = siteOf({ image: null, icon: null });
  const files = createPictureFiles({ site, dir, contentDir: content, publicDir, sizes });
  return {
    dir,
    content,
    publicDir,
    sizes,
    problems,
    async publish(...articles) {
      expect((await files.publish(catalogOf(articles))).problems).toEqual([]);
      await sizes.settled();
    },
    async listPublic() {
      const found = await readdir(publicDir, { recursive: true, withFileTypes: true }).catch(() => []);
      return found
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
        .map((entry) => join(entry.parentPath, entry.name).slice(publicDir.length))
        .sort();
    },
  };
}

const withPicture = (name: string, changes: Partial<Article> = {}): Article =>
  articleOf({ attachments: [{ name, path: name, bytes: 1 }], ...changes });

const url = (name: string): string => `https://dispatch.example/articles/tehran-talks/${encodeURIComponent(name)}`;

/** Where the first chunk of a PNG ends: after the signature and `IHDR`. */
const afterHeader = 33;

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** Counts what it is asked; makes nothing. */
function idleResizer(answer: Awaited<ReturnType<Resizer['resize']>>): Resizer & { asked: number } {
  const resizer = {
    asked: 0,
    async resize() {
      resizer.asked += 1;
      return answer;
    },
    close() {},
  };
  return resizer;
}

describe('show', () => {
  it('lays smaller files beside the original, with its time, and tells pages of them', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a photo.jpg'), 1000, 500);
    const taken = new Date('2023-04-09T14:30:00Z');
    await utimes(join(room.content, 'a photo.jpg'), taken, taken);
    await room.publish(withPicture('a photo.jpg'));
    expect(room.problems).toEqual([]);
    const found = room.sizes.find(url('a photo.jpg'));
    expect(
      found.map((size) => [size.url.slice(url('a photo.jpg').length), size.width, size.height, size.type]),
    ).toEqual([
      ['.w480.jpg', 480, 240, 'image/jpeg'],
      ['.w960.jpg', 960, 480, 'image/jpeg'],
      ['.w480.webp', 480, 240, 'image/webp'],
      ['.w960.webp', 960, 480, 'image/webp'],
      ['.w1600.webp', 1000, 500, 'image/webp'],
    ]);
    expect(await room.listPublic()).toHaveLength(6);
    const original = await stat(join(room.content, 'a photo.jpg'));
    for (const { url: address, width, height, bytes, type } of found) {
      const path = decodeURIComponent(new URL(address).pathname);
      const laid = join(room.publicDir, path);
      const { format, ...pixels } = await sharp(laid).metadata();
      expect([pixels.width, pixels.height, `image/${format}`]).toEqual([width, height, type]);
      const state = await stat(laid);
      expect(state.size).toBe(bytes);
      expect(bytes).toBeLessThan(original.size);
      expect(state.mtime).toEqual(taken);
      expect(await readFile(room.sizes.findFile(path) ?? '')).toEqual(await readFile(laid));
    }
  });

  it('makes them upright where the camera was held upright', async () => {
    const room = await openRoom();
    await photoOf(1000, 600).jpeg().withMetadata({ orientation: 6 }).toFile(join(room.content, 'a.jpg'));
    await room.publish(withPicture('a.jpg'));
    expect(room.sizes.find(url('a.jpg'))[0]).toMatchObject({ width: 480, height: 800 });
  });

  it('makes each once, for every article that shows it and for the next start', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await room.publish(withPicture('a.jpg'), withPicture('a.jpg', { slug: 'second' }));
    expect((await room.listPublic()).filter((path) => path.startsWith('/articles/second/'))).toHaveLength(4);
    const resizer = idleResizer({ kind: 'failed', message: 'it was asked' });
    const restarted = await openRoom({ dir: room.dir, resizer });
    const before = await Promise.all((await room.listPublic()).map((path) => stat(join(room.publicDir, path))));
    await restarted.publish(withPicture('a.jpg'), withPicture('a.jpg', { slug: 'second' }));
    expect(resizer.asked).toBe(0);
    expect(restarted.sizes.find(url('a.jpg'))).toEqual(room.sizes.find(url('a.jpg')));
    const after = await Promise.all((await room.listPublic()).map((path) => stat(join(room.publicDir, path))));
    expect(after.map(({ ino }) => ino)).toEqual(before.map(({ ino }) => ino));
  });

  it('makes them anew when the picture changes, and removes those that it has outgrown', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 1000, 500);
    await room.publish(withPicture('a.jpg'));
    await writePhoto(join(room.content, 'a.jpg'), 600, 200);
    await room.publish(withPicture('a.jpg'));
    expect(room.sizes.find(url('a.jpg')).map(({ width, height }) => [width, height])).toEqual([
      [480, 160],
      [480, 160],
      [600, 200],
    ]);
    expect(await room.listPublic()).toEqual(
      ['', '.w480.jpg', '.w480.webp', '.w960.webp'].map((suffix) => `/articles/tehran-talks/a.jpg${suffix}`),
    );
  });

  it('takes them away with the article, and what lies in the cache for nobody', async () => {
    const room = await openRoom({ abandonedAfterMs: 0 });
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await room.publish(withPicture('a.jpg'));
    expect(await readdir(join(room.dir, 'var/cache/pictures'))).toHaveLength(1);
    await room.publish(withPicture('a.jpg', { status: 'withdrawn' }));
    expect(await room.listPublic()).toEqual([]);
    expect(room.sizes.find(url('a.jpg'))).toEqual([]);
    expect(room.sizes.findFile('/articles/tehran-talks/a.jpg.w480.jpg')).toBeNull();
    expect(await readdir(join(room.dir, 'var/cache/pictures'))).toEqual([]);
  });

  it('takes away at its start what was withdrawn while it didn’t run', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await room.publish(withPicture('a.jpg'));
    const restarted = await openRoom({ dir: room.dir });
    await restarted.publish();
    expect(await room.listPublic()).toEqual([]);
  });

  it('leaves small pictures, animations, drawings and misnamed files as they are, without a word', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'small.png'), 300, 200, 'png');
    await writePhoto(join(room.content, 'misnamed.png'), 900, 200, 'jpeg');
    await writeFile(join(room.content, 'map.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="9"/>');
    await writeFile(join(room.content, 'moving.gif'), await photoOf(700, 20).gif().toBuffer());
    const frames = await sharp(await photoOf(700, 40).raw().toBuffer(), {
      raw: { width: 700, height: 40, channels: 3, pageHeight: 20 },
    })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    await writeFile(join(room.content, 'moving.webp'), frames);
    const still = await photoOf(700, 20).png().toBuffer();
    const [start, rest] = [still.subarray(0, afterHeader), still.subarray(afterHeader)];
    const moving = pngChunk('acTL', Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]));
    await writeFile(join(room.content, 'moving.png'), Buffer.concat([start, moving, rest]));
    const profile = pngChunk('tEXt', Buffer.from(`Comment\0${'x'.repeat(10_000)}`));
    await writeFile(join(room.content, 'moving-late.png'), Buffer.concat([start, profile, moving, rest]));
    const names = [
      'small.png',
      'misnamed.png',
      'map.svg',
      'moving.gif',
      'moving.webp',
      'moving.png',
      'moving-late.png',
    ];
    await room.publish(articleOf({ attachments: names.map((name) => ({ name, path: name, bytes: 1 })) }));
    expect(await room.listPublic()).toEqual(names.map((name) => `/articles/tehran-talks/${name}`).sort());
    expect(room.problems).toEqual([]);
  });

  it('says once which picture is damaged or too large to unpack, and goes on with the others', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    const whole = await readFile(join(room.content, 'a.jpg'));
    await writeFile(join(room.content, 'cut.jpg'), whole.subarray(0, whole.length / 2));
    const bomb = await sharp({ create: { width: 20_000, height: 6000, channels: 3, background: '#fff' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    await writeFile(join(room.content, 'bomb.png'), bomb);
    const attachments = ['cut.jpg', 'bomb.png', 'a.jpg'].map((name) => ({ name, path: name, bytes: 1 }));
    await room.publish(articleOf({ attachments }));
    expect(room.problems).toEqual([
      expect.stringMatching(/^content\/cut\.jpg can’t be resized, so it is served as it is: .*/),
      expect.stringMatching(/^content\/bomb\.png can’t be resized, so it is served as it is: .*pixel limit/),
    ]);
    expect(room.sizes.find(url('a.jpg'))).toHaveLength(3);
    expect(await readFile(join(room.publicDir, 'articles/tehran-talks/cut.jpg'))).toEqual(
      whole.subarray(0, whole.length / 2),
    );
    // The next start says it again, without another try.
    const resizer = idleResizer({ kind: 'failed', message: 'it was asked' });
    const restarted = await openRoom({ dir: room.dir, resizer });
    await restarted.publish(articleOf({ attachments }));
    await restarted.publish(articleOf({ attachments }));
    expect(resizer.asked).toBe(0);
    expect(restarted.problems).toEqual(room.problems);
  });

  it('tries what failed for another reason again at the next start only', async () => {
    const resizer = idleResizer({ kind: 'failed', message: 'the program ended with SIGSEGV' });
    const room = await openRoom({ resizer });
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await room.publish(withPicture('a.jpg'));
    await room.publish(withPicture('a.jpg'));
    expect(resizer.asked).toBe(1);
    expect(room.problems).toEqual([
      'content/a.jpg can’t be resized, so it is served as it is: the program ended with SIGSEGV',
    ]);
    const restarted = await openRoom({ dir: room.dir });
    await restarted.publish(withPicture('a.jpg'));
    expect(restarted.sizes.find(url('a.jpg'))).toHaveLength(3);
  });

  it('serves everything as it is on a machine that can’t resize, and says so once', async () => {
    const room = await openRoom({ resizer: idleResizer({ kind: 'unavailable', message: 'no binary' }) });
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await writePhoto(join(room.content, 'b.jpg'), 600, 300);
    await room.publish(withPicture('a.jpg'), withPicture('b.jpg', { slug: 'second' }));
    expect(room.problems).toEqual([
      'Pictures are served as they are, as none can be resized on this machine: no binary',
    ]);
    expect(await room.listPublic()).toHaveLength(2);
  });

  it('lays nothing out for an article that was withdrawn while its picture was made', async () => {
    let release: (() => void) | null = null;
    const resizer: Resizer = {
      resize: ({ folder }) =>
        new Promise((resolve) => {
          release = () => {
            const sizes = [{ suffix: '.w480.jpg', width: 480, height: 240, type: 'image/jpeg', bytes: 3 }];
            void mkdir(folder, { recursive: true })
              .then(() => writeFile(join(folder, 'w480.jpg'), 'jpg'))
              .then(() => resolve({ kind: 'resized', sizes }));
          };
        }),
      close() {},
    };
    const room = await openRoom({ resizer });
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    const first = room.publish(withPicture('a.jpg'));
    await expect.poll(() => release).not.toBeNull();
    const second = room.publish();
    await expect.poll(() => room.listPublic()).toEqual([]);
    // Its name is gone as well, though nothing was laid out yet.
    await expect.poll(() => readFile(join(room.publicDir, '.silkpost-picture-sizes.json'), 'utf8')).toBe('[]\n');
    (release ?? (() => undefined))();
    await Promise.all([first, second]);
    expect(await room.listPublic()).toEqual([]);
    expect(room.sizes.find(url('a.jpg'))).toEqual([]);
  });

  it('leaves an original alone that bears the name of a size', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await writePhoto(join(room.content, 'a.jpg.w480.jpg'), 200, 300);
    const attachments = ['a.jpg', 'a.jpg.w480.jpg'].map((name) => ({ name, path: name, bytes: 1 }));
    await room.publish(articleOf({ attachments }));
    const laid = join(room.publicDir, 'articles/tehran-talks/a.jpg.w480.jpg');
    expect(await readFile(laid)).toEqual(await readFile(join(room.content, 'a.jpg.w480.jpg')));
    expect(room.sizes.find(url('a.jpg')).map(({ type }) => type)).toEqual(['image/webp', 'image/webp']);
  });

  it.each([
    ['cut off', '{"sizes":['],
    [
      'leading elsewhere',
      JSON.stringify({
        sizes: [{ suffix: '/../x.jpg', type: 'image/jpeg', width: 1, height: 1, bytes: 1 }],
        problem: null,
      }),
    ],
  ])('makes anew what the cache’s list can’t be believed on: %s', async (_, list) => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await room.publish(withPicture('a.jpg'));
    const cache = join(room.dir, 'var/cache/pictures');
    for (const key of await readdir(cache)) await writeFile(join(cache, key, 'sizes.json'), list);
    const restarted = await openRoom({ dir: room.dir });
    await restarted.publish(withPicture('a.jpg'));
    expect(restarted.problems).toEqual([]);
    expect(restarted.sizes.find(url('a.jpg'))).toHaveLength(3);
  });

  it('makes anew what somebody cleared away', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 600, 300);
    await room.publish(withPicture('a.jpg'));
    await rm(join(room.dir, 'var'), { recursive: true });
    expect(room.sizes.findFile('/articles/tehran-talks/a.jpg.w480.jpg')).toBeNull();
    const restarted = await openRoom({ dir: room.dir });
    await restarted.publish(withPicture('a.jpg'));
    expect(restarted.sizes.findFile('/articles/tehran-talks/a.jpg.w480.jpg')).not.toBeNull();
  });
});

describe('close', () => {
  it('begins no process after it, wherever it was', async () => {
    const resizer = idleResizer({ kind: 'failed', message: 'it was asked' });
    const { path: dir } = await temporaryFolder();
    await writePhoto(join(dir, 'a.jpg'), 600, 300);
    const cache = openSizeCache(join(dir, 'cache'));
    const problems: string[] = [];
    const sizes = createResizedPictures({
      publicDir: join(dir, 'public'),
      cacheDir: join(dir, 'cache'),
      onProblem: (_path, message) => void (message !== null && problems.push(message)),
      resizer,
      cache: {
        ...cache,
        // The last step before the order is given.
        draft(key) {
          void sizes.close();
          return cache.draft(key);
        },
      },
    });
    await sizes.show([
      { path: '/articles/a/a.jpg', url: url('a.jpg'), file: 'content/a.jpg', source: join(dir, 'a.jpg') },
    ]);
    await sizes.settled();
    expect(resizer.asked).toBe(0);
    expect(problems).toEqual([]);
  });

  it('ends what is being made, at once and without a word', async () => {
    const room = await openRoom();
    await writePhoto(join(room.content, 'a.jpg'), 2000, 1500);
    const publishing = room.publish(withPicture('a.jpg'));
    await expect.poll(() => room.listPublic()).toHaveLength(1);
    await room.sizes.close();
    await publishing;
    expect(room.problems).toEqual([]);
  });
});
