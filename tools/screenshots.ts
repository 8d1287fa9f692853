import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from '../tests/support/browser.ts';
import { freePort } from '../tests/support/free-port.ts';
import { signInBeside } from '../tests/support/session-beside.ts';
import { takeConsoleShots } from './console-shots.ts';

/**
 * Pictures of the sample publication in four languages, on a desk and on a phone, light and dark, drawn from the running
 * program: `npm run screenshots`, or `npm run screenshots -- preferences fa` for those whose names hold these words.
 */

const repository = fileURLToPath(new URL('../', import.meta.url));
const target = join(repository, 'screenshots');
const wanted = process.argv.slice(2);

const languages = ['en', 'hy', 'ka', 'fa'];

interface Look {
  readonly name: string;
  /** Pixels. */
  readonly width: number;
  readonly dark: boolean;
}

const looks: readonly Look[] = [
  { name: 'desk', width: 1280, dark: false },
  { name: 'desk-dark', width: 1280, dark: true },
  { name: 'phone', width: 360, dark: false },
  { name: 'phone-dark', width: 360, dark: true },
];

interface Shot {
  readonly name: string;
  readonly path: string;
  readonly look: Look;
  /** Drawn with the site's fonts in place of those that a mail program brings, which this machine may lack. */
  readonly standIns?: string;
}

/** Pages by name; each stands in every language under its prefix. */
const pages: Readonly<Record<string, string>> = {
  home: '/',
  article: '/articles/tehran-talks',
  feeds: '/feeds',
  feed: '/feeds/select?country=armenia',
  newsletters: '/newsletters',
  newsletter: '/newsletters/weekly',
  subscribe: '/subscribe',
  'not-found': '/nowhere',
};

interface RunningProgram {
  readonly url: string;
  stop(): Promise<void>;
}

const silkpost = [join(repository, 'bin/silkpost.js')];

/** The port stands in the mails' addresses already. */
const port = String(await freePort());

function environment(data: string): NodeJS.ProcessEnv {
  return { ...process.env, SILKPOST_DATA: data, SILKPOST_PUBLIC: join(data, 'public'), SILKPOST_PORT: port };
}

/** A reader of each language, and an edition for them in the outbox. */
async function makeMails(data: string): Promise<void> {
  const run = (...words: string[]): Promise<unknown> =>
    promisify(execFile)(process.execPath, [...silkpost, ...words, '--dir', repository], { env: environment(data) });
  for (const lang of languages) await run('subscribers', 'add', `${lang}@example.com`, '--lang', lang);
  await run('send', 'weekly', '--since', '2022-01-01', '--yes');
}

async function startProgram(data: string): Promise<RunningProgram> {
  const child = spawn(process.execPath, [...silkpost, 'start', '--dir', repository], {
    env: environment(data),
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

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

/** @param cookies an operator's, for the console. */
async function take(browser: Browser, origin: string, shot: Shot, cookies: Cookies): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: shot.look.width, height: 900 },
    colorScheme: shot.look.dark ? 'dark' : 'light',
    deviceScaleFactor: shot.look.width < 640 ? 2 : 1,
    reducedMotion: 'reduce',
    bypassCSP: shot.standIns !== undefined,
  });
  await context.addCookies(cookies);
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

function prefixOf(lang: string): string {
  return lang === 'en' ? '' : `/${lang}`;
}

/** Every page that anybody can open. */
function pageShots(): Shot[] {
  return languages.flatMap((lang) =>
    Object.entries(pages).flatMap(([name, path]) => inAllLooks(`${name}-${lang}`, prefixOf(lang) + path)),
  );
}

function inAllLooks(name: string, path: string, standIns?: string): Shot[] {
  return looks.map((look) => ({
    name: `${name}-${look.name}`,
    path,
    look,
    ...(standIns === undefined ? {} : { standIns }),
  }));
}

/** The mail in each language as the outbox shows it, its edition on the web, and the pages that its links lead to. */
async function mailShots(context: BrowserContext, origin: string): Promise<Shot[]> {
  const page = await context.newPage();
  await page.goto(`${origin}/console/outbox`);
  const paths = await page.locator('.mails a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  const standIns = await standInFonts(origin);
  const shots: Shot[] = [];
  for (const path of paths) {
    await page.goto(`${origin}${path}/html`);
    const lang = String(await page.evaluate('document.documentElement.lang'));
    shots.push(...inAllLooks(`mail-${lang}`, `${path}/html`, standIns));
    const links = await page
      .locator('a')
      .evaluateAll((all) => all.map((link) => new URL(String(link.getAttribute('href')))));
    for (const { pathname } of links) {
      const own = /^\/(?:\w\w\/)?(unsubscribe|preferences)\//.exec(pathname)?.[1];
      if (own !== undefined) shots.push(...inAllLooks(`${own}-${lang}`, pathname));
    }
    const edition = /^\/console\/outbox\/weekly-([^/]+)\//.exec(String(path))?.[1];
    if (edition !== undefined) {
      shots.push(...inAllLooks(`edition-${lang}`, `${prefixOf(lang)}/newsletters/weekly/${edition}`, standIns));
    }
  }
  await page.close();
  return shots;
}

function isWanted(name: string): boolean {
  return wanted.every((word) => name.includes(word));
}

function report(name: string): void {
  process.stdout.write(`screenshots/${name}.png\n`);
}

await mkdir(target, { recursive: true });
const data = await mkdtemp(join(tmpdir(), 'silkpost-screenshots-'));
await makeMails(data);
const program = await startProgram(data);
try {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext();
    await signInBeside(data, program.url, context);
    const shots = [...pageShots(), ...(await mailShots(context, program.url))];
    const cookies = await context.cookies();
    for (const shot of shots.filter(({ name }) => isWanted(name))) {
      await take(browser, program.url, shot, cookies);
      report(shot.name);
    }
    await takeConsoleShots({ browser, repository, target, looks, isWanted, onTaken: report });
  } finally {
    await browser.close();
  }
} finally {
  await program.stop();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
}
