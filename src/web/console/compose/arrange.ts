import type { ArrangementEdit, ArrangementOutcome } from '../../../digest/index.ts';
import { AppError } from '../../../errors.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { seeOther } from '../see-other.ts';
import { closedPage } from './closed-page.ts';
import { type ComposedPlace, getComposed } from './composed-place.ts';
import { draftContent, type Refusal } from './content-page.ts';
import { storyAnchor } from './story-anchor.ts';

const acts = ['leave_out', 'bring_back', 'pin', 'unpin', 'up', 'down'] as const;

/** Leaves a story out, brings it back, pins or moves it. */
export async function arrangeStory(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const place = await getComposed(app, request);
  const form = await request.form();
  const kind = acts.find((known) => known === form.get('act'));
  const key = form.get('story') ?? '';
  if (kind === undefined) throw new AppError('invalid', 'The page asked for something that is not done with stories.');
  const edited = await arrange(app, request, place, { kind, key }, form.get('revision'));
  return edited ?? seeOther(request, `${place.pathOf('')}#${storyAnchor(key)}`);
}

/** Does one thing to an edition, on record; a page that says why where it can't be done. */
export async function arrange(
  app: ConsoleApp,
  request: ConsoleRequest,
  place: ComposedPlace,
  edit: ArrangementEdit,
  revision: string | null,
  refusal: Refusal = {},
): Promise<Response | null> {
  const { edition } = place;
  const { operator } = request;
  const asked = { edit, revision: Number(revision ?? -1), by: operator.name };
  const deed = { operator, action: 'editions.arrange', subject: edition.id, before: edition.arrangement, after: edit };
  let outcome: ArrangementOutcome | null = null;
  try {
    await app.audit.around(deed, async () => {
      outcome = await app.composing.desk.arrange(edition, asked);
      if (outcome.kind !== 'arranged') throw new Refused();
    });
    return null;
  } catch (error) {
    if (!(error instanceof Refused) || outcome === null) throw error;
    return refuse(app, request, outcome, refusal);
  }
}

/** So that the record says that nothing was changed. */
class Refused extends Error {
  override readonly message = 'It was changed, frozen or called off meanwhile.';
}

async function refuse(
  app: ConsoleApp,
  request: ConsoleRequest,
  outcome: ArrangementOutcome,
  refusal: Refusal,
): Promise<Response> {
  const place = await getComposed(app, request);
  if (outcome.kind === 'closed') return closedPage(app, request, place, refusal.typed);
  return draftContent(app, request, place, {
    ...refusal,
    changes: outcome.kind === 'outdated' ? outcome.changes : [],
    status: 409,
  });
}
