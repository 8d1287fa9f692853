import { AppError } from '../../../errors.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { seeOther } from '../see-other.ts';
import { getDelivery } from './delivery-page.ts';
import { getPlace } from './edition-place.ts';

/** Settles one in doubt as the button said. */
export async function settleOne(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { after, audit } = app;
  const { edition, pathOf } = await getPlace(app, request);
  const { id } = await getDelivery(app, { edition }, request);
  const word = readWord(await request.form());
  const deed = {
    operator: request.operator,
    action: `editions.doubt.${word}`,
    subject: edition.id,
    before: { delivery: id, state: 'in_doubt' },
    after: { delivery: id, state: word === 'accept' ? 'sent' : 'queued' },
  };
  await audit.around(deed, () => after.settle(edition, id, word));
  const said = word === 'accept' ? 'counts as sent' : 'is sent again, by a running worker or the next silkpost run';
  return seeOther(request, pathOf('/doubt'), `Delivery ${id} ${said}.`);
}

/** @throws AppError `invalid` where it is none of ours. */
export function readWord(fields: URLSearchParams): 'accept' | 'resend' {
  const word = fields.get('word');
  if (word === 'accept' || word === 'resend') return word;
  throw new AppError('invalid', 'Say whether it arrived (accept) or is to be sent again (resend).');
}
