import { html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { confirmPage } from './confirm-page.ts';
import { type EditionPlace, getPlace } from './edition-place.ts';
import { readWord } from './settle-one.ts';

/** `/console/editions/:id/doubt/all`: asks whether all in doubt are meant, by their number. */
export async function doubtAllPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getPlace(app, request);
  return ask(app, request, place, readWord(request.query), null);
}

async function ask(
  app: ConsoleApp,
  request: ConsoleRequest,
  place: EditionPlace,
  word: 'accept' | 'resend',
  refusal: string | null,
): Promise<Response> {
  const { in_doubt: readers } = await app.after.editions.getCounts(place.edition.id);
  const isAccept = word === 'accept';
  const moved = isAccept ? 0 : (await app.after.records.listMoved(place.edition.id)).size;
  const who = readers === 1 ? '1 reader' : `${readers} readers`;
  return confirmPage(request, place, {
    heading: isAccept ? `Count ${who} in doubt as sent?` : `Send again to ${who} in doubt?`,
    text: isAccept
      ? html`<p>None of them gets it again. Whoever didn’t get it goes without.</p>`
      : html`<p>Whoever got it already gets it twice.</p>${moved === 0 ? nothing : html`<p>${moved === 1 ? 'One of them has' : `${moved} of them have`} another address by now: it goes there.</p>`}`,
    refusal,
    action: place.pathOf('/doubt/all'),
    fields: { word, readers: String(readers) },
    button: isAccept ? `Count ${who} as sent` : `Send again to ${who}`,
    back: place.pathOf('/doubt'),
  });
}

export async function settleAll(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { after, audit } = app;
  const place = await getPlace(app, request);
  const { edition, pathOf } = place;
  const form = await request.form();
  const word = readWord(form);
  const { in_doubt: readers } = await after.editions.getCounts(edition.id);
  if (String(readers) !== form.get('readers')) {
    const refusal = 'Nothing was done: their number has changed since you were asked.';
    return refused(ask(app, request, place, word, refusal));
  }
  const deed = {
    operator: request.operator,
    action: `editions.doubt.${word}`,
    subject: edition.id,
    before: { in_doubt: readers },
  };
  const settled = await audit.around(deed, () => after.settleAll(edition, word));
  const said = word === 'accept' ? 'count as sent' : 'are sent again, by a running worker or the next silkpost run';
  return seeOther(request, pathOf('/doubt'), `${settled} that were in doubt ${said}.`);
}
