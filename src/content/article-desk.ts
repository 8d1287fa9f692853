import type { Instant } from '../clock.ts';
import type { Site } from '../site.ts';
import type { Article } from './article.ts';
import { type ReadResult, type RenderResult, readArticleFile, renderArticleBody } from './article-files.ts';
import { createMarkdownParser } from './markdown/markdown.ts';
import type { ArticleReader } from './open-article.ts';

/** An article whose text is wanted. */
export interface RenderOrder {
  readonly article: Article;
  /** SHA-256 of the Markdown that the article was read with. */
  readonly bodyHash: string;
  /** When it is rendered: what isn't out by then isn't linked. */
  readonly now: Instant;
}

/** Where files are read and texts rendered: in this thread, or in several. Results are in the order of what was given. */
export interface ArticleDesk {
  /** @param paths Relative to `content/`. */
  read(paths: readonly string[], onProgress?: (done: number) => void): Promise<readonly ReadResult[]>;
  render(orders: readonly RenderOrder[]): Promise<readonly RenderResult[]>;
}

/** One file or text at a time, for whoever shares the work out. */
export interface ArticleWork {
  read(path: string): Promise<ReadResult>;
  render(order: RenderOrder): Promise<RenderResult>;
}

export function createArticleWork(site: Site, contentDir: string): ArticleWork {
  const reader: ArticleReader = { site, contentDir, markdown: createMarkdownParser() };
  return {
    read: (path) => readArticleFile(reader, path),
    render: ({ article, bodyHash, now }) => renderArticleBody(reader, article, bodyHash, now),
  };
}
