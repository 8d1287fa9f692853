import { html, nothing } from '../../html/html.ts';
import { field } from '../html/form.ts';
import type { ReaderDeed } from './reader-deed.ts';

/** Forgets who a reader is, for good. */
export const eraseDeed: ReaderDeed = {
  name: 'erase',
  title: 'Erase this reader',
  button: 'Erase for good',
  isGrave: true,
  isOffered: () => true,
  ask: (_reader, form, errors) => html`<p>This can’t be undone.</p>
<h3>What goes</h3>
<ul><li>Address, name and time zone, and the key of the address, from every table</li><li>What is still to be sent to them: it is cancelled. What a relay is just taking arrives</li><li>What servers and providers wrote about them, and copies of mails in the outbox</li></ul>
<h3>What stays</h3>
<ul><li>The sums of every edition, which count them without saying who they were</li><li>What they agreed to, under their number alone, since the law asks you to prove it</li><li>A suppression, as a keyed hash of the address</li><li>Unused parts of the database’s file, until the daily clean-up writes it anew; your backups, until you delete them</li></ul>
${field({ name: 'address', label: 'The reader’s address, to be sure', value: form.get('address') ?? '', errors, required: true })}
<p class="tick"><input type="checkbox" id="keepOut" name="keepOut" value="yes"${form.has('keepOut') ? html` checked` : nothing}><label for="keepOut">They ask never to get mail again: keep a keyed hash of the address, so that nobody can add it</label></p>`,
  plan({ record, email, readers }, form) {
    if ((form.get('address') ?? '').trim().toLowerCase() !== email.toLowerCase()) {
      return { ok: false, errors: { address: `This isn’t the address. Type ${email}.` } };
    }
    const keepOut = form.has('keepOut');
    return {
      ok: true,
      before: { state: record.subscriber.state },
      after: { state: 'erased', keepOut },
      async act() {
        const erased = await readers.eraseReader(record.subscriber.id, { keepOut });
        const { cancelled = 0, mails = 0 } = erased ?? {};
        return `The reader is erased: ${cancelled} mails that were still to go are cancelled, ${mails} copies of mails removed.`;
      },
    };
  },
};
