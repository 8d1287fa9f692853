import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import type { EditionPlace } from './edition-place.ts';

export interface Confirmation {
  readonly heading: string;
  /** What happens, to how many. */
  readonly text: Html;
  /** Why the last answer was not taken; null: it is asked for the first time. */
  readonly refusal: string | null;
  /** Where it is posted, below `/console`. */
  readonly action: string;
  /** What is sent with it, by name. */
  readonly fields: Readonly<Record<string, string>>;
  /** What the button says. */
  readonly button: string;
  /** Where one goes who thinks better of it, below `/console`. */
  readonly back: string;
}

/** Asks before something that can't be taken back. */
export function confirmPage(request: ConsoleRequest, place: EditionPlace, asked: Confirmation): Promise<Response> {
  const { consolePath } = request;
  return consolePage(request, {
    title: place.title,
    section: 'editions',
    main: html`${place.head}<section class="card" aria-labelledby="sure"><header><h2 id="sure">${asked.heading}</h2></header>
${asked.refusal === null ? nothing : html`<div class="note bad" role="alert"><p>${asked.refusal}</p></div>`}
${asked.text}
<form class="row" method="post" action="${consolePath(asked.action)}">${Object.entries(asked.fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button class="button main">${asked.button}</button><a class="button" href="${consolePath(asked.back)}">Leave it</a></form></section>`,
  });
}
