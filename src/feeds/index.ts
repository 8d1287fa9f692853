export * from './feed.ts';
export { listFeeds } from './feed-catalog.ts';
export type { FeedDocument, FeedDocumentStore } from './feed-document.ts';
export type { FeedPress, FeedPressParts, PublishedFeeds } from './feed-press.ts';
export { createFeedPress } from './feed-press.ts';
export { parseForeignFeed } from './foreign-feed.ts';
export type { PictureFiles } from './picture-files.ts';
export { createPictureFiles } from './picture-files.ts';
