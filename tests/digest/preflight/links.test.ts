import { describe, expect, it } from 'vitest';
import { publishedCatalog } from '../../../src/content/index.ts';
import { createOwnLinks, lookAtForeignLinks } from '../../../src/digest/index.ts';
import type { OutboundAnswer } from '../../../src/outbound-client.ts';
import { dispatchSite, storyArticle } from '../../support/story-fixtures.ts';

const bridge = storyArticle({
  slug: 'bridge',
  html: '<h2 id="why">Why</h2>',
  aliases: ['/2019/05/bridge', '/?p=12'],
  formerAddresses: ['en/old-bridge'],
  attachments: [{ name: 'map.png', path: 'pictures/map.png', bytes: 10 }],
});
const talks = storyArticle({ slug: 'talks', lang: 'fa' });
const taken = storyArticle({ slug: 'taken', status: 'withdrawn' });
const draft = storyArticle({ slug: 'draft', status: 'draft', publishedAt: null });
const files = new Set([
  '/content/pictures/map.png',
  '/public/articles/bridge/map-640w.png',
  '/templates/img/selvedge.png',
]);

describe('createOwnLinks', () => {
  const articles = [bridge, talks, taken, draft];
  const site = { ...dispatchSite, image: 'logo.png' };
  const look = createOwnLinks({
    site,
    published: publishedCatalog({ articles, problems: [] }, site.languages, '2026-11-27T00:00:00.000Z'),
    withBodies: async (some) => some.map(({ id }) => articles.find((article) => article.id === id) ?? null),
    newsletters: ['weekly'],
    hasEdition: async (newsletter, key) => newsletter === 'weekly' && key === '2026-11-27T0300Z',
    folders: { content: '/content', public: '/public', templates: '/templates' },
    isFile: async (path) => files.has(path),
  });
  const verdictOn = async (path: string) => (await look(site.url + path)).kind;

  it('knows what leads somewhere', async () => {
    for (const path of [
      '',
      '/',
      '/?p=12',
      '/fa/',
      '/articles/bridge',
      '/articles/bridge/?utm=1#why',
      '/articles/bridge#top',
      '/articles/old-bridge',
      '/2019/05/bridge/',
      '/fa/articles/talks',
      '/articles/bridge/map.png',
      '/articles/bridge/map-640w.png',
      '/mail/selvedge.png',
      '/logo.png',
      '/countries/armenia',
      '/fa/countries/armenia/rss.xml',
      '/newsletters',
      '/newsletters/weekly',
      '/hy/newsletters/weekly/atom.xml',
      '/newsletters/weekly/2026-11-27T0300Z',
      '/subscribe',
    ]) {
      expect(await verdictOn(path), path).toBe('alive');
    }
    expect((await look('https://other.test/articles/none')).kind).toBe('alive');
    expect((await look('https://dispatch.example.other.test/none')).kind).toBe('alive');
  });

  it('knows what leads nowhere, and says why', async () => {
    const why = async (path: string) => {
      const verdict = await look(site.url + path);
      return verdict.kind === 'dead' ? verdict.why : verdict.kind;
    };
    expect(await why('/articles/none')).toBe('no published article is there');
    expect(await why('/articles/draft')).toBe('no published article is there');
    expect(await why('/articles/taken')).toBe('that article is withdrawn');
    expect(await why('/articles/talks')).toBe('no published article is there');
    expect(await why('/articles/bridge#wherefore')).toBe('that page has no heading or note “#wherefore”');
    expect(await why('/articles/bridge/none.png')).toBe('no such file is there');
    expect(await why('/mail/../../etc/passwd')).toBe('the site has no such page');
    expect(await why('/mail/none.png')).toBe('the site has no such page');
    expect(await why('/countries/atlantis')).toBe('the site has no such page');
    expect(await why('/newsletters/none')).toBe('there is no such newsletter');
    expect(await why('/newsletters/weekly/2020-01-01T0000Z')).toBe('there is no such edition');
    expect(await why('/no/such/page')).toBe('the site has no such page');
  });
});

describe('lookAtForeignLinks', () => {
  const answers: Readonly<Record<string, OutboundAnswer>> = {
    'https://a.test/1': { kind: 'answered', status: 200 },
    'https://a.test/2': { kind: 'answered', status: 404 },
    'https://a.test/3': { kind: 'answered', status: 410 },
    'https://a.test/4': { kind: 'answered', status: 403 },
    'https://b.test/5': { kind: 'answered', status: 429 },
    'https://c.test/6': { kind: 'answered', status: 503 },
    'https://d.test/7': { kind: 'no_such_host', host: 'd.test' },
    'https://e.test/8': { kind: 'unknown', why: 'it doesn’t answer within 5 seconds' },
  };

  it('takes only 404, 410 and a missing name for dead', async () => {
    const client = {
      look: async (url: string): Promise<OutboundAnswer> => answers[url] ?? { kind: 'unknown', why: '?' },
    };
    const found = await lookAtForeignLinks(Object.keys(answers), { client });
    expect(Object.keys(answers).map((url) => found.get(url)?.kind)).toEqual([
      'alive',
      'dead',
      'dead',
      'unknown',
      'unknown',
      'unknown',
      'dead',
      'unknown',
    ]);
  });

  it('asks each address once, one server for one after the other, and no more than it may', async () => {
    const asked: string[] = [];
    let [atOnce, most, onA, mostOnA] = [0, 0, 0, 0];
    const client = {
      async look(url: string): Promise<OutboundAnswer> {
        asked.push(url);
        atOnce += 1;
        most = Math.max(most, atOnce);
        if (url.includes('a.test')) mostOnA = Math.max(mostOnA, ++onA);
        await new Promise((done) => setImmediate(done));
        atOnce -= 1;
        if (url.includes('a.test')) onA -= 1;
        return { kind: 'answered', status: 200 };
      },
    };
    const urls = [
      'https://a.test/1',
      'https://a.test/2',
      'https://a.test/1',
      ...Array.from({ length: 9 }, (_, n) => `https://h${n}.test/`),
    ];
    const found = await lookAtForeignLinks(urls, { client, most: 10, atOnce: 3 });
    expect(asked).toHaveLength(10);
    expect(new Set(asked).size).toBe(10);
    expect([most, mostOnA]).toEqual([3, 1]);
    expect(found.get('https://h8.test/')).toEqual({
      kind: 'unknown',
      why: 'only the first 10 addresses are asked for',
    });
  });
});
