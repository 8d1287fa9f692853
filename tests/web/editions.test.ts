import { describe, expect, it } from 'vitest';
import type { Edition, EditionPieces, EditionState, Piece } from '../../src/digest/index.ts';
import { slotMark } from '../../src/digest/index.ts';
import { rawRequest } from '../support/http.ts';
import { serve, type TestWebApp, testWebApp } from '../support/web-app.ts';

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
): void {
  const edition: Edition = {
    id: 'weekly-2023-04-07T0300Z',
    newsletter: 'weekly',
    key: '2023-04-07T0300Z',
    state,
    reason: null,
    trigger: 'schedule',
    selection: { since: null, slugs: null },
    dueAt: '2023-04-07T03:00:00.000Z',
    cutoff: null,
    transport: 'outbox',
    createdAt: '2023-04-07T00:00:00.000Z',
    frozenAt,
    finishedAt: null,
    expiresAt: null,
  };
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
