import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { openSampleConsole, type SampleConsole } from './sample-console.ts';

export interface ConsoleShotOptions {
  readonly browser: Browser;
  /** Absolute path of the folder with the sample. */
  readonly repository: string;
  /** Absolute path of the folder that the pictures go to. */
  readonly target: string;
  readonly looks: readonly { readonly name: string; readonly width: number; readonly dark: boolean }[];
  isWanted(name: string): boolean;
  onTaken(name: string): void;
}

/** Pages by name, below `/console`. */
async function listPages({ app, draft, paused, sent }: SampleConsole): Promise<Readonly<Record<string, string>>> {
  const reader = (await app.subscribers.findByEmail('reader44@courier.test'))?.subscriber.id ?? 0;
  return {
    desk: '/',
    editions: '/editions',
    composing: `/editions/${draft.id}`,
    preview: `/editions/${draft.id}/preview?lang=ru&as=phone&scheme=dark`,
    preflight: `/editions/${draft.id}/preflight`,
    send: '/send',
    confirming: '/send/confirm?newsletter=daily&what=alert&article=eu-mission-armenia&when=now',
    sending: `/editions/${paused.id}/sending`,
    outcomes: `/editions/${sent.id}/readers`,
    doubt: `/editions/${paused.id}/doubt`,
    readers: '/readers?q=reader1',
    reader: `/readers/${reader}`,
    import: '/readers/import',
    articles: '/articles',
    feeds: '/feeds/en',
    outbox: '/outbox',
    operators: '/operators',
    audit: '/audit',
  };
}

/** Pixels: what the manual shows of a long page. */
const manualHeight = 1000;

/** The others stand in `docs/operating.md`, on a desk and in the light. */
const notInManual: readonly string[] = ['editions', 'import', 'audit'];

/** What a page says while something is worked out behind it. */
const unfinished = /being (?:counted|drawn|looked at|put together)|readers are counted/;

/** Pictures of the console in English: all looks into the folder, and those of the manual into `docs/pictures`. */
export async function takeConsoleShots(options: ConsoleShotOptions): Promise<void> {
  const { browser, repository, target, looks, isWanted, onTaken } = options;
  const desk = await openSampleConsole(repository);
  try {
    for (const [page, path] of Object.entries(await listPages(desk))) {
      for (const look of looks) {
        const name = `console-${page}-${look.name}`;
        if (!isWanted(name)) continue;
        const picture = await takeOne(browser, desk, path, look);
        await sharp(picture).toFile(join(target, `${name}.png`));
        if (look.name === 'desk' && !notInManual.includes(page)) {
          const { height = 0 } = await sharp(picture).metadata();
          await sharp(picture)
            .extract({ left: 0, top: 0, width: look.width, height: Math.min(height, manualHeight) })
            .webp({ quality: 80 })
            .toFile(join(repository, 'docs', 'pictures', `console-${page}.webp`));
        }
        onTaken(name);
      }
    }
  } finally {
    await desk.close();
  }
}

async function takeOne(
  browser: Browser,
  desk: SampleConsole,
  path: string,
  { width, dark }: ConsoleShotOptions['looks'][number],
): Promise<Buffer> {
  const { page, context } = await desk.page(browser, {
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  try {
    // Mails have their pictures at the publication's URL.
    await page.route(/^http:\/\/localhost\//, (route) =>
      route.continue({ url: desk.url + new URL(route.request().url()).pathname }),
    );
    // No page has been here before, so that none has its fonts yet: pictures wait for them.
    await page.route(/\/assets\/console\.\w+\.css$/, async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replaceAll('font-display:optional', 'font-display:block');
      await route.fulfill({ response, body });
    });
    await page.goto(desk.at(path));
    await page.getByText(unfinished).first().waitFor({ state: 'hidden' });
    await Promise.all(page.frames().map((frame) => frame.waitForLoadState()));
    await page.evaluate('document.fonts.ready');
    await paintFrames(page);
    return await page.screenshot({ fullPage: true });
  } finally {
    await context.close();
  }
}

/** A letter’s frame is painted only once it is in view: the window grows to the whole page, until something is in it. */
async function paintFrames(page: Page): Promise<void> {
  for (const frame of await page.locator('iframe').all()) {
    const height = Number(await page.evaluate('document.documentElement.scrollHeight'));
    await page.setViewportSize({ width: page.viewportSize()?.width ?? 0, height });
    for (let entropy = 0; entropy < 1; ) ({ entropy } = await sharp(await frame.screenshot()).stats());
  }
}
