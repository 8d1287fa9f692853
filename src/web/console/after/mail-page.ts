import { AppError } from '../../../errors.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import { type MailParts, parseMail } from '../../mail-parts.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { mailAnswer, mailFrame } from '../html/mail-frame.ts';
import { getDelivery } from './delivery-page.ts';
import { type EditionPlace, getPlace } from './edition-place.ts';

const shapes = { wide: 'Wide', phone: 'Phone', text: 'Plain text', source: 'Source' } as const;

/** `/console/editions/:id/readers/:delivery/mail`: one reader's copy, made again from what was frozen. */
export async function mailPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getPlace(app, request);
  const { id, mail } = await getMail(app, place, request);
  const path = request.consolePath(place.pathOf(`/readers/${id}/mail`));
  const shape = Object.keys(shapes).find((known) => known === request.query.get('as')) ?? 'wide';
  return consolePage(request, {
    title: place.title,
    section: 'editions',
    main: html`${place.head}<section class="card" aria-labelledby="mail"><header><h2 id="mail" dir="auto">${mail.subject}</h2><p>To <bdi dir="ltr">${mail.to}</bdi></p></header>
<p class="help">Made again from what was frozen. Its links lead to nobody’s subscription, so that nothing happens to the reader here; their name and the signature are left out.</p>
<nav class="acts" aria-label="How it is shown">${Object.entries(shapes).map(
      ([name, title]) =>
        html`<a class="button" href="${path}?as=${name}"${name === shape ? html` aria-current="page"` : nothing}>${title}</a>`,
    )}</nav>
${shown(mail, shape, path)}</section>`,
  });
}

function shown(mail: MailParts, shape: string, path: string): Html {
  if (shape === 'text' || shape === 'source') {
    return html`<pre class="report" dir="auto" tabindex="0">${shape === 'text' ? mail.text : mail.source}</pre>`;
  }
  return mailFrame(`${path}/html`, mail.subject, shape === 'phone' ? 'phone' : 'wide');
}

/** The mail's HTML alone, for the frame: without scripts, forms and our origin. */
export async function mailHtml(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { mail } = await getMail(app, await getPlace(app, request), request);
  return mailAnswer(mail.html);
}

async function getMail(
  app: ConsoleApp,
  { edition }: EditionPlace,
  request: ConsoleRequest,
): Promise<{ id: number; mail: MailParts }> {
  const delivery = await getDelivery(app, { edition }, request);
  const message = await app.after.readerCopy(edition, delivery);
  if (message !== null) return { id: delivery.id, mail: parseMail(message) };
  throw new AppError('not_found', 'There was no mail for this reader, or the reader is erased.');
}
