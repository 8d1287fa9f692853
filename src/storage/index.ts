export { createArticleStore } from './article-store.ts';
export type { Database } from './database.ts';
export { openDatabase } from './database.ts';
export { createDeliveryLedger } from './delivery-ledger.ts';
export { createEditionStore } from './edition-store.ts';
export { createFeedDocumentStore } from './feed-document-store.ts';
export { createHubPingStore } from './hub-ping-store.ts';
export { createNoticeStore } from './notice-store.ts';
export { createSubscriberStore } from './subscriber-store.ts';
