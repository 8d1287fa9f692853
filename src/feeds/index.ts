export * from './feed.ts';
export type { FeedOptions } from './feed-catalog.ts';
export { listFeeds } from './feed-catalog.ts';
export type { FeedDocument, FeedDocumentRecord, FeedDocumentStore } from './feed-document.ts';
export type { FeedPress, FeedPressParts, PublishedFeeds } from './feed-press.ts';
export { createFeedPress } from './feed-press.ts';
export type { PictureFiles, PictureFilesParts, PublishedPictures } from './picture-files.ts';
export { createPictureFiles } from './picture-files.ts';
export type { FeedProblem } from './typeset.ts';
