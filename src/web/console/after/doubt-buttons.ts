import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { EditionPlace } from './edition-place.ts';

/** What an operator may say of one in doubt; nothing for those who may not send. */
export function doubtButtons(
  { may, consolePath }: ConsoleRequest,
  { pathOf }: Pick<EditionPlace, 'pathOf'>,
  deliveryId: number,
): Html | '' {
  if (!may('editions:send')) return nothing;
  return html`<form class="row" method="post" action="${consolePath(pathOf(`/readers/${deliveryId}/settle`))}">
<button class="button" name="word" value="accept">It arrived: count as sent</button>
<button class="button danger" name="word" value="resend">Send again</button></form>`;
}
