export type { Notice, NoticeEvent, NoticeKind } from './notice.ts';
export type { NoticeStore } from './notice-store.ts';
export type { NoticeWebhook } from './notice-webhook.ts';
export { postNotice } from './notice-webhook.ts';
export type { NoticeChannel, Notices } from './notices.ts';
export { createNotices } from './notices.ts';
