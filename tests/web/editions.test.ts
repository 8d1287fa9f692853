import { describe, expect, it } from 'vitest';
import type { FullArticle } from '../../src/content/index.ts';
import {
  type Edition,
  type EditionPieces,
  type EditionState,
  type Piece,
  renderPieces,
  slotMark,
} from '../../src/digest/index.ts';
import { createLocale } from '../../src/i18n/index.ts';
import { editionOf } from '../support/edition-fixtures.ts';
import { rawRequest } from '../support/http.ts';
import { templatesDir } from '../support/story-fixtures.ts';
import { serve, type TestWebApp, testWebApp, weekly } from '../support/web-app.ts';

const both = (text: string): Piece => ({ html: text, text });
const nothing = both('');

function piecesOf(lang: string, stories: readonly string[]): EditionPieces {
  return {
    lang,
    top: both(`<html lang="${lang}"><head><title>Edition</title></head><body>`),
    stories: stories.map((slug) => ({
      storyKey: `tag:dispatch.example,2023:en/${slug}`,
      lang,
      groupKey: 'armenia',
      title: slug,
      summary: slug,
      words: 3,
      sources: [],
      lead: both(`<p>lead ${lang} ${slug}</p>`),
      picture: nothing,
      item: both(`<p>item ${lang} ${slug}</p>`),
      corrections: nothing,
    })),
    besides: [],
    groups: [{ key: 'armenia', open: nothing, separator: nothing, close: nothing }],
    record: { open: nothing, sources: nothing, close: nothing },
    bottom: both(`<!--\uE020--><a href="${slotMark('unsubscribeUrl')}">Unsubscribe</a><!--\uE021--></body></html>`),
  };
}

function addEdition(
  app: TestWebApp,
  state: EditionState,
  pieces: readonly EditionPieces[],
  frozenAt: string | null = '2023-04-07T03:00:00.000Z',
  changes: Partial<Edition> = {},
): void {
  const edition = editionOf({
    id: 'weekly-2023-04-07T0300Z',
    key: '2023-04-07T0300Z',
    state,
    dueAt: '2023-04-07T03:00:00.000Z',
    transport: 'outbox',
    frozenAt,
    ...changes,
  });
  app.sentEditions.push({ edition, pieces });
}

const path = '/newsletters/weekly/2023-04-07T0300Z';
const bothLanguages = [piecesOf('en', ['tehran-talks', 'court']), piecesOf('fa', ['tehran-talks', 'court'])];

describe('/newsletters/NAME/KEY', () => {
  it('shows an edition in the page’s language, without a reader’s links', async () => {
    const app = testWebApp();
    addEdition(app, 'sent', bothLanguages);
    const { url } = await serve(app);
    const english = await rawRequest(url, path);
    expect(english.status).toBe(200);
    expect(english.body.toString()).toContain('lead en tehran-talks');
    expect(english.body.toString()).toContain('item en court');
    expect(english.body.toString()).not.toMatch(/Unsubscribe|[\uE000-\uF8FF]/);
    expect(english.headers['content-security-policy']).not.toContain('script');
    expect((await rawRequest(url, `/fa${path}`)).body.toString()).toContain('lead fa tehran-talks');
  });

  it('leaves out a story that was withdrawn since, and is gone with its last', async () => {
    const app = testWebApp();
    addEdition(app, 'sent', bothLanguages);
    const { url } = await serve(app);
    app.articlesInFolder = app.articlesInFolder.filter(({ slug }) => slug !== 'tehran-talks');
    const page = (await rawRequest(url, path)).body.toString();
    expect(page).toContain('lead en court');
    expect(page).not.toContain('tehran-talks');
    app.articlesInFolder = [];
    expect((await rawRequest(url, path)).status).toBe(410);
  });

  it.each(['draft', 'approved', 'held', 'skipped', 'cancelled'] as const)(
    'doesn’t show one that is %s',
    async (state) => {
      const app = testWebApp();
      addEdition(app, state, bothLanguages, state === 'cancelled' ? undefined : null);
      const { url } = await serve(app);
      expect((await rawRequest(url, path)).status).toBe(404);
      expect((await rawRequest(url, '/newsletters/weekly')).body.toString()).not.toContain(path);
    },
  );

  it('still shows one that is held after it began to go out', async () => {
    const app = testWebApp();
    addEdition(app, 'held', bothLanguages);
    const { url } = await serve(app);
    expect((await rawRequest(url, path)).status).toBe(200);
    expect((await rawRequest(url, '/newsletters/weekly')).body.toString()).toContain(path);
  });

  it('is listed with its newsletter', async () => {
    const app = testWebApp();
    addEdition(app, 'sending', bothLanguages);
    const { url } = await serve(app);
    for (const list of ['/newsletters', '/newsletters/weekly']) {
      expect((await rawRequest(url, list)).body.toString()).toContain(`href="${path}"`);
    }
    expect((await rawRequest(url, '/newsletters/daily')).body.toString()).toContain('No edition has gone out yet.');
  });
});

/** As many editions, a day apart, newest first: the first is of the given day in April. */
function addDays(app: TestWebApp, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const dueAt = new Date(Date.UTC(2023, 3, 9 - index, 3)).toISOString();
    const key = `${dueAt.slice(0, 10)}T0300Z`;
    addEdition(app, 'sent', bothLanguages, dueAt, { id: `weekly-${key}`, key, dueAt });
    return `/newsletters/weekly/${key}`;
  });
}

describe('/newsletters/NAME', () => {
  it('lists editions by their headline and day, thirty on a page, each page with the way to its neighbours', async () => {
    const app = testWebApp();
    const paths = addDays(app, 61);
    const { url } = await serve(app);
    const pageOf = async (path: string) => (await rawRequest(url, path)).body.toString();
    const listed = (page: string) =>
      [...page.matchAll(/href="(\/newsletters\/weekly\/\d[^"]*)"/g)].map((one) => one[1]);
    const first = await pageOf('/newsletters/weekly');
    expect(listed(first)).toEqual(paths.slice(0, 30));
    expect(first).toContain(
      '<span>tehran-talks</span></a><p class="facts-line"><time datetime="2023-04-09T03:00:00.000Z">',
    );
    expect(first).toContain('<link rel="next" href="http://localhost/newsletters/weekly?page=2">');
    expect(first).not.toContain('rel="prev"');
    const second = await pageOf('/newsletters/weekly?page=2');
    expect(listed(second)).toEqual(paths.slice(30, 60));
    expect(second).toContain('<link rel="canonical" href="http://localhost/newsletters/weekly?page=2">');
    expect(second).toContain('<link rel="prev" href="http://localhost/newsletters/weekly">');
    expect(second).toContain('<a class="button" rel="next" href="/newsletters/weekly?page=3">Older</a>');
    expect(second).toContain('hreflang="fa" href="http://localhost/fa/newsletters/weekly?page=2"');
    const last = await pageOf('/newsletters/weekly?page=3');
    expect(listed(last)).toEqual(paths.slice(60));
    expect(last).not.toContain('rel="next"');
    expect(await pageOf('/fa/newsletters/weekly?page=2')).toContain('قدیمی‌تر');
    for (const wrong of ['4', '0', '-1', '02', 'x', '1e3', '']) {
      expect((await rawRequest(url, `/newsletters/weekly?page=${wrong}`)).status, wrong).toBe(404);
    }
  });

  it('names an edition by a headline that may still be read, in the headline’s language, and none of which nothing may', async () => {
    const app = testWebApp();
    addEdition(app, 'sent', [piecesOf('en', ['tehran-talks', 'court'])]);
    const { url } = await serve(app);
    const list = async () => (await rawRequest(url, '/fa/newsletters')).body.toString();
    expect(await list()).toContain('<span lang="en" dir="ltr">tehran-talks</span>');
    app.articlesInFolder = app.articlesInFolder.filter(({ slug }) => slug !== 'tehran-talks');
    expect(await list()).toContain('<span lang="en" dir="ltr">court</span>');
    expect(await list()).not.toContain('tehran-talks');
    app.articlesInFolder = [];
    expect(await list()).not.toContain('2023-04-07T0300Z');
  });
});

/** An edition as it would be frozen, from the real templates. */
async function realPieces(app: TestWebApp): Promise<EditionPieces[]> {
  const stories = app.published().stories.map(({ key, original, byLanguage }) => ({
    key,
    original: fullArticle(app, original.id),
    byLanguage: new Map([...byLanguage].map(([lang, { id }]) => [lang, fullArticle(app, id)])),
  }));
  const order = {
    site: app.site,
    newsletter: weekly,
    edition: { key: '2023-04-07T0300Z', dueAt: '2023-04-07T03:00:00.000Z' },
  };
  return Promise.all(app.site.languages.map((lang) => renderPieces({ ...order, stories, lang, templatesDir })));
}

function fullArticle(app: TestWebApp, id: string): FullArticle {
  const article = app.articlesInFolder.find((one) => one.id === id);
  if (!article) throw new Error(`There is no ${id}.`);
  return article;
}

describe('an edition on the web', () => {
  it('is a page of the site in each language, with nothing in it of any reader', async () => {
    const app = testWebApp();
    addEdition(app, 'sent', await realPieces(app));
    const { url } = await serve(app);
    for (const [lang, prefix] of [
      ['en', ''],
      ['fa', '/fa'],
    ] as const) {
      const answer = await rawRequest(url, prefix + path);
      const page = answer.body.toString();
      expect(page).toContain(`<link rel="canonical" href="http://localhost${prefix}${path}">`);
      expect(page).toContain(`<link rel="alternate" hreflang="en" href="http://localhost${path}">`);
      expect(page).toContain(`<link rel="alternate" hreflang="fa" href="http://localhost/fa${path}">`);
      expect(page).toContain(`href="${prefix}/newsletters/weekly/rss.xml"`);
      expect(page).toContain(
        `<a style="display:inline-block;padding:10px;color:light-dark(#1b4b7e,#94c1ec)" href="${prefix}/newsletters/weekly">`,
      );
      expect(page.match(/<\/?main>/g)).toEqual(['<main>', '</main>']);
      const why = createLocale(lang, 'UTC').t('mail.unsubscribe');
      expect(page).not.toContain(why);
      expect(page).not.toMatch(/unsubscribe|preferences|[\uE000-\uF8FF]|List-|@example/);
      expect(page).not.toContain(
        `href="http://localhost${prefix}${path}"${'>'}${createLocale(lang, 'UTC').t('mail.read_web')}`,
      );
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
      expect(page).not.toMatch(/<img[^>]+(?:width="1"|height="1")/);
    }
  });

  it('names as its address the language that it was written in', async () => {
    const app = testWebApp();
    addEdition(app, 'sent', [piecesOf('en', ['tehran-talks'])]);
    const { url } = await serve(app);
    const page = (await rawRequest(url, `/fa${path}`)).body.toString();
    expect(page).toContain(`<link rel="canonical" href="http://localhost${path}">`);
    expect(page).not.toContain('hreflang="fa"');
  });

  it('says in the page’s language that nothing of it may be read any more', async () => {
    const app = testWebApp({ articles: [] });
    addEdition(app, 'sent', bothLanguages);
    const { url } = await serve(app);
    const answer = await rawRequest(url, `/fa${path}`);
    expect(answer.status).toBe(410);
    expect(answer.body.toString()).toContain('همهٔ مقاله‌های آن پس گرفته شده‌اند.');
  });
});
