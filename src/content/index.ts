export * from './article.ts';
export * from './article-catalog.ts';
export type { ArticleRecord, ArticleStore } from './article-store.ts';
export { mediaTypeOf } from './attachments.ts';
export type { LiveCatalog } from './live-catalog.ts';
export { openLiveCatalog } from './live-catalog.ts';
export type { ContentProblem } from './problem.ts';
export { trueMediaType } from './true-media-type.ts';
export type { CatalogChange } from './watch-content.ts';
