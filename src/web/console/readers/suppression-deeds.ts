import { type Lifting, parseSuppressionReason } from '../../../subscribers/index.ts';
import { html, nothing } from '../../html/html.ts';
import { field } from '../html/form.ts';
import type { ReaderDeed } from './reader-deed.ts';
import { suppressionText } from './reader-words.ts';

/** What a reason may be. */
export const reasonHelp =
  'One line of at most 200 characters, for whoever wonders later. “complaint” can’t be lifted by anybody but the reader.';
export const reasonFault = 'Say why, on one line of at most 200 characters.';

/** Keeps the address out from now on. */
export const suppressDeed: ReaderDeed = {
  name: 'suppress',
  title: 'Suppress this address',
  button: 'Suppress',
  isGrave: true,
  isOffered: ({ record }) => record.suppression === null,
  ask: (
    _reader,
    form,
    errors,
  ) => html`<p>No mail goes to this address from now on, whatever is sent and whoever asks for it; what is queued for it isn’t sent. The reader stays on the lists as they are. What was handed to a relay already arrives.</p>
${field({ name: 'reason', label: 'Why', value: form.get('reason') ?? '', help: reasonHelp, errors, required: true })}`,
  plan({ email, readers, request }, form) {
    const reason = parseSuppressionReason(form.get('reason') ?? '');
    if (reason === null) return { ok: false, errors: { reason: reasonFault } };
    return {
      ok: true,
      before: { suppressed: false },
      after: { suppressed: true },
      async act() {
        await readers.store.suppress(email, reason, request.now);
        return 'The address gets no mail from now on.';
      },
    };
  },
};

/** Lets the address in again. */
export const liftDeed: ReaderDeed = {
  name: 'lift',
  title: 'Lift the suppression',
  button: 'Lift it',
  isGrave: true,
  // A complaint is lifted by the reader’s own new consent alone.
  isOffered: ({ record }) => record.suppression !== null && record.suppression.reason !== 'complaint',
  ask: ({
    record,
  }) => html`<p>It was suppressed because: <b>${suppressionText(record.suppression?.reason ?? '')}</b>.</p>
${
  record.suppression?.reason === 'address_gone'
    ? html`<div class="note"><p>A server said that there is no such address. If that is still so, the next edition comes back too: that counts against you with the reader’s provider, and the address is suppressed again. Lift it only if you know that the address works.</p></div>`
    : nothing
}
<p>From the next edition on it gets what its reader chose, and what came back before counts no more.</p>`,
  plan: ({ email, readers }) => ({
    ok: true,
    before: { suppressed: true },
    after: { suppressed: false },
    act: async () => liftingText(await readers.store.liftSuppression(email)),
  }),
};

/** What came of it, as a sentence. */
export function liftingText(lifting: Lifting): string {
  switch (lifting) {
    case 'lifted':
      return 'The address may get mail again, from the next edition on.';
    case 'none':
      return 'The address wasn’t suppressed; nothing is changed.';
    case 'complaint':
      return 'The reader complained of our mail. Only their own new subscription, confirmed by mail, lifts that; nothing is changed.';
    default:
      return lifting satisfies never;
  }
}

/** Ends a suspension. */
export const readmitDeed: ReaderDeed = {
  name: 'readmit',
  title: 'Lift the suspension',
  button: 'Send mail again',
  isGrave: false,
  isOffered: ({ record }) => record.subscriber.state === 'suspended',
  ask: () =>
    html`<p>Mail to this reader came back on several days, so none is sent for now. From the next edition on it is tried again, and what came back before counts no more.</p>`,
  plan: ({ record, readers }) => ({
    ok: true,
    before: { state: 'suspended' },
    after: { state: 'active' },
    act: async () =>
      (await readers.store.liftSuspension(record.subscriber.id))
        ? 'The reader gets mail again, from the next edition on.'
        : 'The reader wasn’t suspended; nothing is changed.',
  }),
};
