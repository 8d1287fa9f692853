import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { plusMs, systemClock } from '../../src/clock.ts';
import { launchBrowser, watchPage } from '../support/browser.ts';
import { samplePublication } from '../support/publication-folder.ts';
import { runSilkpost, startSilkpost } from '../support/silkpost-process.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';

const readers = 5000;
const password = 'seven quiet looms at dusk';

/** The sample publication two hours before its weekly, with three stories of today and its readers. */
async function newsroom(): Promise<string> {
  const dir = await samplePublication();
  const due = new Date(Date.now() + 2 * 3_600_000);
  const file = join(dir, 'silkpost.yaml');
  const yaml = await readFile(file, 'utf8');
  const weekly = `schedule: ${due.getUTCMinutes()} ${due.getUTCHours()} * * *\n    timezone: UTC`;
  await writeFile(file, yaml.replace('schedule: 0 7 * * FRI', weekly));
  for (const [index, name] of ['bridge', 'harvest', 'railway'].entries()) {
    const date = plusMs(systemClock.now(), -(index + 1) * 60_000);
    const article = (title: string, lang: string): string =>
      `---\ntitle: ${title}\nsummary: What is known so far.\ndate: ${date}\nlang: ${lang}\ncountries: [georgia]\ntopics: [economy]\n---\n\n${title}.\n`;
    await writeFile(join(dir, 'content', `${name}.md`), article(`About a ${name}`, 'en'));
    await writeFile(join(dir, 'content', `${name}.fa.md`), article(`دربارهٔ ${index + 1}`, 'fa'));
  }
  const rows = Array.from(
    { length: readers },
    (_, index) => `reader${index}@courier.test,${index % 2 === 0 ? 'en' : 'fa'}`,
  );
  await writeFile(join(dir, 'readers.csv'), `email,lang\n${rows.join('\n')}\n`);
  const imported = await runSilkpost([
    'subscribers',
    'import',
    join(dir, 'readers.csv'),
    '--newsletter',
    'weekly',
    '--consent',
    'test',
    '--dir',
    dir,
  ]);
  expect(imported.code, imported.stderr).toBe(0);
  return dir;
}

/** An operator in a browser of their own. */
async function openDesk(browser: Browser, faults: string[]): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const reports = watchPage(page);
  onTestFinished(() => {
    faults.push(...reports);
  });
  return page;
}

/** Sets up password and authenticator by a one-time link, as its page asks; ends on the desk. */
async function welcome(page: Page, link: string, name: string, email: string | null): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your name').fill(name);
  if (email !== null) await page.getByLabel('Email').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Go on' }).click();
  const secret = (await page.locator('code.key').innerText()).replaceAll(' ', '');
  await page.getByLabel('The code that the app shows now').fill(new TOTP({ secret }).generate());
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Keep your recovery codes');
  await page.getByRole('link', { name: 'Desk' }).first().click();
}

describe('the console', () => {
  it('takes an edition from its draft to its last reader: two operators, a pause, a worker that dies', async () => {
    const dir = await newsroom();
    const sink: SmtpSink = await startSmtpSink({
      script: ({ phase, to }) => {
        if (phase !== 'dot') return null;
        return to === 'reader77@courier.test' ? 'drop' : { afterMs: 25 };
      },
    });
    const relay = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}` };
    const web = await startSilkpost(['serve', '--dir', dir], relay);
    const worker = await startSilkpost(['worker', '--dir', dir], relay);
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const faults: string[] = [];
    const link = String((await web.waitFor(({ event }) => event === 'console'))['url']);

    const ana = await openDesk(browser, faults);
    await welcome(ana, link, 'Ana', 'ana@courier.test');
    await ana.goto(`${web.url}/console/operators`);
    await ana.getByLabel('Email').fill('bek@courier.test');
    await ana.getByLabel('Role').selectOption('sender');
    await ana.getByRole('button', { name: 'Make a link' }).click();
    const invitation = await ana.locator('main code').first().innerText();
    const bek = await openDesk(browser, faults);
    await welcome(bek, invitation, 'Bek', null);
    worker.kill('SIGKILL');
    expect(faults).toEqual([]);
  }, 300_000);
});
