import type { NoticeEvent, NoticeKind } from '../../../operators/index.ts';
import type { Right } from '../rights.ts';

/** Something that waits for a person. */
export interface Need {
  /** `bad`: readers don't get what they should; `wait`: it can wait for somebody to have time. */
  readonly level: 'bad' | 'wait';
  /** What is the matter: sentences. */
  readonly sentence: string;
  /** What to do about it; null where the place says it. */
  readonly advice: string | null;
  /** Where it is done; null: not in the console. */
  readonly place: NeedPlace | null;
}

export interface NeedPlace {
  /** Below `/console`. */
  readonly path: string;
  /** What a button there says. */
  readonly name: string;
  /** Of those who may go there. */
  readonly right: Right;
}

/** How a notice is put on the desk: with a button instead of a command, where there is a page for it. */
export function needOf({ kind, editionId, sentence, whatToDo }: NoticeEvent): Need {
  const page = editionId === null ? null : pages[kind];
  if (editionId === null || page === null) return { level: 'bad', sentence, advice: whatToDo, place: null };
  const { advice, below, name, right } = page;
  const path = `/editions/${encodeURIComponent(editionId)}${below}`;
  return { level: kind === 'failing' ? 'wait' : 'bad', sentence, advice, place: { path, name, right } };
}

interface EditionPage {
  readonly advice: string;
  /** Below the edition's own page. */
  readonly below: string;
  readonly name: string;
  readonly right: Right;
}

const pages: Readonly<Record<NoticeKind, EditionPage | null>> = {
  held: {
    advice: 'Look at it, then let it go or give it up.',
    below: '/sending',
    name: 'Decide',
    right: 'editions:view',
  },
  paused: {
    advice: 'Mend what they name, then let it go on.',
    below: '/sending',
    name: 'See what they say',
    right: 'editions:view',
  },
  in_doubt: {
    advice: 'None is sent again by itself: say of each whether it arrived.',
    below: '/readers?state=in_doubt',
    name: 'See whose',
    right: 'readers:view',
  },
  failing: {
    advice: 'See what was answered.',
    below: '/readers?state=failed',
    name: 'See whose',
    right: 'readers:view',
  },
  relay: {
    advice: 'It goes on by itself once the relay can be used; at its expiry it is held.',
    below: '/sending',
    name: 'See how far it is',
    right: 'editions:view',
  },
  withdrawn: {
    advice: 'Once it is published again, send to the missing; otherwise send another edition without it.',
    below: '/readers?reason=article_withdrawn',
    name: 'See whose',
    right: 'readers:view',
  },
  no_worker: null,
  closed: null,
  mailbox: null,
  draft: null,
};
