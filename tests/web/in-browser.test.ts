import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser, openWatchedPage } from '../support/browser.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { addFeedDocuments, serve, type TestWebApp, testWebApp } from '../support/web-app.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const paths = [
  '/',
  '/articles/tehran-talks',
  '/articles/monitors',
  '/countries/armenia',
  '/topics/security',
  '/authors/ana',
  '/feeds',
  '/feeds/select',
  '/feeds/select?country=armenia',
  '/newsletters',
  '/newsletters/weekly',
  '/subscribe',
  '/confirm/good-token',
  '/confirm/late-token',
  '/unsubscribe/good-token',
  '/preferences/good-token',
  '/preferences/forged',
  '/preferences',
  '/address/good-token',
  '/new-address/good-token',
  '/data/good-token',
  '/erase/good-token',
  '/nowhere',
];
const inBothLanguages = paths.flatMap((path) => [path, `/fa${path}`]);

async function fullApp(): Promise<TestWebApp> {
  const app = testWebApp();
  const folder = await temporaryFolder();
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1H0z"/></svg>';
  await writeFile(`${folder.path}/map.svg`, svg);
  for (const lang of ['en', 'fa']) app.files.set(`${lang}/tehran-talks/map.svg`, `${folder.path}/map.svg`);
  addFeedDocuments(app);
  return app;
}

/** Without the 404 or 410 that a page is meant to be. */
function realFaults(faults: readonly string[]): string[] {
  return faults.filter((fault) => !/status of 4(?:04|10)/.test(fault));
}

/** What axe finds, by this choice of rules. */
function axeFaults(options: string): string {
  return `axe.run({ exclude: ['iframe'] }, ${options}).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' ')))`;
}

async function isWiderThanWindow(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth');
}

describe('the site in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it.each(['', '/fa'])(
    'has no fault that axe knows on any page, light or dark: %s/',
    async (prefix) => {
      const { url } = await serve(await fullApp());
      // The policy forbids scripts, so axe comes in past it; it must not meet a colour on its way to the dark one.
      const { page, context } = await openWatchedPage(browser, { bypassCSP: true, reducedMotion: 'reduce' });
      for (const path of paths.map((one) => prefix + one)) {
        await page.emulateMedia({ colorScheme: 'light' });
        await page.goto(url + path);
        await page.evaluate(axeSource);
        expect(await page.evaluate(axeFaults('{}')), path).toEqual([]);
        // All that the dark changes is colours.
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await page.evaluate(axeFaults("{ runOnly: ['color-contrast'] }")), `${path}, dark`).toEqual([]);
      }
      await context.close();
    },
    120_000,
  );

  it('keeps to its own policy and fits a screen of 320 px, whatever the page', async () => {
    const { url } = await serve(await fullApp());
    const { page, faults, context } = await openWatchedPage(browser, { viewport: { width: 320, height: 640 } });
    for (const path of inBothLanguages) {
      await page.goto(url + path);
      await page.evaluate('document.fonts.ready');
      expect(await isWiderThanWindow(page), path).toBe(false);
      expect(await page.evaluate('document.scripts.length'), path).toBe(0);
      expect(realFaults(faults), path).toEqual([]);
    }
    await context.close();
  });

  it('draws Armenian, Georgian and Persian with its own fonts', async () => {
    const app = testWebApp({ site: { languages: ['en', 'hy', 'ka', 'fa'] } });
    const { url } = await serve(app);
    const { page, context } = await openWatchedPage(browser);
    await page.goto(`${url}/fa/`);
    await page.evaluate('document.fonts.ready');
    const loaded = await page.evaluate(
      "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family.replaceAll('\"', ''))",
    );
    expect(loaded).toContain('Vazirmatn');
    expect(await page.evaluate('getComputedStyle(document.documentElement).direction')).toBe('rtl');
    await context.close();
  });

  it('lets a keyboard skip to the text', async () => {
    const { url } = await serve(await fullApp());
    const { page, context } = await openWatchedPage(browser);
    await page.goto(`${url}/articles/tehran-talks`);
    await page.keyboard.press('Tab');
    const skip = page.locator('.skip');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    await expect.poll(async () => (await skip.boundingBox())?.y ?? -1).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
    await context.close();
  });

  it('changes to the same article in another language, or to that language’s front page', async () => {
    const { url } = await serve(await fullApp());
    const { page, context } = await openWatchedPage(browser);
    await page.goto(`${url}/articles/tehran-talks`);
    await page.locator('.languages a[hreflang=fa]').click();
    expect(new URL(page.url()).pathname).toBe('/fa/articles/tehran-talks');
    await page.goto(`${url}/articles/court`);
    await page.locator('.languages a[hreflang=fa]').click();
    expect(new URL(page.url()).pathname).toBe('/fa/');
    await context.close();
  });

  it('leaves a newsletter by its button, with scripts off', async () => {
    const app = await fullApp();
    const { url } = await serve(app);
    const { page, context } = await openWatchedPage(browser, { javaScriptEnabled: false });
    await page.goto(`${url}/unsubscribe/good-token`);
    await page.getByRole('button', { name: 'Leave this newsletter' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You have left');
    expect(app.leaves).toEqual([{ token: 'good-token', scope: 'newsletter', source: 'page' }]);
    await context.close();
  });
});
