import { type LetterPosting, sendLink } from '../../../subscribers/index.ts';
import { html } from '../../html/html.ts';
import type { ReaderDeed } from './reader-deed.ts';

const outcomes: Readonly<Record<LetterPosting | 'nobody', string>> = {
  posted: 'The letter with the link leaves now.',
  limited: 'Nothing is sent: they got such a letter within the last day, or three within thirty days.',
  nobody: 'Nothing is sent: no letter reaches this reader.',
};

/** Sends a reader a fresh link to their preferences. */
export const linkDeed: ReaderDeed = {
  name: 'link',
  title: 'Send a link to their preferences',
  button: 'Send the letter',
  isGrave: false,
  isOffered: ({ record }) => record.suppression === null && record.subscriber.state !== 'pending',
  ask: () =>
    html`<p>They get a short letter in their language with a link to the page where they change what they get, or leave. Nobody else sees the link, you neither. One such letter a day, three in thirty days.</p>`,
  plan: ({ record, readers }) => ({
    ok: true,
    after: { letter: 'link' },
    act: async () => outcomes[await sendLink(readers.requests, record.subscriber.id)],
  }),
};
