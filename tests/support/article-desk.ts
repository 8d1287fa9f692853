import type { ArticleDesk } from '../../src/content/index.ts';
import { createArticleWork } from '../../src/content/work.ts';
import type { Site } from '../../src/site.ts';

/** Reads and renders in this thread, one file after another. */
export function inlineDesk(site: Site, contentDir: string): ArticleDesk {
  const work = createArticleWork(site, contentDir);
  return {
    read: (paths) => inOrder(paths, work.read),
    render: (orders) => inOrder(orders, work.render),
  };
}

async function inOrder<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
