import type { Article, FullArticle } from '../../src/content/index.ts';
import type { EntrySource } from '../../src/feeds/index.ts';
import { createEntryWork } from '../../src/feeds/work.ts';
import type { Site } from '../../src/site.ts';

/** Sets entries in this thread. Articles come with their texts, as `articleOf` makes them; one without has none. */
export function entrySource(site: Site, renderers?: Parameters<typeof createEntryWork>[1]): EntrySource {
  const work = createEntryWork(site, renderers);
  return {
    set: async (items) => items.map((item) => ('published' in item || isFull(item) ? work.set(item) : null)),
  };
}

export function isFull(article: Article): article is FullArticle {
  return 'html' in article;
}
