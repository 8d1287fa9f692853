import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

// Our own instead of the package's, which turn web security off.
const quiet = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

/** A Chromium of the system where there is one, else the one that the tests bring. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const found = process.env['CHROMIUM_PATH'] ?? findOnPath();
  const executablePath = found ?? (await bundledChromium());
  return chromium.launch({ executablePath, args: quiet, headless: true });
}

function findOnPath(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  return null;
}

async function bundledChromium(): Promise<string> {
  // The package brings the libraries that a bare system lacks, but only where it takes itself to be on such a runtime.
  process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x';
  const { default: bundle } = await import('@sparticuz/chromium');
  return bundle.executablePath();
}

export interface WatchedPage {
  readonly page: Page;
  /** What a page must never do: dialogs, reports of a violated policy, errors in the console. */
  readonly faults: string[];
  readonly context: BrowserContext;
}

/** A page of its own context that notes every fault. */
export async function openWatchedPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  return { page, faults: watchPage(page), context };
}

/** Notes what a page must never do. The array grows. */
export function watchPage(page: Page): string[] {
  const faults: string[] = [];
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  return faults;
}
