/** The area's second door: what a thread needs of it, which is little. */
export { createArticleWork, type RenderOrder } from './article-desk.ts';
export type { RenderResult } from './article-files.ts';
