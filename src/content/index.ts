export * from './article.ts';
export * from './article-catalog.ts';
export type { ArticleRecord, ArticleStore } from './article-store.ts';
export type { ContentProblem } from './problem.ts';
