import { describe, expect, it } from 'vitest';
import type { LiveCatalog } from '../../src/content/index.ts';
import type { FeedItem } from '../../src/feeds/index.ts';
import { createEntryWork } from '../../src/feeds/work.ts';
import { createEntrySource } from '../../src/rooms/entry-source.ts';
import { articleOf, entryOf, siteOf } from '../support/feed-fixtures.ts';

const entries = createEntryWork(siteOf());
const kept = articleOf({ slug: 'kept' });
const fresh = articleOf({ slug: 'fresh' });
const lost = articleOf({ slug: 'lost' });
const edition = entryOf({ id: 'urn:edition' });

/** A source over a catalog that keeps one text, renders another and can't read a third; with what was asked of the crew. */
function trialSource() {
  const asked: { readonly kind: string; readonly items: readonly unknown[] }[] = [];
  const catalog: Pick<LiveCatalog, 'withBodies'> = {
    async withBodies(articles, render = async () => []) {
      const missing = articles.filter(({ id }) => id !== kept.id);
      const results = await render(missing.map((article) => ({ article, bodyHash: '', now: kept.date })));
      return articles.map((article) => {
        const html = article.id === kept.id ? kept.html : (results[missing.indexOf(article)]?.html ?? null);
        return html === null ? null : { ...article, html };
      });
    },
  };
  const source = createEntrySource(catalog, {
    set: async (sources) => {
      asked.push({ kind: 'set', items: sources });
      return sources.map(entries.set);
    },
    renderAndSet: async (orders) => {
      asked.push({ kind: 'renderAndSet', items: orders });
      return orders.map(({ article }) => {
        const html = article.id === lost.id ? null : fresh.html;
        const rendered = { html, problems: [] };
        return { rendered, set: html === null ? null : entries.set({ ...article, html }) };
      });
    },
  });
  return { source, asked };
}

describe('where a feed’s entries come from', () => {
  it('sets what is kept, renders and sets the rest in one go, and has nothing for what can’t be read', async () => {
    const { source, asked } = trialSource();
    const items: readonly FeedItem[] = [lost, edition, fresh, kept];
    const sets = await source.set(items);
    expect(sets).toEqual([null, entries.set(edition), entries.set(fresh), entries.set(kept)]);
    expect(asked.map(({ kind, items: some }) => [kind, some.length])).toEqual([
      ['renderAndSet', 2],
      ['set', 2],
    ]);
  });
});
