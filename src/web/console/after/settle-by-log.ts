import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import { getEdition } from '../get-edition.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { doubtPage } from './doubt-page.ts';

/** Settles what the pasted lines of a relay's log tell of. */
export async function settleByLog(app: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const { after, audit } = app;
  const edition = await getEdition(after.editions, request);
  const log = (await request.form()).get('log') ?? '';
  if (log.trim() === '') {
    return refused(doubtPage(app, request, { log, errors: { log: 'Paste the lines of the relay’s log.' } }));
  }
  const { in_doubt: doubtful } = await after.editions.getCounts(edition.id);
  const deed = {
    operator: request.operator,
    action: 'editions.doubt.log',
    subject: edition.id,
    before: { in_doubt: doubtful },
  };
  const { settled, left } = await audit.around(deed, () => after.settleByLog(edition, log.split(/\r?\n/)));
  if (settled.length === 0) {
    const said = `These lines say nothing of the ${left} in doubt. That proves nothing where they don’t reach from before the tries until after them.`;
    return refused(doubtPage(app, request, { log, errors: { log: said } }));
  }
  const taken = settled.filter(({ truth }) => truth === 'sent').length;
  const rest = left === 0 ? '' : ` It says nothing of ${left}.`;
  const notice = `By the log, the relay has taken ${taken} and refused ${settled.length - taken}.${rest}`;
  return seeOther(request, `/editions/${encodeURIComponent(edition.id)}/doubt`, notice);
}
