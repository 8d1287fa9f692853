import type { Article, FullArticle, LiveCatalog, RenderOrder } from '../content/index.ts';
import type { RenderedAndSet } from '../crew-work.ts';
import type { EntrySource, FeedEntry, FeedItem, SetEntry } from '../feeds/index.ts';

/** Who sets. Results are in the order of what was given. */
export interface EntrySetters {
  set(sources: readonly (FullArticle | FeedEntry)[]): Promise<readonly SetEntry[]>;
  renderAndSet(orders: readonly RenderOrder[]): Promise<readonly RenderedAndSet[]>;
}

/** Sets entries; where an article's text isn't kept yet, it is rendered in the same go. */
export function createEntrySource(catalog: Pick<LiveCatalog, 'withBodies'>, setters: EntrySetters): EntrySource {
  return {
    async set(items) {
      const articles = items.filter(isArticle);
      /** Of articles that were rendered just now, by id. */
      const rendered = new Map<string, SetEntry>();
      const full = await catalog.withBodies(articles, async (orders) => {
        const results = await setters.renderAndSet(orders);
        for (const [index, { article }] of orders.entries()) {
          const set = results[index]?.set;
          if (set) rendered.set(article.id, set);
        }
        return results.map((result) => result.rendered);
      });
      const byId = new Map(articles.map(({ id }, index) => [id, full[index] ?? null]));
      const sources = items.map((item) => (isArticle(item) ? (byId.get(item.id) ?? null) : item));
      const made = new Map<FullArticle | FeedEntry, SetEntry>();
      const unset: (FullArticle | FeedEntry)[] = [];
      for (const source of sources) {
        if (source === null) continue;
        const set = isArticle(source) ? rendered.get(source.id) : undefined;
        if (set) made.set(source, set);
        else unset.push(source);
      }
      const sets = await setters.set(unset);
      for (const [index, source] of unset.entries()) {
        const set = sets[index];
        if (set) made.set(source, set);
      }
      return sources.map((source) => (source === null ? null : (made.get(source) ?? null)));
    },
  };
}

/** Entries say when they were published, articles when they were first seen to be. */
function isArticle(item: FeedItem): item is Article {
  return !('published' in item);
}
