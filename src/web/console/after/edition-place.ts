import type { Edition } from '../../../digest/index.ts';
import type { Html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { getEdition } from '../get-edition.ts';
import { editionHead } from '../html/edition-head.ts';
import { editionTitle } from '../html/edition-title.ts';
import { stateSentence } from '../html/state-sentence.ts';

/** The edition that a page is about, with what every such page shows of it. */
export interface EditionPlace {
  readonly edition: Edition;
  readonly title: string;
  readonly head: Html;
  /** A path of this edition's, below `/console`. */
  pathOf(rest: string): string;
}

/** @throws AppError `not_found` where there is no such edition. */
export async function getPlace({ after, site }: ConsoleApp, request: ConsoleRequest): Promise<EditionPlace> {
  const edition = await getEdition(after.editions, request);
  const relays = await after.listTroubles();
  return {
    edition,
    title: editionTitle(site, after.newsletters, edition),
    head: editionHead(request, edition, 'readers', stateSentence(edition, relays)),
    pathOf: (rest) => `/editions/${encodeURIComponent(edition.id)}${rest}`,
  };
}
