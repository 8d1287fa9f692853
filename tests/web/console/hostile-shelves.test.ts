import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { launchBrowser, openWatchedPage } from '../../support/browser.ts';
import { openConsole } from '../../support/console.ts';
import { rawRequest } from '../../support/http.ts';
import { payloads } from '../../support/payloads.ts';
import { smallPublication } from '../../support/publication-folder.ts';

/** An article with a payload in every text that an editor writes, one that is broken by it, and a mail full of it. */
async function writeHostile(folder: string, payload: string, index: number): Promise<void> {
  const text = JSON.stringify(payload);
  const fields = ['title', 'summary', 'slug', 'countries', 'priority', payload];
  const good = `title: ${text}\nsummary: ${text}\ndate: 2026-11-0${(index % 9) + 1}\nauthors: [{ name: ${text} }]\nplace: { name: ${text} }\nsources: [{ title: ${text} }]\ncorrections: [{ date: 2026-11-20, text: ${text} }]\n${text}: 1`;
  const broken = fields.map((field) => `${JSON.stringify(field)}: ${text}`).join('\n');
  await writeFile(join(folder, 'content', `good-${index}.md`), `---\n${good}\nstatus: published\n---\n\n${payload}\n`);
  await writeFile(join(folder, 'content', `broken-${index}.md`), `---\n${broken}\n---\n\n${payload}\n`);
  const outbox = join(folder, 'var', 'outbox', 'test');
  await mkdir(outbox, { recursive: true });
  const mail = `To: ${payload}\r\nSubject: ${payload}\r\nX-Note: ${payload}\r\nContent-Type: text/html\r\n\r\n<html><head></head><body>${payloads.join('')}</body></html>`;
  await writeFile(join(outbox, `a${index}-x.eml`), mail);
  await writeFile(join(outbox, `a${index}-x.json`), JSON.stringify({ [payload]: payload }));
}

it('shows hostile articles, mails and user agents as the text they are', async () => {
  const folder = await smallPublication();
  for (const [index, payload] of payloads.entries()) await writeHostile(folder, payload, index);
  const desk = await openConsole({ folder });
  await desk.app.rebuild();
  for (const payload of payloads) {
    await rawRequest(desk.url, '/rss.xml', {
      headers: { 'user-agent': `${payload.replace(/[/(;]/g, ' ')} (3 subscribers)` },
    });
  }
  await desk.app.polls.flush();
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const { page, faults, context } = await openWatchedPage(browser);
  await context.addCookies([
    { name: 'silkpost-session', value: desk.cookie.slice('silkpost-session='.length), url: `${desk.url}/console` },
  ]);
  const elsewhere: string[] = [];
  await page.route(/^https:\/\/evil\.example/, (route) => {
    elsewhere.push(route.request().url());
    return route.abort();
  });
  const mails = payloads.map((_payload, index) => `/outbox/test/a${index}-x.eml`);
  const typed = payloads.map((payload) => encodeURIComponent(payload));
  const paths = [
    '/articles',
    '/articles/problems',
    ...payloads.map((_payload, index) => `/articles/en/good-${index}`),
    ...typed.map((payload) => `/articles?q=${payload}&lang=${payload}&after=${payload}`),
    '/feeds',
    '/feeds/en/home',
    ...typed.map((payload) => `/outbox/test?q=${payload}&folders=${payload}&after=${payload}`),
    ...mails.flatMap((mail) => ['headers', 'text', 'source'].map((shape) => `${mail}?as=${shape}`)),
  ];
  for (const path of paths) {
    const answer = await page.goto(desk.at(path));
    expect(answer?.status(), path).toBe(200);
    expect(await page.evaluate('document.querySelectorAll(\'script:not([src^="/assets/"])\').length'), path).toBe(0);
    expect(
      await page.evaluate("document.querySelectorAll('[onerror],[onload],[onfocus],[onmouseover],base').length"),
      path,
    ).toBe(0);
    expect(
      await page.evaluate('[...document.links].filter((a) => !/^(https?|mailto):$/.test(a.protocol)).length'),
      path,
    ).toBe(0);
  }
  expect(faults).toEqual([]);
  expect(elsewhere).toEqual([]);
  // A mail may show pictures from elsewhere, as in a mail program; running anything, or taking one away, it may not.
  for (const path of mails.slice(0, 2).flatMap((mail) => [mail, `${mail}/html`])) await page.goto(desk.at(path));
  expect(faults.filter((fault) => fault.startsWith('dialog'))).toEqual([]);
  expect(new URL(page.url()).origin).toBe(desk.url);
}, 120_000);
