/** The area's second door: what a thread needs of it, which is little. */
export { createArticleWork } from './article-desk.ts';
