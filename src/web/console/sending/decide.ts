import type { Edition } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import { describeCounts } from '../../../schedule/index.ts';
import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { getEdition } from '../get-edition.ts';
import { consolePage } from '../html/console-page.ts';
import { editionTitle } from '../html/edition-title.ts';
import { seeOther } from '../see-other.ts';
import { countText } from './count-text.ts';
import { openOf } from './progress.ts';

type Deed = 'undo' | 'release' | 'pause' | 'resume' | 'cancel';

/** Does what a button of the page says, and says what came of it; where it is too late, says that. */
export async function decide(app: ConsoleApp, request: ConsoleRequest, deed: Deed): Promise<Response> {
  const edition = await getEdition(app.sending.editions, request);
  const path = `/editions/${encodeURIComponent(edition.id)}/sending`;
  const { operator } = request;
  const before = { state: edition.state, reason: edition.reason };
  try {
    const done = await app.audit.around({ operator, action: `editions.${deed}`, subject: edition.id, before }, () =>
      act(app, request, edition, deed),
    );
    return seeOther(request, path, done);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    return seeOther(request, path, await whyNot(app, edition.id, deed, error));
  }
}

async function act(
  { sending, clock }: ConsoleApp,
  { operator }: ConsoleRequest,
  edition: Edition,
  deed: Deed,
): Promise<string> {
  const { id } = edition;
  switch (deed) {
    case 'undo':
      return (await sending.desk.undo(edition)) === 'draft'
        ? 'Taken back. Nothing of it has left; it is a draft again, for its own time.'
        : 'Taken back. Nothing of it has left, and nothing will.';
    case 'release':
      // Nothing else is let go by it, least of all unapproved.
      if (edition.state !== 'held') throw new AppError('conflict', 'It is not held (any more).');
      await sending.desk.approve(edition, operator);
      return 'It is let go: it goes out within a minute.';
    case 'pause':
      await sending.ledger.pauseEdition(id, 'operator', clock.now());
      return 'Paused. What the relay was answering just then is finished; nothing more begins.';
    case 'resume':
      await sending.desk.resume(edition);
      return 'It is being sent again.';
    case 'cancel': {
      const counts = await sending.ledger.cancelEdition(id, clock.now());
      return `Called off. ${describeCounts(counts)}.`;
    }
    default:
      return deed satisfies never;
  }
}

/** Somebody else, or time, was faster: what is so now. */
async function whyNot({ sending }: ConsoleApp, id: string, deed: Deed, error: AppError): Promise<string> {
  const now = await sending.editions.findEdition(id);
  if (deed === 'undo' && now?.state === 'sending') {
    return 'It is too late to take it back: it has begun to leave. Pause it, or call off the rest.';
  }
  if (deed === 'pause' && now?.state === 'approved') {
    return 'It has not begun, so there is nothing to pause. Undo takes it back.';
  }
  if (deed === 'pause' && now?.state === 'paused') return 'It is paused already.';
  if (deed === 'resume' && now?.state === 'sending') return 'It is being sent already.';
  if (now?.state === 'cancelled') return 'It is called off already.';
  if (now?.state === 'sent') return 'It is sent already: nothing of it waits any more.';
  return error.message;
}

/** Asks first: what is called off can only be sent again to those who didn’t get it. */
export async function cancelPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const edition = await getEdition(app.sending.editions, request);
  const counts = await app.sending.editions.getCounts(edition.id);
  const path = request.consolePath(`/editions/${encodeURIComponent(edition.id)}`);
  const waiting = openOf(counts) + counts.deferred;
  return consolePage(request, {
    title: 'Call it off?',
    section: 'editions',
    main: html`<section class="card"><p><b>${editionTitle(app.site, app.sending.newsletters, edition)}</b></p>
<p>${countText(counts.sent, 'reader')} got it, and keep it. ${countText(waiting, 'reader')} would not get it any more.</p>
<p class="help">To stop it for a while, pause it instead.</p>
<form class="row" method="post" action="${path}/cancel"><button class="button main">Call it off</button><a class="button" href="${path}/sending">Leave it</a></form></section>`,
  });
}
