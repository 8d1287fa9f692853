export * from './feed.ts';
export type { FeedDocument, FeedDocumentRecord, FeedDocumentStore } from './feed-document.ts';
