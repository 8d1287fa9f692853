import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { addressText } from '../readers/reader-words.ts';
import type { EditionPlace } from './edition-place.ts';

/**
 * What an operator may say of one in doubt; nothing for those who may not send.
 *
 * @param movedTo the address that the reader has now, where it is another one; null where it is the same.
 */
export function doubtButtons(
  { may, consolePath }: ConsoleRequest,
  { pathOf }: Pick<EditionPlace, 'pathOf'>,
  deliveryId: number,
  movedTo: string | null,
): Html | '' {
  if (!may('editions:send')) return nothing;
  return html`<form class="row" method="post" action="${consolePath(pathOf(`/readers/${deliveryId}/settle`))}">
<button class="button" name="word" value="accept">It arrived: count as sent</button>
<button class="button danger" name="word" value="resend">Send again${movedTo === null ? nothing : html` to ${addressText(movedTo)}`}</button></form>
${movedTo === null ? nothing : html`<p class="help">The reader has another address by now: sent again, it goes there.</p>`}`;
}
