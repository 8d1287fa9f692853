import type { ReaderPreferences } from '../../src/subscribers/index.ts';
import type { WebReaders, WebRequests } from '../../src/web/web-app.ts';

/** What these readers are kept in. */
interface Kept {
  readonly subscriptions: ReadonlyMap<string, Set<string>>;
  readonly leaves: { readonly token: string; readonly scope: string; readonly source: string }[];
}

/** Readers for tests of pages and headers: the owners of the tokens in `subscriptions`, who have chosen nothing yet. */
export function memoryReaders(kept: () => Kept): WebReaders {
  const preferencesOf = (token: string): ReaderPreferences | null => {
    const newsletters = kept().subscriptions.get(token);
    if (newsletters === undefined) return null;
    const wish = { rhythm: 'each', pause: null } as const;
    return {
      subscriberId: 1,
      maskedAddress: 'a…@example.com',
      isSuppressed: false,
      wishes: {
        languages: ['en'],
        countries: [],
        topics: [],
        newsletters: new Map([...newsletters].map((name) => [name, wish])),
      },
      undo: null,
    };
  };
  return {
    async findLeaving(token) {
      const newsletters = kept().subscriptions.get(token);
      if (newsletters === undefined) return null;
      return {
        newsletter: 'weekly',
        isWanted: newsletters.has('weekly'),
        wantsAny: newsletters.size > 0,
        rhythm: 'each',
        undo: null,
        lists: { lang: 'en', countries: [], topics: [] },
        preferencesToken: token,
      };
    },
    async leave(token, scope, source) {
      kept().leaves.push({ token, scope, source });
      if (scope === 'all') kept().subscriptions.get(token)?.clear();
      else kept().subscriptions.get(token)?.delete('weekly');
    },
    slowDown: async (token) => kept().subscriptions.has(token),
    pause: async (token) => (kept().subscriptions.has(token) ? '2023-05-10T00:00:00.000Z' : null),
    undo: async (_purpose, token) => (kept().subscriptions.has(token) ? [] : null),
    findPreferences: async (token) => preferencesOf(token),
    async savePreferences(token) {
      const reader = preferencesOf(token);
      return reader === null ? { kind: 'unknown' } : { kind: 'saved', reader };
    },
  };
}

/** What the same readers ask for; their letters go nowhere. */
export function memoryRequests(kept: () => Pick<Kept, 'subscriptions'>): WebRequests {
  const ownerOf = (token: string) =>
    kept().subscriptions.has(token)
      ? { subscriberId: 1, email: 'ann@example.com', lang: 'en', maskedAddress: 'a…@example.com' }
      : null;
  return {
    askByLetter: async (token) => ownerOf(token),
    askForLink() {},
    findOwner: async (_ask, token) => ownerOf(token),
    askForAddress: async (token) =>
      ownerOf(token) === null ? { kind: 'unknown' } : { kind: 'asked', maskedAddress: 'n…@example.com' },
    findOfferedAddress: async (token) =>
      ownerOf(token) && { changeId: 1, oldMaskedAddress: 'a…@example.com', email: 'new@example.com' },
    changeAddress: async (token) =>
      ownerOf(token) === null ? { kind: 'unknown' } : { kind: 'changed', email: 'new@example.com' },
    readOwnData: async () => null,
    erase: async (token) => ownerOf(token) !== null,
  };
}
