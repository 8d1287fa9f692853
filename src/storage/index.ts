export type { Database } from './database.ts';
export { openDatabase } from './database.ts';
export { createFeedDocumentStore } from './feed-document-store.ts';
