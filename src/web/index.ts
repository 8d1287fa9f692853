export { startServer, type WebServer } from './server.ts';
export type { WebApp } from './web-app.ts';
export { webAppOf } from './web-app-of.ts';
