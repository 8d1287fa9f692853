import { type Edition, openEditionStates } from '../../../digest/index.ts';
import type { Html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { getEdition } from '../get-edition.ts';
import { editionHead } from '../html/edition-head.ts';
import { editionTitle } from '../html/edition-title.ts';
import { stateSentence } from '../html/state-sentence.ts';

/** The edition whose content a page is about. */
export interface ComposedPlace {
  readonly edition: Edition;
  readonly title: string;
  readonly head: Html;
  /** Whether what it holds may still be changed, and by this operator. */
  readonly isOpen: boolean;
  readonly mayEdit: boolean;
  /** A path of this edition's, below `/console`. */
  pathOf(rest: string): string;
}

/** @throws AppError `not_found` where there is no such edition. */
export async function getComposed({ composing, site }: ConsoleApp, request: ConsoleRequest): Promise<ComposedPlace> {
  const edition = await getEdition(composing.editions, request);
  const isOpen = edition.frozenAt === null && openEditionStates.includes(edition.state);
  return {
    edition,
    title: editionTitle(site, composing.newsletters, edition),
    head: editionHead(request, edition, 'content', stateSentence(edition, await composing.listTroubles())),
    isOpen,
    mayEdit: isOpen && request.may('editions:edit'),
    pathOf: (rest) => `/editions/${encodeURIComponent(edition.id)}${rest}`,
  };
}
