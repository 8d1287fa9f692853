export type { ServerOptions, WebServer } from './server.ts';
export { startServer } from './server.ts';
export type {
  OutboxMail,
  ReaderPreferences,
  Readiness,
  UnsubscribeLink,
  WebApp,
  WebArticles,
  WebFeeds,
  WebOutbox,
  WebReaders,
} from './web-app.ts';
export { webAppOf } from './web-app-of.ts';
