import { AppError } from '../../../errors.ts';
import { html } from '../../html/html.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { consolePage } from '../html/console-page.ts';
import { seeOther } from '../see-other.ts';
import { getComposed } from './composed-place.ts';

/** `/console/editions/:id/skip`: asks before an edition is left out. */
export async function skipPage(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { title, head, isOpen, pathOf } = await getComposed(app, request);
  if (!isOpen)
    throw new AppError('conflict', 'This edition has begun to go out, or is over: there is nothing to skip.');
  return consolePage(request, {
    title,
    section: 'editions',
    main: html`${head}<section class="card" aria-labelledby="skip"><header><h2 id="skip">Skip this one?</h2></header>
<p>Nobody gets this edition. Its stories stay new: the next edition takes them, as far as they have room in it. What was arranged here is not handed on.</p>
<form method="post" action="${request.consolePath(pathOf('/skip'))}"><div class="acts"><button class="button danger">Skip it</button><a href="${request.consolePath(pathOf(''))}">Back</a></div></form></section>`,
  });
}

export async function skip(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { edition, pathOf } = await getComposed(app, request);
  const { operator } = request;
  const deed = { operator, action: 'editions.skip', subject: edition.id, before: edition.state, after: 'skipped' };
  await app.audit.around(deed, () => app.composing.desk.skip(edition));
  return seeOther(request, pathOf(''), 'It is skipped: nobody gets this edition.');
}
