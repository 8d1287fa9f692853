import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../support/browser.ts';
import { closeAfterAll } from '../../../support/close-after-all.ts';
import type { TestConsole } from '../../../support/console.ts';
import { newReader } from '../../../support/reader-store.ts';
import { openSharedConsole } from '../../../support/shared-console.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const axeFaults = `axe.run().then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html).join(' ')))`;

let browser: Browser;
let desk: TestConsole;

const closeLater = closeAfterAll();
beforeAll(async () => {
  browser = await launchBrowser();
  desk = await openSharedConsole(closeLater);
  const { subscribers, clock } = desk.app;
  await subscribers.addSubscribers(
    [
      newReader('ann@example.com', { name: '"><img src=x onerror=alert(1)>', consent: '<script>alert(2)</script>' }),
      newReader('bob@example.com', { name: 'نازنین', languages: ['fa'] }),
    ],
    clock.now(),
  );
  await subscribers.suppress('bob@example.com', '<svg onload=alert(3)>', clock.now());
});

afterAll(() => browser.close());

/** A page that notes dialogs, reports of a violated policy and other errors. */
async function watch(options: Parameters<Browser['newContext']>[0] = {}): Promise<{ page: Page; faults: string[] }> {
  const { page } = await desk.page(browser, options);
  const faults: string[] = [];
  page.on('dialog', (dialog) => {
    faults.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  return { page, faults };
}

describe('the pages about readers in a browser', () => {
  it('find readers while one types, and go back to what was there before', async () => {
    const { page, faults } = await watch();
    await page.goto(desk.at('/readers'));
    await page.getByLabel('Begins with').pressSequentially('an');
    await page.waitForURL(/q=an\b/);
    await page.getByRole('link', { name: 'bob@example.com' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'ann@example.com' }).click();
    await page.getByRole('heading', { name: 'Reader 1' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Find readers' }).waitFor();
    expect(await page.getByLabel('Begins with').inputValue()).toBe('an');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('show an import as it runs, up to its report', async () => {
    const { page, faults } = await watch();
    await page.goto(desk.at('/readers/import'));
    const rows = Array.from({ length: 3000 }, (_, n) => `live${n}@example.com`).join('\n');
    await page
      .locator('#file')
      .setInputFiles({ name: 'live.csv', mimeType: 'text/csv', buffer: Buffer.from(`email\n${rows}`) });
    await page.getByRole('button', { name: 'Look at it' }).click();
    await page.getByLabel('Where these readers agreed').fill('Գրքի տոնին, 2026');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Remove the report' }).waitFor();
    expect(await page.getByRole('row', { name: 'Added' }).textContent()).toContain('3,000');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('have no fault that axe knows, run no script of anybody’s, and fit a phone', async () => {
    const { page, faults } = await watch({ bypassCSP: true, viewport: { width: 360, height: 800 } });
    for (const path of [
      '/readers',
      '/readers/1',
      '/readers/2',
      '/readers/1/erase',
      '/readers/1/pause',
      '/readers/add',
      '/suppressions?address=bob@example.com',
      '/readers/import',
      '/readers/export',
    ]) {
      await page.goto(desk.at(path));
      await page.evaluate(axeSource);
      expect(await page.evaluate(axeFaults), path).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true);
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(desk.at('/readers/1'));
    await page.evaluate(axeSource);
    expect(await page.evaluate(axeFaults)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});
