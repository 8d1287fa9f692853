import type { MissingGroup } from '../../../delivery/index.ts';
import { type Html, html, nothing } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { outcomeText, reasonTexts } from '../html/delivery-words.ts';
import { table } from '../html/table.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { confirmPage } from './confirm-page.ts';
import { type EditionPlace, getPlace } from './edition-place.ts';

const numbers = new Intl.NumberFormat('en');

/** `/console/editions/:id/missing`: who would get it if it were sent again to those who didn't. */
export async function missingPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  return ask(app, request, await getPlace(app, request), null);
}

/** How many a retry would send to: exactly, or at most where they are too many to look at each. */
async function countMissing(
  { after }: ConsoleApp,
  { edition }: EditionPlace,
): Promise<{ groups: readonly MissingGroup[] | null; readers: number }> {
  const groups = await after.records.listMissing(edition.id);
  const counts = await after.editions.getCounts(edition.id);
  const readers = groups?.reduce((sum, group) => sum + group.readers, 0) ?? counts.failed + counts.cancelled;
  return { groups, readers };
}

async function ask(
  app: ConsoleApp,
  request: ConsoleRequest,
  place: EditionPlace,
  refusal: string | null,
): Promise<Response> {
  const { groups, readers } = await countMissing(app, place);
  const withdrawn = await app.after.hasWithdrawn(place.edition.id);
  const isOlder = await app.after.isKnownOlder(place.edition);
  const isPaused = place.edition.state === 'paused';
  const who = `${groups === null ? 'up to ' : ''}${readers === 1 ? '1 reader' : `${numbers.format(readers)} readers`}`;
  return confirmPage(request, place, {
    heading:
      readers === 0 ? 'Nobody is missing' : `${isPaused ? 'Queue it for' : 'Send it to'} ${who} who did not get it?`,
    text: html`${groups === null ? html`<p>They are too many to look at each here: whoever has left, is suppressed or erased, or has another address by now, is passed over.</p>` : nothing}
${groups === null || groups.length === 0 ? nothing : groupsTable(groups)}
<p class="help">Those in doubt, and those who have left, are suppressed or have another address by now, are not among them. What went out to the others stays as it is; ${isPaused ? 'the edition is paused and stays so: nothing leaves until somebody resumes it' : 'the edition is open again until its new expiry'}.</p>
${withdrawn ? html`<p class="help">Readers whose copy holds an article that was withdrawn are left out, until it is published again.</p>` : nothing}
${isOlder ? html`<div class="note bad"><p>The database may be older than the last mail: whoever got it since is missing for it, and would get it twice.</p></div>` : nothing}`,
    refusal,
    action: place.pathOf('/missing'),
    fields: { readers: String(readers), ...(isOlder ? { warned: 'yes' } : {}) },
    button: readers === 0 ? 'Look again' : isPaused ? `Queue it for ${who}` : `Send to ${who}`,
    back: place.pathOf('/readers'),
  });
}

function groupsTable(groups: readonly MissingGroup[]): Html {
  return table(
    'Who is missing',
    [{ title: 'What became of them' }, { title: 'Why' }, { title: 'Readers', isNumber: true }],
    groups.map(({ state, reason, readers }) => [
      outcomeText({ state, outcome: null }),
      reason === null ? '–' : reasonTexts[reason],
      numbers.format(readers),
    ]),
  );
}

export async function sendToMissing(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { after, audit } = app;
  const place = await getPlace(app, request);
  const { edition, pathOf } = place;
  await after.noteWithdrawn(edition);
  const { readers } = await countMissing(app, place);
  const form = await request.form();
  if ((await after.mayBeOlder(edition)) && form.get('warned') !== 'yes') {
    return refused(ask(app, request, place, 'Nothing was sent: the database turns out to be in doubt. Look again.'));
  }
  if (readers === 0 || String(readers) !== form.get('readers')) {
    const refusal = readers === 0 ? null : 'Nothing was sent: their number has changed since you were asked.';
    return refused(ask(app, request, place, refusal));
  }
  const deed = { operator: request.operator, action: 'editions.retry', subject: edition.id, after: { readers } };
  const queued = await audit.around(deed, () => after.retryMissing(edition));
  const isPaused = (await after.editions.findEdition(edition.id))?.state === 'paused';
  const notice = isPaused
    ? `It is queued for ${numbers.format(queued)} who did not get it, and still paused: resume it to send it.`
    : `It is being sent to ${numbers.format(queued)} who did not get it, by a running worker or the next silkpost run.`;
  return seeOther(request, pathOf('/sending'), notice);
}
