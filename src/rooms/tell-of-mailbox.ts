import type { Clock } from '../clock.ts';
import type { MailboxTrouble } from '../delivery/index.ts';
import type { Notices } from '../operators/index.ts';

/** Failures in a row, each after a longer wait than the last: some ten minutes. */
const lasting = 8;

/**
 * Tells operators of a mailbox that can't be read for so long that it won't go by itself: servers close connections every
 * day. What lasts is one trouble; the next one is told anew.
 */
export function tellOfMailbox(notices: Pick<Notices, 'tell'>, clock: Clock): MailboxTrouble {
  let about = '';
  return (sentence, inARow) => {
    if (inARow < lasting) return;
    if (inARow === lasting) about = clock.now();
    const whatToDo =
      'Look at SILKPOST_IMAP_URL and at the mail server. What arrives there meanwhile is read afterwards.';
    void notices.tell({ kind: 'mailbox', editionId: null, about, sentence, whatToDo });
  };
}
