import {
  findLeavingOffer,
  findPreferences,
  type LeavingDesk,
  leaveByToken,
  type PreferencesDesk,
  pauseByToken,
  readUnsubscribeToken,
  savePreferences,
  slowDownByToken,
  undoLeaving,
} from '../subscribers/index.ts';
import type { WebReaders } from './web-app.ts';

/** What readers do by their own links. */
export function createWebReaders(desk: LeavingDesk & PreferencesDesk): WebReaders {
  const ownerOf = async (purpose: 'unsubscribe' | 'preferences', token: string): Promise<number | null> => {
    if (purpose === 'unsubscribe') return readUnsubscribeToken(desk.keys, token)?.subscriberId ?? null;
    return (await findPreferences(desk, token))?.subscriberId ?? null;
  };
  return {
    findLeaving: (token, scope) => findLeavingOffer(desk, token, scope),
    async leave(token, scope, source) {
      await leaveByToken(desk, token, source, scope);
    },
    slowDown: (token, rhythm) => slowDownByToken(desk, token, rhythm),
    pause: (token, months) => pauseByToken(desk, token, months),
    async undo(purpose, token, leftAt, wording) {
      const subscriberId = await ownerOf(purpose, token);
      return subscriberId === null ? null : undoLeaving(desk, subscriberId, leftAt, wording);
    },
    findPreferences: (token) => findPreferences(desk, token),
    savePreferences: (token, form, wording) => savePreferences(desk, token, form, wording),
  };
}
