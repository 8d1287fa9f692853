import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../src/storage/index.ts';
import { launchBrowser, openWatchedPage } from '../support/browser.ts';
import { freePort } from '../support/free-port.ts';
import { samplePublication } from '../support/publication-folder.ts';
import { signInBeside } from '../support/session-beside.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { type RunningSilkpost, startSilkpost } from '../support/silkpost-process.ts';

const reader = 'ann@example.com';
const readerOfAll = 'zoe@example.com';

interface OwnLinks {
  readonly unsubscribe: string;
  readonly preferences: string;
}

interface Newsroom {
  readonly program: RunningSilkpost;
  /** The publication's folder. */
  readonly dir: string;
  readonly url: string;
  /** The edition's mail, as the console's Outbox shows it. */
  readonly letterPath: string;
  readonly links: OwnLinks;
  /** The one link with a button in the newest letter of a kind. */
  letterLink(kind: string): Promise<string>;
  /** Every link of every mail that was written. */
  allLinks(): Promise<string[]>;
  /** What is kept of readers, as text. */
  dump(): Promise<string>;
  /** Sends an edition of all there is, and tells which stories an address got. */
  sendAgain(addresses: readonly string[]): Promise<string[][]>;
}

/** The sample publication with a reader of `weekly`, whose edition lies in the outbox, and the program at work. */
async function openNewsroom(): Promise<Newsroom> {
  const [dir, port] = [await samplePublication(), await freePort()];
  const variables = { SILKPOST_PORT: String(port) };
  await silkpostHere(
    ['subscribers', 'add', reader, '--newsletter', 'weekly', '--newsletter', 'daily', '--dir', dir],
    variables,
  );
  const sent = await silkpostHere(['send', 'weekly', '--since', '2020-01-01', '--yes', '--dir', dir], variables);
  const id = sent.stdout.trim();
  const outbox = join(dir, 'var', 'outbox');
  const textsIn = async (folder: string): Promise<{ name: string; text: string }[]> => {
    const names = (await readdir(join(outbox, folder)).catch(() => [])).filter((name) => name.endsWith('.eml'));
    const read = async (name: string) => ({
      name,
      ...(await simpleParser(await readFile(join(outbox, folder, name)))),
    });
    return (await Promise.all(names.map(read))).map(({ name, text = '' }) => ({ name, text }));
  };
  const [letter = { name: '', text: '' }] = await textsIn(id);
  const linkIn = (text: string, area: string): string =>
    new RegExp(`http://localhost:\\d+/(?:[a-z]{2}/)?${area}/\\S+`).exec(text)?.[0] ?? '';
  const more = ['subscribers', 'add', readerOfAll, '--newsletter', 'weekly', '--lang', 'fa', '--dir', dir];
  await silkpostHere(more, variables);
  const program = await startSilkpost(['start', '--dir', dir], variables);
  return {
    program,
    dir,
    url: program.url,
    letterPath: `/console/outbox/${id}/${encodeURIComponent(letter.name)}`,
    links: { unsubscribe: linkIn(letter.text, 'unsubscribe'), preferences: linkIn(letter.text, 'preferences') },
    async letterLink(kind) {
      const area = kind === 'link' ? 'preferences' : kind;
      const find = async (): Promise<string> => linkIn((await textsIn(kind)).at(-1)?.text ?? '', area);
      await expect.poll(find, { timeout: 20_000 }).not.toBe('');
      return find();
    },
    async allLinks() {
      const texts = (await Promise.all((await readdir(outbox)).map(textsIn))).flat();
      return [...new Set(texts.flatMap(({ text }) => text.match(/http:\/\/localhost\S+/g) ?? []))];
    },
    async dump() {
      const database = await openDatabase(join(dir, 'var', 'silkpost.db'));
      const tables = ['subscriber', 'subscription', 'consent', 'suppression', 'address_change', 'letter'] as const;
      const rows = tables.map((table) => database.selectFrom(table).selectAll().execute());
      const text = JSON.stringify(await Promise.all(rows));
      await database.destroy();
      return text;
    },
    async sendAgain(addresses) {
      const again = ['send', 'weekly', '--since', '2020-01-01', '--again', '--yes', '--dir', dir];
      const texts = await textsIn((await silkpostHere(again, variables)).stdout.trim());
      return addresses.map((address) => {
        const { text } = texts.find(({ name }) => name.endsWith(`-${encodeURIComponent(address)}.eml`)) ?? { text: '' };
        return [...new Set(Array.from(text.matchAll(/\S+\/articles\/([\w-]+)/g), ([, slug = '']) => slug))];
      });
    },
  };
}

/** The line of a sample article's front matter. */
function countriesOf(slug: string): string {
  const folder = new URL('../../content/', import.meta.url);
  const name = readdirSync(folder).find((one) => one.endsWith(`${slug}.md`)) ?? '';
  return /^countries: .*$/m.exec(readFileSync(new URL(name, folder), 'utf8'))?.[0] ?? '';
}

/** Presses the letter's own link, which opens a tab. */
async function followInMail(page: Page, context: BrowserContext, name: string): Promise<Page> {
  const opening = context.waitForEvent('page');
  await page.frameLocator('iframe.mail').getByRole('link', { name }).first().click();
  const tab = await opening;
  await tab.waitForLoadState();
  return tab;
}

describe('a reader with their own links', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('chooses from the letter, leaves by the page, comes back, and takes the feed instead', async () => {
    const room = await openNewsroom();
    const { page, context, faults } = await openWatchedPage(browser, { viewport: { width: 360, height: 740 } });
    onTestFinished(() => context.close());
    await signInBeside(join(room.dir, 'var'), room.url, context);
    await page.goto(room.url + room.letterPath);
    const wishes = await followInMail(page, context, 'Change what you get');
    expect(await wishes.locator('main').textContent()).toContain('a…@example.com');
    await wishes.getByLabel('Choice 1').selectOption('فارسی');
    await wishes.getByLabel('Choice 2').selectOption('English');
    await wishes.getByLabel('Armenia').check();
    await wishes.getByLabel('Iran').check();
    await wishes.getByLabel('How often (The evening dispatch)').selectOption('Once a week, the best of it');
    await wishes.getByRole('button', { name: 'Save' }).click();
    const saved = (await wishes.locator('main').textContent()) ?? '';
    for (const text of ['Your wishes are saved', 'Once a week', 'Armenia and Iran', 'فارسی']) {
      expect(saved).toContain(text);
    }
    await wishes.goBack();
    await wishes.reload();
    expect(await wishes.getByLabel('Choice 1').inputValue()).toBe('fa');
    expect(await wishes.getByLabel('Armenia').isChecked()).toBe(true);
    expect(await wishes.getByLabel('Georgia').isChecked()).toBe(false);
    const [own = [], all = []] = await room.sendAgain([reader, readerOfAll]);
    expect(own.length).toBeGreaterThan(3);
    expect(own.toSorted()).toEqual(all.filter((slug) => /armenia|iran/.test(countriesOf(slug))).toSorted());
    expect(own.length).toBeLessThan(all.length);

    const leaving = await followInMail(page, context, 'Unsubscribe');
    await leaving.getByRole('button', { name: 'Leave this newsletter' }).click();
    expect(await leaving.getByRole('heading', { level: 1 }).textContent()).toBe('You have left');
    await leaving.goto(room.links.unsubscribe);
    await leaving.getByRole('button', { name: 'Bring it back' }).click();
    expect(await leaving.getByRole('heading', { level: 1 }).textContent()).toBe('Welcome back');
    await leaving.goto(room.links.unsubscribe);
    await leaving.getByRole('button', { name: 'Leave all newsletters' }).click();
    await leaving.getByRole('link', { name: 'feed reader' }).click();
    const feed = new URL(leaving.url());
    expect(feed.pathname + feed.search).toBe('/fa/feeds/select?country=armenia,iran');
    expect((await fetch(`${room.url}/fa/feeds/select/rss.xml${feed.search}`)).status).toBe(200);
    expect(faults).toEqual([]);
  }, 120_000);

  it('sees what is kept, moves to another address, and is erased, each by a fresh mail, in no line of the log', async () => {
    const room = await openNewsroom();
    const { page, context } = await openWatchedPage(browser, { acceptDownloads: true });
    onTestFinished(() => context.close());

    await page.goto(room.links.preferences);
    await page.getByRole('button', { name: 'See what is kept about me' }).click();
    await page.goto(await room.letterLink('data'));
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download the file' }).click();
    const file = await readFile((await (await downloading).path()) ?? '', 'utf8');
    expect(JSON.parse(file)).toMatchObject({
      profile: { email: reader },
      deliveries: [{ newsletter: 'weekly', state: 'sent' }],
    });

    await page.goto(room.links.preferences);
    await page.getByRole('button', { name: 'Change my address' }).click();
    await page.goto(await room.letterLink('address'));
    await page.getByLabel('New e-mail address').fill('ann.new@example.com');
    await page.getByRole('button', { name: 'Send the letter' }).click();
    await page.goto(await room.letterLink('new-address'));
    await page.getByRole('button', { name: 'Yes, send them here' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Your address is changed');

    await page.goto(`${room.url}/preferences/old-and-cut`);
    await page.getByLabel('Your e-mail address').fill('ann.new@example.com');
    await page.getByRole('button', { name: 'Send me a fresh link' }).click();
    await page.goto(await room.letterLink('link'));
    await page.getByRole('button', { name: 'Erase me' }).click();
    const erase = await room.letterLink('erase');
    const links = await room.allLinks();
    await page.goto(erase);
    await page.getByRole('button', { name: 'Erase everything about me' }).click();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('You are erased');
    expect(await room.dump()).not.toMatch(/ann(?:\.new)?@/);
    expect(await room.allLinks()).toEqual([]);

    room.program.kill('SIGTERM');
    const { stdout, stderr } = await room.program.ended;
    const tokens = links.flatMap((link) => /\/([\w-]{30,})$/.exec(link)?.[1] ?? []);
    expect(tokens.length).toBeGreaterThanOrEqual(6);
    for (const secret of [...tokens, 'ann@example.com', 'ann.new@example.com']) {
      expect(stdout + stderr).not.toContain(secret.slice(0, 20));
    }
  }, 120_000);

  it('loses nothing to a scanner that opens every link of every mail with scripts on', async () => {
    const room = await openNewsroom();
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    for (const ask of ['address', 'data', 'erase'])
      await fetch(room.links.preferences, { ...form, body: `ask=${ask}` });
    await fetch(await room.letterLink('address'), { ...form, body: 'email=new@example.com' });
    await fetch(`${room.url}/preferences`, { ...form, body: `email=${reader}` });
    for (const kind of ['data', 'erase', 'new-address', 'link']) await room.letterLink(kind);
    await expect.poll(room.dump, { timeout: 20_000 }).not.toContain('"queued"');
    const before = await room.dump();
    const links = await room.allLinks();
    expect(links.length).toBeGreaterThan(10);
    const { context } = await openWatchedPage(browser, { javaScriptEnabled: true, acceptDownloads: true });
    onTestFinished(() => context.close());
    const openLink = async (link: string): Promise<void> => {
      await fetch(link, { method: 'HEAD' });
      const tab = await context.newPage();
      await tab.goto(link, { waitUntil: 'networkidle' });
      await tab.close();
    };
    await Promise.all(links.map(openLink));
    expect(await room.dump()).toBe(before);
    // None is used up either.
    for (const link of links.filter((one) => one.includes('erase'))) expect((await fetch(link)).status).toBe(200);
  }, 120_000);
});
