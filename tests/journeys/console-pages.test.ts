import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consoleAppOf } from '../../src/web/console/console-app-of.ts';
import { consoleRoutes, openRoutes } from '../../src/web/console/console-routes.ts';
import { launchBrowser, watchPage } from '../support/browser.ts';
import { type HostileNewsroom, hostileNewsroom, mailFile } from '../support/hostile-newsroom.ts';
import { keyboardFaults } from '../support/keyboard.ts';
import { payloads } from '../support/payloads.ts';
import { scriptOnlyParts } from '../support/script-only.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Bytes of a page's markup, before it is compressed for the way. */
const largestPage = 60 * 1024;

/** Files, streams, and what is an answer only to a reader who has a letter out. */
const notPages: readonly string[] = [
  '/audit.csv',
  '/readers/export',
  '/readers/import/refused.csv',
  '/editions/:id/sending/events',
];

let browser: Browser;
let newsroom: HostileNewsroom;
/** Every address under `/console` that shows a page of ours. */
let pages: readonly Shown[];
/** Mails as a frame shows them: what is in them is the mail's. */
let mails: readonly Shown[];
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
  closing.push(() => browser.close());
  newsroom = await hostileNewsroom((close) => closing.push(close));
  const shown = await listShown(newsroom);
  const isMail = ({ path }: Shown): boolean => /\/(?:html|mail\?.*)$/.test(path);
  pages = shown.filter((one) => !isMail(one));
  mails = shown.filter(isMail);
});

afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** What stands in the place of the parameters of a route, by its path: each row a page of its own. */
async function examplesOf({
  app,
  sent,
  draft,
  operator,
}: HostileNewsroom): Promise<Readonly<Record<string, readonly string[]>>> {
  const hostile = encodeURIComponent(payloads[0] ?? '');
  const reader = (await app.subscribers.findByEmail('eve@courier.test'))?.subscriber.id ?? 0;
  const deliveries: number[] = [];
  for await (const { id } of app.ledger.listDeliveries(sent.id)) deliveries.push(id);
  const [delivery = 0] = deliveries;
  const ofEach = (below: string): string[] => [sent, draft].map(({ id }) => `/editions/${id}${below}`);
  const ofSent = (below: string): string[] => [`/editions/${sent.id}${below}`];
  const ofDraft = (below: string): string[] => [`/editions/${draft.id}${below}`];
  const ofReader = (below: string): string[] => [`/readers/${reader}${below}`];
  return {
    '/editions/:id': ofEach(''),
    '/editions/:id/preview': ['en', 'fa', 'hy', 'ka'].flatMap((lang) => ofEach(`/preview?lang=${lang}&as=phone`)),
    '/editions/:id/preview/mail': ofEach('/preview/mail?lang=fa&scheme=dark&images=off'),
    '/editions/:id/counted': ofDraft('/counted'),
    '/editions/:id/test': ofDraft('/test'),
    '/editions/:id/skip': ofDraft('/skip'),
    '/editions/:id/preflight': ofEach('/preflight'),
    '/editions/:id/sending': ofEach('/sending'),
    '/editions/:id/cancel': ofSent('/cancel'),
    '/editions/:id/early': ofDraft('/early'),
    '/editions/:id/readers': [...ofEach('/readers'), ...ofSent(`/readers?state=failed&q=${hostile}`)],
    '/editions/:id/readers/:delivery': deliveries.flatMap((id) => ofSent(`/readers/${id}`)),
    '/editions/:id/readers/:delivery/mail': ofSent(`/readers/${delivery}/mail`),
    '/editions/:id/readers/:delivery/mail/html': ofSent(`/readers/${delivery}/mail/html`),
    '/editions/:id/doubt': ofSent('/doubt'),
    '/editions/:id/doubt/all': ofSent('/doubt/all?word=accept'),
    '/editions/:id/missing': ofSent('/missing'),
    '/send': ['/send', `/send?newsletter=weekly&what=alert&article=${hostile}`],
    '/send/confirm': ['/send/confirm?newsletter=weekly&what=alert&article=hostile-0&when=now'],
    '/send/preview': ['/send/preview?newsletter=weekly&what=alert&article=hostile-0&shown=fa&width=phone'],
    '/send/preview/mail': ['/send/preview/mail?newsletter=weekly&what=alert&article=hostile-0&shown=fa'],
    '/readers': ['/readers', `/readers?q=${hostile}`, '/readers?q=e'],
    '/readers/:id': ofReader(''),
    '/readers/:id/link': ofReader('/link'),
    '/readers/:id/pause': ofReader('/pause'),
    '/readers/:id/resume': ofReader('/resume'),
    '/readers/:id/leave': ofReader('/leave'),
    '/readers/:id/readmit': ofReader('/readmit'),
    '/readers/:id/suppress': ofReader('/suppress'),
    '/readers/:id/lift': ofReader('/lift'),
    '/readers/:id/erase': ofReader('/erase'),
    '/articles': ['/articles', `/articles?q=${hostile}`],
    '/articles/:lang/:slug': [
      ...payloads.map((_payload, index) => `/articles/en/hostile-${index}`),
      '/articles/hy/bridge',
    ],
    '/feeds/:lang': ['/feeds/en', '/feeds/fa'],
    '/feeds/:lang/home': ['/feeds/en/home'],
    '/feeds/:lang/:kind/:key': ['/feeds/en/countries/armenia'],
    '/outbox': ['/outbox', `/outbox?q=${hostile}`],
    '/outbox/:folder': ['/outbox/test'],
    '/outbox/:folder/:file': ['wide', 'phone', 'text', 'headers', 'source'].map(
      (as) => `/outbox/test/${encodeURIComponent(mailFile)}?as=${as}`,
    ),
    '/outbox/:folder/:file/html': [`/outbox/test/${encodeURIComponent(mailFile)}/html`],
    '/operators/:id': [`/operators/${operator.id}`],
    '/welcome/:token': [`/welcome/${hostile}`],
    '/sign-in': [`/sign-in?next=${hostile}`],
    '/audit': ['/audit', `/audit?subject=${hostile}&action=${hostile}&operator=${hostile}`],
  };
}

interface Shown {
  readonly path: string;
  /** The first of its route: those after it differ in what they say only. */
  readonly isFirst: boolean;
}

async function listShown(room: HostileNewsroom): Promise<readonly Shown[]> {
  const app = consoleAppOf(room.app);
  const examples = await examplesOf(room);
  return [...consoleRoutes(app), ...openRoutes(app)]
    .filter(({ method, path }) => method === 'GET' && !notPages.includes(path))
    .flatMap(({ path: route }) => {
      const known = examples[route];
      if (known === undefined && route.includes(':')) throw new Error(`Name an example of ${route} in this test.`);
      return (known ?? [route]).map((path, index) => ({ path, isFirst: index === 0 }));
    });
}

describe('every page of the console', () => {
  it('keeps text that means harm as text, and has a way without script for all but live figures', async () => {
    const { context, page } = await newsroom.page(browser, { viewport: { width: 360, height: 800 } });
    const reports = watchPage(page);
    const faults: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      // The mail's own pictures have addresses of the publication's URL.
      const allowed = [newsroom.url, 'http://localhost/mail/', 'data:'];
      if (!allowed.some((start) => url.startsWith(start))) faults.push(`asks for ${url}`);
    });
    for (const { path } of pages) {
      const answer = await page.goto(newsroom.at(path));
      await page.getByText('is being drawn').waitFor({ state: 'hidden' });
      const note = (fault: string): number => faults.push(`${path}: ${fault}`);
      // No link of that name.
      if (answer?.status() !== (path.startsWith('/welcome/') ? 404 : 200)) note(`answers ${answer?.status()}`);
      const body = await answer?.body();
      for (const fault of scriptOnlyParts(String(body))) note(fault);
      const bytes = body?.length ?? 0;
      if (bytes > largestPage) note(`has ${bytes} bytes`);
      await page.evaluate('document.fonts.ready');
      if (!isPart(path) && (await page.evaluate('document.documentElement.scrollWidth > innerWidth')))
        note('is wider than 360 px');
      const moved = String(await page.evaluate(movedParts));
      if (moved !== '') note(`moves ${moved}`);
      const parts = String(await page.evaluate(foreignParts));
      if (parts !== '') note(`has ${parts}`);
      for (const report of reports.splice(0)) if (!/status of 404|CONNECTION_REFUSED/.test(report)) note(report);
    }
    for (const { path } of mails) {
      const shown = async (): Promise<string> => {
        await page.goto(newsroom.at(path));
        return page.content();
      };
      await expect.poll(shown, { timeout: 60_000 }).not.toContain('is being drawn');
      for (const report of reports.splice(0)) if (!/CONNECTION_REFUSED/.test(report)) faults.push(`${path}: ${report}`);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  it('is worked by keyboard: every link, button and field can be reached in its order, and shows that it was', async () => {
    const { context, page } = await newsroom.page(browser, { reducedMotion: 'reduce' });
    const faults: string[] = [];
    const { sent, draft } = newsroom;
    for (const path of [
      '/',
      '/editions',
      `/editions/${draft.id}`,
      `/editions/${draft.id}/preflight`,
      `/editions/${draft.id}/early`,
      `/editions/${sent.id}/sending`,
      `/editions/${sent.id}/doubt`,
      '/send',
      '/readers',
      '/articles',
      '/outbox',
      '/operators',
      '/account',
      '/audit',
    ]) {
      await page.goto(newsroom.at(path));
      // What renews itself is another page then.
      await page
        .getByText(/being (?:counted|looked at|put together)|readers are counted/)
        .first()
        .waitFor({ state: 'hidden' });
      for (const fault of await keyboardFaults(page)) faults.push(`${path}: ${fault}`);
    }
    expect(faults).toEqual([]);
    await context.close();
  });

  it('has no fault that axe knows, light or dark', async () => {
    const { context, page } = await newsroom.page(browser, { bypassCSP: true, reducedMotion: 'reduce' });
    const faults: string[] = [];
    for (const { path } of pages.filter(({ path, isFirst }) => isFirst && !isPart(path))) {
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(newsroom.at(path));
      await page.getByText('is being drawn').waitFor({ state: 'hidden' });
      await page.evaluate(axeSource);
      for (const fault of await axeFaults(page, '{}')) faults.push(`${path}: ${fault}`);
      // All that the dark changes is colours.
      await page.emulateMedia({ colorScheme: 'dark' });
      for (const fault of await axeFaults(page, "{ runOnly: ['color-contrast'] }"))
        faults.push(`${path}, dark: ${fault}`);
    }
    expect(faults).toEqual([]);
    await context.close();
  });
});

/** A part of a page, which htmx puts into it. */
function isPart(path: string): boolean {
  return /^\/desk\/|\/counted$|\/import\/progress$/.test(path);
}

/** Markup that only a payload can have brought. */
const foreignParts = `[...document.querySelectorAll('script:not([src]), [onerror], [onload], [onfocus], [onmouseover], base, iframe[srcdoc], style')].map((e) => e.outerHTML)
  .concat([...document.links].filter((a) => !/^(https?|mailto):$/.test(a.protocol)).map((a) => a.href)).join('\\n')`;

/**
 * What of a page moves without anybody having touched it: letters that are drawn take their place below all else. Asked
 * of what the browser has kept, since a script from the start would be one in the mails’ frames too.
 */
const movedParts = `new Promise((resolve) => {
  const told = (entries) => resolve(entries.filter(({ hadRecentInput }) => !hadRecentInput).flatMap(({ sources }) =>
    sources.map(({ node }) => (node?.outerHTML ?? node?.data ?? '').slice(0, 100))).join(' '));
  const observer = new PerformanceObserver((list) => told(list.getEntries()));
  observer.observe({ type: 'layout-shift', buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(() => told(observer.takeRecords())));
})`;

async function axeFaults(page: Page, options: string): Promise<string[]> {
  return page.evaluate<string[]>(
    `axe.run({ exclude: ['iframe'] }, ${options}).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.html.slice(0, 200)).join(' ')))`,
  );
}
