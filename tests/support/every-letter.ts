import type { App } from '../../src/app.ts';
import type { NewLetter } from '../../src/subscribers/index.ts';
import { newReader } from './reader-store.ts';

const newsletters = ['weekly'];

/** A letter of each kind, to be addressed. */
const letters = [
  { kind: 'confirm', payload: { consentId: 1, newsletters } },
  { kind: 'already', payload: { newsletters } },
  { kind: 'welcome', payload: { newsletters, lists: { languages: [], countries: [], topics: [] } } },
  { kind: 'link', payload: {} },
  { kind: 'address', payload: {} },
  { kind: 'new-address', payload: { changeId: 1 } },
  { kind: 'data', payload: {} },
  { kind: 'erase', payload: {} },
] as const satisfies readonly Pick<NewLetter, 'kind' | 'payload'>[];

export const letterKinds = letters.map(({ kind }) => kind);

/** Sends a letter of each kind in each of these languages: `KIND.LANG@example.com` gets it. */
export async function sendEveryLetter(app: App, languages: readonly string[]): Promise<void> {
  const { subscribers, letterRoom, clock } = app;
  for (const lang of languages) {
    for (const letter of letters) {
      const address = `${letter.kind}.${lang}@example.com`;
      await subscribers.addSubscribers([newReader(address, { languages: [lang] })], clock.now());
      const subscriberId = (await subscribers.findByEmail(address))?.subscriber.id ?? 0;
      await letterRoom.desk.post({ ...letter, subscriberId, address, lang });
    }
  }
  await letterRoom.sendDue(new AbortController().signal);
}
