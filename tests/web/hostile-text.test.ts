import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FullArticle } from '../../src/content/index.ts';
import { launchBrowser, openWatchedPage } from '../support/browser.ts';
import { articleOf } from '../support/feed-fixtures.ts';
import { payloads } from '../support/payloads.ts';
import { addFeedDocuments, serve, testWebApp, weekly } from '../support/web-app.ts';

/** One article with a payload in every text that an editor writes. */
function hostileArticle(payload: string, index: number): FullArticle {
  const slug = `hostile-${index}`;
  return articleOf({
    slug,
    url: `http://localhost/articles/${slug}`,
    date: `2023-04-0${(index % 9) + 1}T10:00:00.000Z`,
    updated: '2023-04-10T00:00:00.000Z',
    title: payload,
    summary: payload,
    authors: [
      { key: null, name: payload, url: 'javascript:alert(20)' },
      { key: 'ana', name: payload },
    ],
    place: { name: payload },
    image: {
      url: 'https://pictures.invalid/"onerror="alert(21)',
      rasterUrl: null,
      alt: payload,
      caption: payload,
      credit: payload,
    },
    sources: [
      { title: payload, url: 'javascript:alert(22)' },
      { title: payload, url: `https://source.invalid/"><script>alert(23)</script>` },
    ],
    corrections: [{ date: '2023-04-10T00:00:00.000Z', text: payload }],
    countries: ['armenia', payload],
    topics: ['security', payload],
    priority: index % 3 === 0 ? 'brief' : 'normal',
  });
}

describe('text that means harm', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('stays text on every page: no dialog, no report, no request elsewhere', async () => {
    const app = testWebApp({
      articles: payloads.map(hostileArticle),
      site: {
        title: { en: payloads[0] ?? '' },
        description: { en: payloads[1] ?? '' },
        publisher: { name: payloads[1] ?? '', email: payloads[2], address: payloads[3] ?? '' },
        countries: { armenia: { title: { en: payloads[1] ?? '' } } },
        topics: { security: { title: { en: payloads[3] ?? '' } } },
        authors: { ana: { name: payloads[2] ?? '' } },
      },
    });
    addFeedDocuments(app);
    const { url } = await serve({
      ...app,
      newsletters: [{ ...weekly, title: { en: payloads[1] ?? '' } }],
      readers: {
        ...app.readers,
        findPreferences: async (token) => {
          const reader = await app.readers.findPreferences(token);
          return reader && { ...reader, maskedAddress: payloads[1] ?? '' };
        },
      },
    });
    const pages = [
      '/',
      '/fa/',
      ...payloads.map((_payload, index) => `/articles/hostile-${index}`),
      '/countries/armenia',
      '/topics/security',
      '/authors/ana',
      '/feeds',
      '/feeds/select',
      '/feeds/select?author=ana',
      '/newsletters',
      '/newsletters/weekly',
      '/unsubscribe/good-token',
      '/preferences/good-token',
      `/articles/${encodeURIComponent('<script>alert(31)</script>')}`,
      `/unsubscribe/${encodeURIComponent('"><script>alert(32)</script>')}`,
    ];
    const { page, faults, context } = await openWatchedPage(browser);
    const elsewhere: string[] = [];
    await page.route(/evil\.example/, (route) => {
      elsewhere.push(route.request().url());
      return route.abort();
    });
    await page.route(/pictures\.invalid/, (route) => route.fulfill({ contentType: 'image/svg+xml', body: '<svg/>' }));
    for (const path of pages) {
      await page.goto(url + path);
      expect(await page.evaluate('document.scripts.length'), path).toBe(0);
      expect(
        await page.evaluate("document.querySelectorAll('[onerror],[onload],[onfocus],[onmouseover],base').length"),
        path,
      ).toBe(0);
      expect(
        await page.evaluate('[...document.links].filter((a) => !/^(https?|mailto):$/.test(a.protocol)).length'),
        path,
      ).toBe(0);
    }
    expect(faults.filter((fault) => !/status of 404/.test(fault))).toEqual([]);
    expect(elsewhere).toEqual([]);
    await context.close();
  });
});
