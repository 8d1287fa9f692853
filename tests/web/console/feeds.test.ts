import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openConsole, type TestConsole } from '../../support/console.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { rawRequest } from '../../support/http.ts';
import { smallPublication } from '../../support/publication-folder.ts';

const feedly = 'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 12 subscribers; like FeedFetcher-Google)';

async function openDesk(): Promise<TestConsole & { readonly clock: ReturnType<typeof fixedClock> }> {
  const folder = await smallPublication();
  const article =
    '---\ntitle: Talks\nsummary: What was said.\ndate: 2026-11-20\nstatus: published\ncountries: [armenia]\n---\n\nText.\n';
  await writeFile(join(folder, 'content', 'talks.md'), article);
  const clock = fixedClock('2026-11-27T08:00:00.000Z');
  const desk = await openConsole({ folder, clock });
  await desk.app.rebuild();
  return { ...desk, clock };
}

/** Asks for a feed as programs do, and has what was counted saved. */
async function poll(
  { url, app }: TestConsole,
  path: string,
  agents: readonly string[],
  etag?: string,
): Promise<string> {
  let tag = '';
  for (const agent of agents) {
    const headers = { 'user-agent': agent, ...(etag === undefined ? {} : { 'if-none-match': etag }) };
    tag = String((await rawRequest(url, path, { headers })).headers.etag);
  }
  await app.polls.flush();
  return tag;
}

/** The cells of a feed's row, as text. */
function cells(page: string, path: string): string[] {
  const row = page.split('<tr>').find((one) => one.includes(`href="/console${path}"`)) ?? '';
  return [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) => cell.replace(/<[^>]+>/g, ''));
}

describe('/console/feeds', () => {
  it('lists the feeds of a language with who reads them, as aggregators say and as polls show', async () => {
    const desk = await openDesk();
    desk.clock.set('2026-11-26T08:00:00.000Z');
    const etag = await poll(desk, '/rss.xml', [feedly, 'curl/8']);
    await poll(desk, '/rss.xml', [feedly, 'Feedbin feed-id:7 - 30 subscribers'], etag);
    await poll(desk, '/atom.xml', ['Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 5 subscribers; )']);
    desk.clock.set('2026-11-27T08:00:00.000Z');
    await poll(desk, '/rss.xml', [feedly.replace('12', '14')]);
    const page = (await desk.get('/feeds')).body.toString();
    expect(cells(page, '/feeds/en/home').slice(0, 4)).toEqual(['The Hill Courier', '49', '5', '33 %']);
    expect(cells(page, '/feeds/en/home')[5]).toBe('1');
    expect(cells(page, '/feeds/en/countries/georgia').slice(0, 4)).toEqual(['Georgia', '0', '0', '–']);
    expect(page).toContain('14 days, at most 5 polls, on 26 Nov');
    expect(page).toContain('/console/feeds/en/newsletters/weekly');
    const persian = (await desk.get('/feeds/fa')).body.toString();
    expect(persian).toContain('<a href="/console/feeds/fa/home" lang="fa" dir="rtl">پیک</a>');
    expect(Buffer.byteLength(page)).toBeLessThan(60_000);
  });

  it('shows one feed with its documents and each aggregator, whose name stays text', async () => {
    const desk = await openDesk();
    await poll(desk, '/rss.xml', [feedly, '<script>alert(1)</script> (3 subscribers)']);
    const page = (await desk.get('/feeds/en/home')).body.toString();
    expect(page).toContain('http://localhost/atom.xml');
    expect(page).toContain('15 reported');
    expect(page).toContain('<bdi>&lt;script&gt;alert</bdi>');
    expect(page).not.toContain('<script>alert');
    desk.clock.set('2026-12-05T08:00:00.000Z');
    const { get } = await desk.signIn('viewer');
    expect((await get('/feeds/en/home')).body.toString()).toContain('No aggregator has reported');
  });

  it('saves what was counted when the server ends', async () => {
    const desk = await openDesk();
    await rawRequest(desk.url, '/rss.xml', { headers: { 'user-agent': feedly } });
    await desk.app.polls.close();
    expect(await desk.app.pollStore.listReports(['/rss.xml'], '2026-11-27T00:00:00.000Z')).toHaveLength(1);
  });

  it('knows no feed that isn’t there', async () => {
    const { get } = await openDesk();
    for (const path of ['/feeds/de', '/feeds/en/countries/nowhere', '/feeds/en/home/x', '/feeds/en/toString/x']) {
      expect((await get(path)).status, path).toBe(404);
    }
  });
});
