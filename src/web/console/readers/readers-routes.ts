import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { addByHand, addPage } from './add-page.ts';
import { deedPage, doDeed } from './deed-page.ts';
import { exportPage, exportReaders } from './export-page.ts';
import {
  refusedRows,
  removeImport,
  repeatImport,
  startImport,
  stopImport,
  uploadImport,
  watchImport,
} from './import-acts.ts';
import { importPage } from './import-page.ts';
import { readerDeeds } from './reader-deeds.ts';
import { readerPage } from './reader-page.ts';
import { readersPage } from './readers-page.ts';
import { liftAddress, suppressAddress } from './suppression-acts.ts';
import { suppressionsPage } from './suppressions-page.ts';

type Answer = (app: ConsoleApp, request: ConsoleRequest) => Response | Promise<Response>;

export function readersRoutes(app: ConsoleApp): ConsoleRoute[] {
  const page = (path: string, right: ConsoleRoute['right'], answer: Answer): ConsoleRoute => ({
    method: 'GET',
    path,
    right,
    answer: (request) => answer(app, request),
  });
  const act = (path: string, answer: Answer): ConsoleRoute => ({
    method: 'POST',
    path,
    right: 'readers:edit',
    answer: (request) => answer(app, request),
  });
  return [
    page('/readers', 'readers:view', readersPage),
    page('/readers/add', 'readers:edit', addPage),
    act('/readers/add', addByHand),
    page('/readers/import', 'readers:edit', importPage),
    act('/readers/import', uploadImport),
    act('/readers/import/start', startImport),
    act('/readers/import/again', repeatImport),
    act('/readers/import/stop', stopImport),
    act('/readers/import/remove', removeImport),
    page('/readers/import/progress', 'readers:edit', watchImport),
    page('/readers/import/refused.csv', 'readers:edit', refusedRows),
    page('/readers/export', 'readers:export', exportPage),
    { ...act('/readers/export', exportReaders), right: 'readers:export' },
    page('/suppressions', 'readers:view', suppressionsPage),
    act('/suppressions', suppressAddress),
    act('/suppressions/lift', liftAddress),
    page('/readers/:id', 'readers:view', readerPage),
    ...readerDeeds.flatMap((deed) => [
      page(`/readers/:id/${deed.name}`, 'readers:edit', (_app, request) => deedPage(app, request, deed)),
      act(`/readers/:id/${deed.name}`, (_app, request) => doDeed(app, request, deed)),
    ]),
  ];
}
