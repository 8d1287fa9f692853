import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { type Clock, plusMs, systemClock } from '../../src/clock.ts';
import { readConfig } from '../../src/config/index.ts';
import { totpCode } from '../../src/operators/index.ts';
import { startServer, webAppOf } from '../../src/web/index.ts';
import { launchBrowser, watchPage } from '../support/browser.ts';
import { samplePublication } from '../support/publication-folder.ts';
import { silkpostHere } from '../support/silkpost-command.ts';
import { startSilkpost } from '../support/silkpost-process.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';

const readers = 5000;
/** The web part's: of the minute in which a sending can be taken back it leaves some seconds. */
const slowClock: Clock = { now: () => plusMs(systemClock.now(), -50_000) };
const patient = { timeout: 60_000, interval: 200 };
const password = 'seven quiet looms at dusk';

/** The sample publication two hours before its weekly, with three stories of today and its readers. */
async function newsroom(): Promise<string> {
  const dir = await samplePublication();
  const due = new Date(Date.now() + 2 * 3_600_000);
  const file = join(dir, 'silkpost.yaml');
  const yaml = await readFile(file, 'utf8');
  const weekly = `schedule: ${due.getUTCMinutes()} ${due.getUTCHours()} * * *\n    timezone: UTC\n    approval: other`;
  const rate = '\nmail:\n  rate: 300/s\n';
  await writeFile(file, yaml.replace('schedule: 0 7 * * FRI', weekly).replace('\nmail:\n', rate));
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
  const imported = await silkpostHere([
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
  await page.getByLabel('The code that the app shows now').fill(totpCode(secret, slowClock.now()));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await expect.poll(() => page.getByRole('heading', { level: 1 }).innerText()).toBe('Keep your recovery codes');
  await page.getByRole('link', { name: 'Desk' }).first().click();
}

interface WebPart {
  readonly url: string;
  /** Makes the owner. */
  link(): Promise<string>;
  stop(): Promise<void>;
}

/** The web part, apart from the worker. */
async function openWeb(dir: string, environment: NodeJS.ProcessEnv, port = 0): Promise<WebPart> {
  const app = await openApp(readConfig({ dir, environment }), {
    clock: slowClock,
  });
  await app.rebuild();
  const server = await startServer(webAppOf(app), { host: '127.0.0.1', port });
  let ended: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    ended ??= server.close().then(() => app.close());
    return ended;
  };
  onTestFinished(stop);
  return {
    url: server.url,
    link: async () => `${server.url}/console/welcome/${await app.operatorRoom.desk.makeFirstLink()}`,
    stop,
  };
}

describe('the console', () => {
  it('takes an edition from its draft to its last reader: two operators, a pause, a worker that dies', async () => {
    const dir = await newsroom();
    const sink: SmtpSink = await startSmtpSink({
      script: ({ phase, to }) => (phase === 'dot' && to === 'reader77@courier.test' ? 'drop' : null),
    });
    const environment = { SILKPOST_SMTP_URL: `smtp://127.0.0.1:${sink.relay.port}`, SILKPOST_URL: 'http://localhost' };
    const worker = await startSilkpost(['worker', '--dir', dir], environment);
    const web = await openWeb(dir, environment);
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const faults: string[] = [];
    const at = (path: string): string => `${web.url}/console${path}`;

    // The owner by the first link, and a second operator by hers.
    const ana = await openDesk(browser, faults);
    await welcome(ana, await web.link(), 'Ana', 'ana@courier.test');
    await ana.goto(at('/operators'));
    await ana.getByLabel('Email').fill('bek@courier.test');
    await ana.getByLabel('Role').selectOption('sender');
    await ana.getByRole('button', { name: 'Make a link' }).click();
    const invitation = new URL(await ana.locator('main code').first().innerText()).pathname;
    const bek = await openDesk(browser, faults);
    await welcome(bek, web.url + invitation, 'Bek', null);

    // Ana leaves an article out, looks at the letter in Persian, and can't approve her own work.
    await expect
      .poll(async () => {
        await ana.goto(at('/editions'));
        return ana.getByRole('link', { name: 'The week in the Caucasus' }).count();
      }, patient)
      .toBe(1);
    await ana.getByRole('link', { name: 'The week in the Caucasus' }).click();
    const edition = new URL(ana.url()).pathname.slice('/console'.length).replace(/\/sending$/, '');
    await ana.goto(at(edition));
    await ana
      .getByRole('listitem')
      .filter({ hasText: 'About a harvest' })
      .getByRole('button', { name: 'Leave out' })
      .click();
    await expect.poll(() => ana.getByRole('button', { name: 'Bring back' }).count(), patient).toBe(1);
    await ana.goto(at(`${edition}/preview?lang=fa&as=phone&scheme=dark`));
    const letter = ana.frameLocator('iframe');
    await expect.poll(() => letter.locator('html').getAttribute('dir'), patient).toBe('rtl');
    expect(await letter.locator('body').evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(20, 29, 37)',
    );
    expect(await letter.locator('body').innerText()).toContain('دربارهٔ 1');
    expect(await letter.locator('body').innerText()).not.toContain('دربارهٔ 2');
    await ana.goto(at(`${edition}/preflight`));
    await ana.getByText('It is being looked at').first().waitFor({ state: 'hidden' });
    expect(await ana.getByRole('button', { name: 'Approve' }).count()).toBe(0);

    // Bek approves it and sends it early.
    await bek.goto(at(`${edition}/preflight`));
    await bek.getByText('It is being looked at').first().waitFor({ state: 'hidden' });
    await bek.getByRole('button', { name: 'Approve' }).click();
    await bek.getByText('Approved by').waitFor();
    await bek.goto(at(`${edition}/early`));
    await bek.getByRole('button', { name: 'Send to 5,000 readers' }).click();
    await bek.getByRole('button', { name: 'Undo' }).waitFor();

    // Watched live: nobody reloads the page from here on.
    const progress = async (): Promise<number> =>
      Number(await bek.getByRole('progressbar').getAttribute('aria-valuenow'));
    await expect.poll(progress, patient).toBeGreaterThan(5);
    await bek.getByRole('button', { name: 'Pause' }).click();
    await bek.getByRole('button', { name: 'Resume' }).waitFor();
    const atPause = await settled(sink);
    expect(atPause).toBeLessThan(readers);
    await bek.getByRole('button', { name: 'Resume' }).click();
    await expect.poll(() => sink.received.length, patient).toBeGreaterThan(atPause + 200);

    // The service is started anew; its page finds it again by itself.
    const lost = bek.waitForEvent('console', (message) => message.text().includes('ERR_CONNECTION_REFUSED'));
    await web.stop();
    await lost;
    const atStop = await progress();
    await openWeb(dir, environment, Number(new URL(web.url).port));
    await expect.poll(progress, patient).toBeGreaterThan(atStop);

    // The worker dies in the middle, and another one goes on.
    worker.kill('SIGKILL');
    await worker.ended;
    await startSilkpost(['worker', '--dir', dir], environment);
    await expect.poll(() => bek.locator('.edition-head .state').innerText(), patient).toContain('Sent');

    // All are accounted for: nobody got it twice, and whoever isn't known to have got it is in doubt.
    const got = sink.received.map(({ to }) => to);
    expect(new Set(sink.received.map(({ messageId }) => messageId)).size).toBe(got.length);
    await bek.goto(at(`${edition}/readers`));
    expect(await bek.locator('tfoot').first().innerText()).toMatch(/5,000/);
    await bek.goto(at(`${edition}/doubt`));
    const doubtful = async (): Promise<number> =>
      Number(/\d+/.exec(await bek.getByRole('heading', { name: /^In doubt/ }).innerText())?.[0] ?? 0);
    const before = await doubtful();
    expect(before).toBeGreaterThanOrEqual(1);
    expect(before).toBeLessThanOrEqual(11);
    expect(new Set(got).size).toBeGreaterThanOrEqual(readers - before);
    await bek
      .getByRole('row')
      .filter({ hasText: 'reader77@courier.test' })
      .getByRole('button', { name: 'It arrived' })
      .click();
    if (before > 1) expect(await doubtful()).toBe(before - 1);
    else await bek.getByText('Nobody is in doubt').waitFor();

    // Each step is in the audit log.
    await ana.goto(at('/audit'));
    const log = await ana.locator('main').innerText();
    for (const step of [
      'operators.welcome',
      'operators.add',
      'editions.arrange',
      'editions.approve',
      'editions.send-early',
      'editions.pause',
      'editions.resume',
      'editions.doubt.accept',
    ]) {
      expect(log).toContain(step);
    }
    expect(faults.filter((fault) => !/ERR_(?:CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING)/.test(fault))).toEqual([]);
  }, 300_000);
});

/** How many messages the relay has, once none is on its way any more. */
async function settled(sink: SmtpSink): Promise<number> {
  let last = -1;
  await expect
    .poll(
      () => {
        const before = last;
        last = sink.received.length;
        return last === before;
      },
      { timeout: 30_000, interval: 500 },
    )
    .toBe(true);
  return last;
}
