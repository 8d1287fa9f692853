import { type Html, html, nothing } from '../../html/html.ts';
import { ownRefresh } from './own-refresh.ts';

/** In place of a letter that is asked for by itself, where a page says `notDrawnPart`: that asks for it when it is drawn. */
export const notDrawnMail =
  '<!doctype html><html lang="en"><head><title>Not drawn yet</title></head><body><p>The letter is being drawn. <a href="" target="_self">Show it</a></p></body></html>';

/** Where a page shows a letter: `notDrawnPart` is replaced by it. */
export function letterPart(content: Html): Html {
  return html`<div id="letter">${content}</div>`;
}

/**
 * In place of a letter that is being drawn: asks for its page again by itself, without script by a link.
 *
 * @param here path of the page, as links take it.
 * @param top what is known of the letter already.
 */
export function notDrawnPart(here: string, top: Html | '' = nothing): Html {
  return html`<div id="letter" hx-get="${here}" hx-trigger="load delay:500ms" hx-select="#letter" hx-swap="outerHTML"${ownRefresh}>${top}<p role="status">The letter is being drawn … <a href="${here}">Show it</a></p></div>`;
}
