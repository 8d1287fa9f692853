import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { readerPage } from './reader-page.ts';
import { readersPage } from './readers-page.ts';

export function readersRoutes(app: ConsoleApp): ConsoleRoute[] {
  return [
    { method: 'GET', path: '/readers', right: 'readers:view', answer: (request) => readersPage(app, request) },
    { method: 'GET', path: '/readers/:id', right: 'readers:view', answer: (request) => readerPage(app, request) },
  ];
}
