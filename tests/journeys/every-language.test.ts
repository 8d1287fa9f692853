import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/index.ts';
import { interfaceLanguages } from '../../src/i18n/index.ts';
import { launchBrowser, openWatchedPage } from '../support/browser.ts';
import { closeAfterAll } from '../support/close-after-all.ts';
import { letterKinds, sendEveryLetter } from '../support/every-letter.ts';
import { keyboardFaults } from '../support/keyboard.ts';
import { leftInEnglish, readPageTexts } from '../support/page-texts.ts';
import { samplePublication } from '../support/publication-folder.ts';
import { signInBeside } from '../support/session-beside.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { startSilkpost } from '../support/silkpost-process.ts';
import { createTemporaryFolder } from '../support/temporary-folder.ts';

/** Those that axe looks at: one of each direction, since what it looks for is the same in all. */
const looked = ['en', 'fa'];
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Of the mail's HTML, whose landmarks are a mail program's matter. */
const wcag = "{ exclude: ['iframe'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }";

/** As silkpost.yaml has them, and what an article names. */
const names = [
  'The Caucasus Dispatch',
  'South Caucasus desk',
  'Economy and energy desk',
  'Law and institutions desk',
  'Iran International',
];

const privacyUrl = 'https://dispatch.example/privacy';

interface Letter {
  readonly lang: string;
  readonly outboxPath: string;
  readonly text: string;
  /** Paths of the links for its reader alone. */
  readonly own: readonly string[];
}

interface Newsroom {
  /** The publication's folder. */
  readonly dir: string;
  readonly url: string;
  readonly edition: string;
  readonly letters: readonly Letter[];
  /** Names of the letters' files in the outbox, by address. */
  readonly letterFiles: ReadonlyMap<string, string>;
  /** The path of the one link with a button in the letter of a kind to an address. */
  letterLink(kind: string, address: string): Promise<string>;
}

/** The sample publication with a reader of each language, an edition and a letter of each kind in the outbox. */
async function newsroom(closeLater: (close: () => Promise<void>) => void): Promise<Newsroom> {
  const home = await createTemporaryFolder();
  closeLater(() => home.remove());
  const dir = await samplePublication(home.path);
  const file = join(dir, 'silkpost.yaml');
  const yaml = await readFile(file, 'utf8');
  await writeFile(file, yaml.replace('  image: logo.png', `  privacyUrl: ${privacyUrl}\n  image: logo.png`));
  const rows = interfaceLanguages.map((lang) => `${lang}@example.com,${lang}\n`);
  await writeFile(join(dir, 'readers.csv'), `email,lang\n${rows.join('')}`);
  await silkpostHere(['subscribers', 'import', join(dir, 'readers.csv'), '--consent', 'test', '--dir', dir]);
  const sent = await silkpostHere(['send', 'weekly', '--since', '2020-01-01', '--yes', '--dir', dir]);
  const id = sent.stdout.trim();
  const folder = join(dir, 'var', 'outbox', id);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml'));
  const letters = names.map(async (name): Promise<Letter> => {
    const mail = await simpleParser(await readFile(join(folder, name)));
    const text = mail.text ?? '';
    return {
      lang: String(mail.headers.get('content-language')),
      outboxPath: `/console/outbox/${id}/${encodeURIComponent(name)}/html`,
      text,
      own: [...text.matchAll(/http:\/\/localhost:8080(\/\S*(?:unsubscribe|preferences)\/\S+)/g)].map(
        ([, path = '']) => path,
      ),
    };
  });
  const app = await openApp(readConfig({ dir, environment: {} }));
  await sendEveryLetter(app, interfaceLanguages).finally(() => app.close());
  const letterFiles = new Map<string, string>();
  for (const kind of letterKinds) {
    for (const name of await readdir(join(dir, 'var', 'outbox', kind))) {
      const [, address = ''] = /^\d+-(.+)\.eml$/.exec(name) ?? [];
      if (address !== '') letterFiles.set(decodeURIComponent(address), encodeURIComponent(name));
    }
  }
  const { url } = await startSilkpost(['start', '--dir', dir], {}, closeLater);
  const findLink = async (kind: string, address: string): Promise<string> => {
    const outbox = join(dir, 'var', 'outbox', kind);
    const name = (await readdir(outbox)).find((one) => one.endsWith(`-${encodeURIComponent(address)}.eml`));
    const { text = '' } = name === undefined ? {} : await simpleParser(await readFile(join(outbox, name)));
    return new RegExp(`http://localhost:\\d+(/\\S*${kind}/\\S+)`).exec(text)?.[1] ?? '';
  };
  return {
    dir,
    url,
    edition: id.replace('weekly-', ''),
    letters: await Promise.all(letters),
    letterFiles,
    async letterLink(kind, address) {
      await expect.poll(() => findLink(kind, address), { timeout: 20_000 }).not.toBe('');
      return findLink(kind, address);
    },
  };
}

describe('the sample publication in every language', () => {
  let room: Newsroom;
  let browser: Browser;
  const closeLater = closeAfterAll();
  beforeAll(async () => {
    room = await newsroom(closeLater);
    browser = await launchBrowser();
    closeLater(() => browser.close());
  });

  it('is worked by keyboard: every link and button can be reached in its order, and shows that it was', async () => {
    const { url, letters } = room;
    const faults: string[] = [];
    for (const { lang, own } of letters.filter(({ lang }) => ['en', 'fa'].includes(lang))) {
      const prefix = lang === 'en' ? '' : `/${lang}`;
      const { page, context } = await openWatchedPage(browser, { javaScriptEnabled: true });
      for (const path of [`${prefix}/subscribe`, `${prefix}/newsletters/weekly`, `${prefix}/nowhere`, ...own]) {
        await page.goto(url + path);
        for (const fault of await keyboardFaults(page)) faults.push(`${path}: ${fault}`);
      }
      await context.close();
    }
    expect(faults).toEqual([]);
  }, 200_000);

  it('says everything in the reader’s language, on a phone, light and dark, and asks nobody else for anything', async () => {
    const { dir, url, edition, letters, letterFiles, letterLink } = room;
    expect(letters.map(({ lang }) => lang).toSorted()).toEqual([...interfaceLanguages].toSorted());
    const persian = letters.find(({ lang }) => lang === 'fa')?.text ?? '';
    const mixed = persian.split('\n').filter((line) => /[\u0600-\u06FF]/.test(line) && /[A-Za-z]/.test(line));
    expect(mixed.length).toBeGreaterThan(0);
    for (const { text } of letters) expect(text).toContain(privacyUrl);
    // Latin names are set apart, so that the marks around them stay in their place.
    expect(mixed.filter((line) => /[A-Za-z]/.test(line.replace(/\u2066[^\u2069]*\u2069/g, '')))).toEqual([]);
    const faults: string[] = [];
    for (const [index, lang] of interfaceLanguages.entries()) {
      const colorScheme = index % 2 === 0 ? 'light' : 'dark';
      const viewport = { width: 320, height: 640 };
      const watched = await openWatchedPage(browser, { bypassCSP: true, colorScheme, viewport });
      const { page, context } = watched;
      await signInBeside(join(dir, 'var'), url, context);
      const asked: string[] = [];
      context.on('request', (request) => asked.push(request.url()));
      const prefix = lang === 'en' ? '' : `/${lang}`;
      const letter = letters.find((one) => one.lang === lang);
      const own = letter?.own ?? [];
      expect(own.length).toBeGreaterThanOrEqual(2);
      const paths = [
        ...[
          '/',
          '/articles/tehran-talks',
          '/articles/never',
          '/countries/armenia',
          '/topics/security',
          '/authors/caucasus-desk',
          '/feeds',
          '/feeds/select?country=armenia',
          '/newsletters',
          '/newsletters/weekly',
          `/newsletters/weekly/${edition}`,
          '/unsubscribe/forged',
          '/preferences/forged',
          '/preferences',
          '/subscribe',
          '/confirm/forged',
          '/address/forged',
          '/new-address/forged',
          '/data/forged',
          '/erase/forged',
        ].map((path) => prefix + path),
        letter?.outboxPath ?? '',
        ...own,
      ];
      const lookAt = async (path: string, referrerPolicy: string | undefined, on = page): Promise<void> => {
        const note = (fault: string): number => faults.push(`${path} (${lang}): ${fault}`);
        const isMail = path.endsWith('/html') || path.includes(edition);
        if (referrerPolicy !== 'no-referrer') note('no referrer policy');
        const texts = await readPageTexts(on);
        if (texts.lang !== lang || texts.dir !== (lang === 'fa' ? 'rtl' : 'ltr')) note(`is ${texts.lang} ${texts.dir}`);
        if (lang !== 'en')
          for (const text of leftInEnglish(isMail ? texts.own.slice(2) : texts.own, lang, names))
            note(`in English: ${text}`);
        for (const turn of texts.turns) note(`turns without a language: ${turn}`);
        if ((await on.locator(`a[href="${privacyUrl}"]`).count()) === 0) note('no way to what is done with data');
        const links: string[] = await on
          .locator('a')
          .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
        for (const link of links.filter((one) => /[?&](?:utm_|mc_|ref=)|\/(?:click|track|redirect)/.test(one)))
          note(`rewritten: ${link}`);
        // The mail's own pictures have addresses of the publication's URL.
        const allowed = [url, 'http://localhost:8080/', 'data:'];
        for (const one of asked.filter((one) => !allowed.some((start) => one.startsWith(start)))) note(`asks ${one}`);
        const sheets = asked.filter((one) => /\.(?:css|js)\b/.test(one)).length;
        if (!isMail && sheets !== 1) note(`${sheets} sheets`);
        const dots = await on.evaluate(
          '[...document.images].filter((i) => i.naturalWidth === 1 || i.width === 1).length',
        );
        if (dots !== 0) note('a picture of one pixel');
        await on.evaluate('document.fonts.ready');
        if (await on.evaluate('document.documentElement.scrollWidth > innerWidth')) note('wider than 320 px');
        if (!looked.includes(lang)) return;
        await on.evaluate(axeSource);
        const options = isMail ? wcag : "{ exclude: ['iframe'] }";
        const violations: unknown = await on.evaluate(
          `axe.run(document, ${options}).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 150)).join(' ')))`,
        );
        if (Array.isArray(violations)) for (const violation of violations) note(String(violation));
      };
      const open = async (path: string): Promise<void> => {
        asked.length = 0;
        const answer = await page.goto(url + path);
        await lookAt(path, answer?.headers()['referrer-policy']);
      };
      // Sent back at the end: each client has its share of letters an hour.
      const form = await context.newPage();
      await form.goto(`${url}${prefix}/subscribe`);
      for (const path of paths) await open(path);
      for (const kind of letterKinds) {
        await open(`/console/outbox/${kind}/${letterFiles.get(`${kind}.${lang}@example.com`)}/html`);
      }

      /** Opens a page and looks at what its button leads to. */
      const press = async (path: string, button: string, fill = ''): Promise<void> => {
        await page.goto(url + path);
        if (fill !== '') await page.locator('main input[type=email]').fill(fill);
        asked.length = 0;
        const answering = page.waitForResponse((answer) => answer.request().method() === 'POST');
        await page.locator(`main ${button}`).first().click();
        const answer = await answering;
        await page.waitForLoadState();
        if (answer.status() !== 200) faults.push(`${path} (${lang}): ${answer.status()} after ${button}`);
        await lookAt(`${path} after ${button}`, answer.headers()['referrer-policy']);
      };
      const address = `new.${lang}@example.com`;
      const field = form.locator('main input[type=email]');
      await field.fill(address);
      await form.locator('main input[type=checkbox]').first().check();
      asked.length = 0;
      // One that comes back within two seconds would be shown once more.
      await expect
        .poll(
          async () => {
            await Promise.all([form.waitForEvent('load'), field.press('Enter')]);
            return field.count();
          },
          { timeout: 20_000, interval: 1000 },
        )
        .toBe(0);
      await lookAt(`${prefix}/subscribe after Enter`, 'no-referrer', form);
      await press(await letterLink('confirm', address), 'button.main');
      const [preferences = '', leaving = ''] = ['preferences', 'unsubscribe'].map((area) =>
        own.find((path) => path.includes(`/${area}/`)),
      );
      await press(preferences, 'button.main');
      await press(preferences, 'button[name=ask]');
      await press(`${prefix}/preferences`, 'button.main', address);
      await press(
        await letterLink('address', `address.${lang}@example.com`),
        'button.main',
        `other.${lang}@example.com`,
      );
      await press(await letterLink('erase', `erase.${lang}@example.com`), 'button.main');
      await press(leaving, 'button[value=newsletter]');
      await context.close();
    }
    expect(faults).toEqual([]);
  }, 600_000);
});
