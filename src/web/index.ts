export { welcomeUrlOf } from './console/door/welcome-url.ts';
export { startServer, type WebServer } from './server.ts';
export type { WebApp } from './web-app.ts';
export { webAppOf } from './web-app-of.ts';
