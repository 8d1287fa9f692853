import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import type { SizedPicture } from '../../src/feeds/index.ts';
import { startServer, type WebServer, webAppOf } from '../../src/web/index.ts';
import { launchBrowser, openWatchedPage } from '../support/browser.ts';
import { articleOf } from '../support/feed-fixtures.ts';
import { rawRequest } from '../support/http.ts';
import { writePhoto } from '../support/photo.ts';
import { smallPublication } from '../support/publication-folder.ts';
import { serve, testWebApp } from '../support/web-app.ts';

const photo = 'http://localhost/articles/talks/a,%20b.jpg';
const sized = (suffix: string, width: number, type: string): SizedPicture => ({
  url: photo + suffix,
  width,
  height: width / 2,
  type,
  bytes: 1000,
});
const sizes = [
  sized('.w480.jpg', 480, 'image/jpeg'),
  sized('.w960.jpg', 960, 'image/jpeg'),
  sized('.w480.webp', 480, 'image/webp'),
  sized('.w960.webp', 960, 'image/webp'),
  sized('.w1600.webp', 1200, 'image/webp'),
];

async function pageOf(
  changes: Parameters<typeof articleOf>[0],
  made: readonly SizedPicture[] = sizes,
): Promise<string> {
  const url = 'http://localhost/articles/talks';
  const app = testWebApp({ articles: [articleOf({ slug: 'talks', url, ...changes })] });
  app.sizesByUrl.set(photo, made);
  const { url: server } = await serve(app);
  return (await rawRequest(server, '/articles/talks')).body.toString();
}

const image = { url: photo, rasterUrl: photo, alt: 'A & B', width: 1200, height: 600 };

describe('a picture on a page', () => {
  it('lets the browser choose among its sizes, with WebP first', async () => {
    const page = await pageOf({ image });
    const at = '/articles/talks/a%2C%20b.jpg';
    expect(page).toContain(
      `<source type="image/webp" srcset="${at}.w480.webp 480w, ${at}.w960.webp 960w, ${at}.w1600.webp 1200w" sizes="(min-width`,
    );
    expect(page).toContain(`srcset="${at}.w480.jpg 480w, ${at}.w960.jpg 960w, ${at} 1200w" sizes="(min-width`);
    expect(page).toMatch(
      /<img src="\/articles\/talks\/a,%20b\.jpg" .*alt="A &amp; B" width="1200" height="600" decoding/,
    );
  });

  it('is its own file alone until others are made', async () => {
    const page = await pageOf({ image }, []);
    expect(page).toContain(
      '<picture><img src="/articles/talks/a,%20b.jpg" alt="A &amp; B" width="1200" height="600" decoding="async"></picture>',
    );
  });

  it('is an SVG first where it is one, with the raster file’s sizes behind it', async () => {
    const page = await pageOf({ image: { ...image, url: 'http://localhost/articles/talks/a.svg' } });
    expect(page).toMatch(
      /<picture><source type="image\/svg\+xml" srcset="\/articles\/talks\/a\.svg"><source type="image\/webp"/,
    );
  });

  it('has its sizes within a text too, and loads when it is near', async () => {
    const html = `<figure><img src="${photo}" alt="A &lt;b&gt;" width="1200" height="600" /></figure><img src="https://agency.example/x.jpg" alt="" />`;
    const page = await pageOf({ html });
    expect(page).toMatch(
      /<figure><picture><source type="image\/webp" srcset="[^"]+ 1200w" sizes="[^"]+"><img srcset="[^"]+ 1200w" sizes="[^"]+" src="\/articles\/talks\/a,%20b\.jpg" alt="A &lt;b&gt;" width="1200" height="600" loading="lazy" decoding="async"><\/picture><\/figure>/,
    );
    expect(page).toContain('<img src="https://agency.example/x.jpg" alt="" loading="lazy" decoding="async">');
  });
});

/** The whole program over a publication whose one article shows one photo above its text and one in it. */
async function servePhotos(): Promise<{ readonly server: WebServer; readonly base: string; readonly dir: string }> {
  const dir = await smallPublication();
  await mkdir(join(dir, 'content'), { recursive: true });
  await writePhoto(join(dir, 'content', 'lead.jpg'), 1800, 900);
  await writePhoto(join(dir, 'content', 'body.png'), 1200, 600, 'png');
  await writeFile(
    join(dir, 'content', 'talks.md'),
    [
      '---\ntitle: Talks\nsummary: Two met.\ndate: 2026-01-01',
      'image: {src: lead.jpg, alt: The hall}\n---',
      'One. ![The door](body.png)\n',
    ].join('\n'),
  );
  const app = await openApp(readConfig({ dir, data: undefined, outbox: true, environment: {} }));
  onTestFinished(() => app.close());
  await app.rebuild();
  await app.sizes.settled();
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  return { server, base: `http://localhost:${server.port}`, dir };
}

describe('a picture’s sizes, served', () => {
  it('come with their type, and the original for a size that isn’t there', async () => {
    const { server } = await servePhotos();
    const get = (path: string) => rawRequest(server.url, path);
    const light = await get('/articles/talks/lead.jpg.w960.webp');
    expect(light.status).toBe(200);
    expect(light.headers['content-type']).toBe('image/webp');
    expect(light.body.subarray(8, 12).toString()).toBe('WEBP');
    const original = await get('/articles/talks/body.png');
    // Never made, as the picture is narrower: an old mail may still ask for it.
    const outgrown = await get('/articles/talks/body.png.w1600.png');
    expect(outgrown.status).toBe(200);
    expect(outgrown.body).toEqual(original.body);
    for (const name of ['none.jpg.w960.webp', 'lead.jpg.w961.webp', 'talks.md.w960.webp', 'lead.jpg.w480.svg']) {
      expect((await get(`/articles/talks/${name}`)).status, name).toBe(404);
    }
  });
});

interface Loaded {
  /** The file that the browser chose. */
  readonly name: string;
  /** How wide it is shown, and how wide `sizes` says. */
  readonly pixels: number;
  readonly hint: number;
}

/** In the page: what each picture loaded, and a ruler held to the first length of `sizes` whose condition is met. */
const lookAtPictures = `Promise.all([...document.querySelectorAll('main img')].map(async (img) => {
  img.loading = 'eager';
  await img.decode();
  const { sizes } = img.parentElement.querySelector('source[sizes]') ?? img;
  const [, length] = sizes.split(', ')
    .map((part) => /^(?:(\\(min-width: [^)]*\\)) )?(.*)$/.exec(part).slice(1))
    .find(([media]) => media === undefined || matchMedia(media).matches);
  const ruler = document.createElement('div');
  ruler.style.inlineSize = length;
  document.body.append(ruler);
  const hint = ruler.getBoundingClientRect().width;
  ruler.remove();
  return { name: img.currentSrc.split('/').pop(), pixels: img.getBoundingClientRect().width, hint };
}))`;

async function listShown(page: Page): Promise<Loaded[]> {
  return page.evaluate(lookAtPictures);
}

describe('a picture in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  const screens = [
    { screen: 'a phone', width: 360, deviceScaleFactor: 2, expected: ['lead.jpg.w960.webp', 'body.png.w960.webp'] },
    { screen: 'an old one', width: 360, deviceScaleFactor: 1, expected: ['lead.jpg.w480.webp', 'body.png.w480.webp'] },
    { screen: 'a tablet', width: 800, deviceScaleFactor: 1, expected: ['lead.jpg.w960.webp', 'body.png.w960.webp'] },
    { screen: 'a desktop', width: 1280, deviceScaleFactor: 1, expected: ['lead.jpg.w960.webp', 'body.png.w960.webp'] },
    {
      screen: 'a sharp one',
      width: 1280,
      deviceScaleFactor: 2,
      expected: ['lead.jpg.w1600.webp', 'body.png.w1600.webp'],
    },
  ];

  it('is loaded in the size that fits the screen, as wide as the page says', async () => {
    const { base } = await servePhotos();
    for (const { screen, width, deviceScaleFactor, expected } of screens) {
      const { page, faults, context } = await openWatchedPage(browser, {
        viewport: { width, height: 800 },
        deviceScaleFactor,
        // For the ruler alone.
        bypassCSP: true,
      });
      await page.goto(`${base}/articles/talks`);
      const shown = await listShown(page);
      expect(
        shown.map(({ name }) => name),
        screen,
      ).toEqual(expected);
      await page.goto(`${base}/`);
      const front = await listShown(page);
      expect(
        front.map(({ name }) => name.replace(/\d+/, '…')),
        screen,
      ).toEqual(['lead.jpg.w….webp']);
      for (const { name, pixels, hint } of [...shown, ...front]) {
        expect(Math.abs(pixels - hint), `${name} on ${screen}: ${pixels} of ${hint}`).toBeLessThan(2);
      }
      expect(faults).toEqual([]);
      await context.close();
    }
  });
});
