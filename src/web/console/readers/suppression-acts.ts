import { parseEmailAddress, parseSuppressionReason } from '../../../subscribers/index.ts';
import type { ConsoleApp } from '../console-app.ts';
import type { ConsoleRequest } from '../console-request.ts';
import type { FieldErrors } from '../html/form.ts';
import { refused } from '../refused.ts';
import { seeOther } from '../see-other.ts';
import { readerSubject } from './reader-subject.ts';
import { liftingText, reasonFault } from './suppression-deeds.ts';
import { drawSuppressions } from './suppressions-page.ts';

/** Keeps an address out, whether a reader has it or not. */
export async function suppressAddress({ readers, audit }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const form = await request.form();
  const parsed = parseEmailAddress((form.get('email') ?? '').trim());
  const reason = parseSuppressionReason(form.get('reason') ?? '');
  const errors: FieldErrors = {
    ...(parsed.ok ? {} : { email: parsed.reason }),
    ...(reason === null ? { reason: reasonFault } : {}),
  };
  if (!parsed.ok || reason === null) return refused(drawSuppressions(readers, request, form, errors));
  const { text } = parsed.address;
  const known = await readers.directory.findSuppression(text);
  const deed = { operator: request.operator, action: 'suppressions.add', subject: await readerSubject(readers, text) };
  await audit.around({ ...deed, before: { suppressed: known !== null }, after: { suppressed: true } }, () =>
    readers.store.suppress(text, reason, request.now),
  );
  const said = known === null ? `${text} gets no mail from now on.` : `${text} was suppressed already.`;
  return seeOther(request, '/suppressions', said);
}

/** Lets an address in again; not after a complaint. */
export async function liftAddress({ readers, audit }: ConsoleApp, request: ConsoleRequest): Promise<Response> {
  const form = await request.form();
  const parsed = parseEmailAddress((form.get('address') ?? '').trim());
  if (!parsed.ok) return seeOther(request, '/suppressions', parsed.reason);
  const { text } = parsed.address;
  const deed = { operator: request.operator, action: 'suppressions.lift', subject: await readerSubject(readers, text) };
  const lifting = await audit.around({ ...deed, before: { suppressed: true }, after: { suppressed: false } }, () =>
    readers.store.liftSuppression(text),
  );
  return seeOther(request, '/suppressions', liftingText(lifting));
}
