import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRoute } from '../console-route.ts';
import { addByHand, addPage } from './add-page.ts';
import { deedPage, doDeed } from './deed-page.ts';
import { readerDeeds } from './reader-deeds.ts';
import { readerPage } from './reader-page.ts';
import { readersPage } from './readers-page.ts';
import { liftAddress, suppressAddress } from './suppression-acts.ts';
import { suppressionsPage } from './suppressions-page.ts';

export function readersRoutes(app: ConsoleApp): ConsoleRoute[] {
  const page = (path: string, right: ConsoleRoute['right'], answer: typeof readersPage): ConsoleRoute => ({
    method: 'GET',
    path,
    right,
    answer: (request) => answer(app, request),
  });
  const act = (path: string, answer: typeof readersPage): ConsoleRoute => ({
    method: 'POST',
    path,
    right: 'readers:edit',
    answer: (request) => answer(app, request),
  });
  return [
    page('/readers', 'readers:view', readersPage),
    page('/readers/add', 'readers:edit', addPage),
    act('/readers/add', addByHand),
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
