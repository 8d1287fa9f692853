import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../tests/support/browser.ts';

/** Pictures of the sample publication, drawn from the running program: `npm run screenshots`. */

const repository = fileURLToPath(new URL('../', import.meta.url));
const target = join(repository, 'screenshots');

interface Shot {
  readonly name: string;
  readonly path: string;
  /** Pixels. */
  readonly width: number;
  readonly dark?: boolean;
  /** Drawn with the site's fonts in place of those that a mail program brings, which this machine may lack. */
  readonly standIns?: string;
}

const pages: readonly Shot[] = [
  { name: 'home', path: '/', width: 1280 },
  { name: 'home-phone', path: '/', width: 360 },
  { name: 'home-fa-dark', path: '/fa/', width: 1280, dark: true },
  { name: 'article', path: '/articles/tehran-talks', width: 1280 },
  { name: 'article-fa-phone-dark', path: '/fa/articles/tehran-talks', width: 360, dark: true },
  { name: 'article-hy', path: '/hy/articles/tehran-talks', width: 1280 },
  { name: 'article-ka-phone', path: '/ka/articles/tehran-talks', width: 360 },
  { name: 'feeds', path: '/feeds', width: 1280 },
  { name: 'feed', path: '/feeds/select?country=armenia', width: 1280 },
  { name: 'newsletters', path: '/newsletters', width: 1280 },
  { name: 'outbox', path: '/outbox', width: 1280 },
];

interface RunningProgram {
  readonly url: string;
  stop(): Promise<void>;
}

async function startProgram(data: string): Promise<RunningProgram> {
  const child = spawn(process.execPath, [join(repository, 'bin/silkpost.js'), 'start', '--dir', repository], {
    env: { ...process.env, SILKPOST_DATA: data, SILKPOST_PUBLIC: join(data, 'public'), SILKPOST_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  for await (const line of createInterface({ input: child.stdout })) {
    const event: unknown = line.startsWith('{') ? JSON.parse(line) : null;
    if (!isReady(event)) continue;
    child.stdout.resume();
    return {
      url: event.url,
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error('The program ended before it was ready.');
}

function isReady(event: unknown): event is { readonly event: 'ready'; readonly url: string } {
  return (
    typeof event === 'object' &&
    event !== null &&
    'event' in event &&
    event.event === 'ready' &&
    'url' in event &&
    typeof event.url === 'string'
  );
}

async function take(browser: Browser, origin: string, shot: Shot): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: shot.width, height: 900 },
    colorScheme: shot.dark ? 'dark' : 'light',
    deviceScaleFactor: shot.width < 640 ? 2 : 1,
    reducedMotion: 'reduce',
    bypassCSP: shot.standIns !== undefined,
  });
  const page = await context.newPage();
  await page.goto(origin + shot.path);
  if (shot.standIns !== undefined) {
    await page.addStyleTag({ content: shot.standIns });
    // Asked for by name, since `ready` doesn't wait for what has not been laid out yet.
    await page.evaluate('Promise.all([...document.fonts].map((face) => face.load()))');
  }
  // Pictures further down load only once they come into view.
  await page.evaluate(
    "Promise.all([...document.images].map((i) => { i.loading = 'eager'; return i.decode().catch(() => {}) }))",
  );
  await page.evaluate('document.fonts.ready');
  await page.screenshot({ path: join(target, `${shot.name}.png`), fullPage: true });
  await context.close();
}

/** The site's font faces for the scripts that bare systems lack, under names that the mails' own lists begin with. */
async function standInFonts(origin: string): Promise<string> {
  const home = await (await fetch(`${origin}/`)).text();
  const stylePath = /href="(\/assets\/site\.[^"]+\.css)"/.exec(home)?.[1] ?? '';
  const faces = (await (await fetch(origin + stylePath)).text()).match(/@font-face\s*\{[^}]+\}/g) ?? [];
  const embedded = await Promise.all(
    faces
      .filter((face) => /Vazirmatn|Armenian|Georgian/.test(face))
      .map(async (face) => {
        const file = /url\("([^"]+)"\)/.exec(face)?.[1] ?? '';
        const bytes = Buffer.from(await (await fetch(`${origin}/assets/${file}`)).arrayBuffer());
        return face.replace(`url("${file}")`, `url("data:font/woff2;base64,${bytes.toString('base64')}")`);
      }),
  );
  // Only faces of one weight complete each other, so a font with a range of weights is named once for each.
  const byWeight = embedded.flatMap((face) =>
    /font-weight:\d+ \d+/.test(face)
      ? [400, 600, 700].map((weight) => face.replace(/font-weight:\d+ \d+/, `font-weight:${weight}`))
      : [face],
  );
  return ['Segoe UI', 'Tahoma', 'Georgia']
    .flatMap((family) => byWeight.map((face) => face.replace(/font-family:"[^"]+"/, `font-family:"${family}"`)))
    .join('\n');
}

/** The newest mail in each language, as the outbox shows it. */
async function mailShots(browser: Browser, origin: string): Promise<Shot[]> {
  const page = await browser.newPage();
  await page.goto(`${origin}/outbox`);
  const paths = await page.locator('.mails a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const byLanguage = new Map<string, string>();
  for (const path of paths) {
    await page.goto(`${origin}${path}/html`);
    const lang = String(await page.evaluate('document.documentElement.lang'));
    if (!byLanguage.has(lang)) byLanguage.set(lang, `${path}/html`);
  }
  await page.close();
  const standIns = await standInFonts(origin);
  return [...byLanguage].flatMap(([lang, path]) => [
    { name: `mail-${lang}`, path, width: 600, standIns },
    { name: `mail-${lang}-phone`, path, width: 360, standIns },
    { name: `mail-${lang}-dark`, path, width: 600, dark: true, standIns },
  ]);
}

await mkdir(target, { recursive: true });
const data = await mkdtemp(join(tmpdir(), 'silkpost-screenshots-'));
const program = await startProgram(data);
try {
  const browser = await launchBrowser();
  try {
    for (const shot of [...pages, ...(await mailShots(browser, program.url))]) {
      await take(browser, program.url, shot);
      process.stdout.write(`screenshots/${shot.name}.png\n`);
    }
  } finally {
    await browser.close();
  }
} finally {
  await program.stop();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
}
